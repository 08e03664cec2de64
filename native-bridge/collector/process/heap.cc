// See heap.h.
#include "process/heap.h"

namespace heapatlas::collector {

Heap::Weight Heap::weightOf(std::uint64_t size, float mean) {
  const auto bytes = static_cast<double>(size == 0 ? 1 : size);
  const double probability = -std::expm1(-bytes / static_cast<double>(mean));
  const double count = 1 / probability;
  const double variance = bytes * bytes * (1 - probability) / (probability * probability);
  return {static_cast<std::uint64_t>(std::llround(bytes * count)), count, variance};
}

void Heap::forget() {
  table_.clear();
  pyramid_.clear();
  sites_.forgetLive();
  labelledSites_.forgetLive();
  labels_.forgetLive();
  pools_.forgetLive();
  totals_.liveBytes = 0;
  totals_.liveCount = totals_.variance = 0;
}

void Heap::adopt(const LiveBlock& block) {
  if (place(block)) account(block.size, contexts_[block.entry.context()], block.entry.nanos());
}

void Heap::reset() {
  table_.clear();
  pyramid_.clear();
  sites_.reset();
  labelledSites_.reset();
  labels_.reset();
  pools_.reset();
  totals_ = {};
}

bool Heap::restore(const LiveBlock& block) {
  if (insert(block.address, block.size, block.entry) != Inserted::Yes) return false;
  // account() would count the site's total again: the totals go back by what it adds.
  const Context& context = contexts_[block.entry.context()];
  Weight weight{block.size, 1, 0};
  if (context.sampleMean > 0) {
    weight = weightOf(block.size, context.sampleMean);
    totals_.variance += weight.variance;
  }
  sites_.released(context.site, 0 - weight.bytes, -weight.count);
  if (context.labels != 0) {
    labelledSites_.released(context.labelledSite, 0 - weight.bytes, -weight.count);
    labels_.released(context.labels, 0 - weight.bytes, -weight.count);
  }
  totals_.liveBytes = wrappedSum(totals_.liveBytes, weight.bytes);
  totals_.liveCount += weight.count;
  --totals_.releases;
  return true;
}

SiteTable Heap::sitesOfLabel(std::size_t kind, std::uint32_t name) const {
  SiteTable sites;
  for (const SiteFigures& site : labelledSites_.all()) {
    if (site.labels != 0 && labels_[site.labels].names[kind] == name) sites.add(sites.indexOf(site.node), site);
  }
  return sites;
}

}  // namespace heapatlas::collector
