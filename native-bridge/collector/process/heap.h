// What one process's heap looks like now: live table, pyramid, sites, threads' and overall figures, kept in step.
// Entry: allocate, release, restore, called by the order room; the parts, read by the service.
// Must hold: liveBytes = sum of the live blocks' sizes (sampled: of their weights) = sum over the sites.
// Threads: one owner at a time (the process's mutex).
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "labels/label_sets.h"
#include "labels/pools.h"
#include "pyramid/pyramid.h"
#include "sites/site_table.h"
#include "table/contexts.h"
#include "table/live_table.h"

namespace heapatlas::collector {

struct HeapTotals {
  std::uint64_t allocations = 0;
  std::uint64_t releases = 0;
  std::int64_t liveBytes = 0;
  double liveCount = 0;  // whole but for sampled programs
  std::uint64_t peakBytes = 0;
  std::uint64_t peakNanos = 0;
  double variance = 0;        // sampled: of liveBytes
  std::uint64_t refused = 0;  // allocations that the table's memory limit kept out
};

class Heap {
 public:
  explicit Heap(std::uint64_t memoryLimit = ~0ull)
      : table_(memoryLimit), pyramid_(table_), pools_(contexts_, memoryLimit) {}

  // The id of who allocates, for allocate.
  // labels: an index of labels().
  std::uint32_t context(std::uint32_t node, std::uint32_t thread, std::uint32_t labels, float sampleMean) {
    return contexts_.intern({node, thread, labels, sampleMean}, [this](Context& fresh) {
      fresh.site = sites_.indexOf(fresh.node);
      if (fresh.labels != 0) fresh.labelledSite = labelledSites_.indexOf(fresh.node, fresh.labels);
    });
  }
  // False, and nothing changed, when a live block begins there.
  bool allocate(std::uint64_t address, std::uint64_t size, std::uint32_t contextId, std::uint64_t nanos) {
    const Inserted inserted = insert(address, size, Entry::make(contextId, size, nanos));
    if (inserted == Inserted::Occupied) return false;
    ++totals_.allocations;
    if (inserted == Inserted::NoMemory) {
      ++totals_.refused;
      return true;
    }
    account(size, contexts_[contextId], nanos);
    return true;
  }
  // Empty, and nothing changed, when no live block begins there.
  std::optional<LiveBlock> release(std::uint64_t address) {
    const std::optional<LiveBlock> block = take(address);
    if (block) ++totals_.releases;
    return block;
  }
  // Nothing is known to be live any more. What was counted in total stays.
  void forget();
  // Undoes a release (a realloc that failed): neither an allocation nor a release happened.
  bool restore(const LiveBlock& block);

  // ---- For the replay, which also gets the figures from elsewhere.
  // A block that lived before its process's allocations were counted.
  void adopt(const LiveBlock& block);
  // The table alone: what is counted stays.
  bool place(const LiveBlock& block) { return insert(block.address, block.size, block.entry) == Inserted::Yes; }
  std::optional<LiveBlock> displace(std::uint64_t address) {
    const std::optional<LiveBlock> block = table_.remove(address);
    if (block) pyramid_.occupy(address, block->size, -1);
    return block;
  }
  // As new, but for the contexts, sites and labels, whose numbers stay.
  void reset();
  SiteTable& sites() { return sites_; }
  SiteTable& labelledSites() { return labelledSites_; }
  [[gnu::always_inline]] void prefetchPage(std::uint64_t address) const { table_.prefetchPage(address); }
  [[gnu::always_inline]] void prefetchEntries(std::uint64_t address) const { table_.prefetchEntries(address); }

  LiveTable& table() { return table_; }
  const LiveTable& table() const { return table_; }
  Pyramid& pyramid() { return pyramid_; }
  const SiteTable& sites() const { return sites_; }
  const SiteTable& labelledSites() const { return labelledSites_; }
  // The sites of what carries a label, with the figures of that alone. kind: an index of LabelNames.
  SiteTable sitesOfLabel(std::size_t kind, std::uint32_t name) const;
  const Contexts& contexts() const { return contexts_; }
  LabelSets& labels() { return labels_; }
  const LabelSets& labels() const { return labels_; }
  Pools& pools() { return pools_; }
  const Pools& pools() const { return pools_; }
  HeapTotals& totals() { return totals_; }
  const HeapTotals& totals() const { return totals_; }

 private:
  struct Weight {
    std::uint64_t bytes;
    double count;
    double variance;
  };
  // How many bytes and blocks a sampled one stands for. Depends on nothing but its arguments, so that a release takes
  // away exactly what the allocation added.
  static Weight weightOf(std::uint64_t size, float mean);
  Inserted insert(std::uint64_t address, std::uint64_t size, Entry entry) {
    const Inserted inserted = table_.insert(address, size, entry);
    if (inserted == Inserted::Yes) pyramid_.occupy(address, size, 1);
    return inserted;
  }
  void account(std::uint64_t size, const Context& context, std::uint64_t nanos) {
    const auto second = static_cast<std::uint32_t>(nanos / 1'000'000'000);
    Weight weight{size, 1, 0};
    if (context.sampleMean > 0) [[unlikely]] {
      weight = weightOf(size, context.sampleMean);
      totals_.variance += weight.variance;
    }
    sites_.allocated(context.site, weight.bytes, weight.count, second);
    if (context.labels != 0) [[unlikely]] {
      labelledSites_.allocated(context.labelledSite, weight.bytes, weight.count, second);
      labels_.allocated(context.labels, weight.bytes, weight.count, second);
    }
    totals_.liveBytes = wrappedSum(totals_.liveBytes, weight.bytes);
    totals_.liveCount += weight.count;
    if (totals_.liveBytes > static_cast<std::int64_t>(totals_.peakBytes)) {
      totals_.peakBytes = static_cast<std::uint64_t>(totals_.liveBytes);
      totals_.peakNanos = nanos;
    }
  }
  std::optional<LiveBlock> take(std::uint64_t address) {
    std::optional<LiveBlock> block = displace(address);
    if (!block) return block;
    const Context& context = contexts_[block->entry.context()];
    Weight weight{block->size, 1, 0};
    if (context.sampleMean > 0) [[unlikely]] {
      weight = weightOf(block->size, context.sampleMean);
      totals_.variance -= weight.variance;
    }
    sites_.released(context.site, weight.bytes, weight.count);
    if (context.labels != 0) [[unlikely]] {
      labelledSites_.released(context.labelledSite, weight.bytes, weight.count);
      labels_.released(context.labels, weight.bytes, weight.count);
    }
    totals_.liveBytes = wrappedDifference(totals_.liveBytes, weight.bytes);
    totals_.liveCount -= weight.count;
    return block;
  }

  LiveTable table_;
  Pyramid pyramid_;
  SiteTable sites_;
  SiteTable labelledSites_;  // told apart by their labels; only those that have some
  Contexts contexts_;
  LabelSets labels_;
  Pools pools_;
  HeapTotals totals_;
};

}  // namespace heapatlas::collector
