// Figures of each allocation site (a stack node): live now, in total, and over the last second.
// Entry: allocated and released, called by Heap for every event; top, called for Sites and Summarize.
// Must hold: liveBytes and liveCount are the sums over the live table's blocks of this site (sampled: of their
// weights).
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "sites/figures.h"

namespace heapatlas::collector {

struct SiteFigures : Figures {
  std::uint32_t node = 0;
  std::uint32_t labels = 0;  // where sites are told apart by their labels: an index of LabelSets
};

enum class SiteOrder { LiveBytes, LiveAllocations, TotalAllocations, Rate, TotalBytes };

class SiteTable {
 public:
  SiteTable() { indexOf(0); }

  std::uint32_t indexOf(std::uint32_t node, std::uint32_t labels = 0);
  void allocated(std::uint32_t site, std::uint64_t bytes, double count, std::uint32_t second) {
    sites_[site].allocated(bytes, count, second);
  }
  void released(std::uint32_t site, std::uint64_t bytes, double count) { sites_[site].released(bytes, count); }
  void add(std::uint32_t site, const Figures& figures) { sites_[site].add(figures); }
  void forgetLive() {
    for (SiteFigures& site : sites_) site.forgetLive();
  }
  // Nothing is counted any more; the sites keep their indices.
  void reset() {
    for (SiteFigures& site : sites_) static_cast<Figures&>(site) = {};
  }
  void set(std::uint32_t site, const Figures& figures) { static_cast<Figures&>(sites_[site]) = figures; }
  const std::vector<SiteFigures>& all() const { return sites_; }
  // Indices of the count best after the first offset ones, best first; ascending: the least are the best.
  std::vector<std::uint32_t> top(SiteOrder order, std::size_t offset, std::size_t count, std::uint64_t nanos,
                                 bool ascending = false) const;

 private:
  std::vector<SiteFigures> sites_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> byKey_;
};

}  // namespace heapatlas::collector
