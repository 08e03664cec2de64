// Figures of each allocation site (a stack node): live now, in total, and over the last second.
// Entry: allocated and released, called by Heap for every event; top, called for Sites and Summarize.
// Must hold: liveBytes and liveCount are the sums over the live table's blocks of this site (sampled: of their
// weights).
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace heapatlas::collector {

// Sums of sizes that another process wrote: they may be anything, and must not be undefined.
constexpr std::int64_t wrappedSum(std::int64_t sum, std::uint64_t bytes) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + bytes);
}
constexpr std::int64_t wrappedDifference(std::int64_t sum, std::uint64_t bytes) { return wrappedSum(sum, 0 - bytes); }

struct SiteFigures {
  std::uint32_t node = 0;
  std::uint32_t second = 0;  // that thisSecond counts
  std::int64_t liveBytes = 0;
  double liveCount = 0;  // whole numbers but for sampled programs; exact up to 2^53
  std::uint64_t totalBytes = 0;
  double totalCount = 0;
  double thisSecond = 0;
  double lastSecond = 0;
};

enum class SiteOrder { LiveBytes, LiveAllocations, TotalAllocations, Rate, TotalBytes };

class SiteTable {
 public:
  SiteTable() { indexOf(0); }

  std::uint32_t indexOf(std::uint32_t node);
  void allocated(std::uint32_t site, std::uint64_t bytes, double count, std::uint32_t second) {
    SiteFigures& s = sites_[site];
    s.liveBytes = wrappedSum(s.liveBytes, bytes);
    s.liveCount += count;
    s.totalBytes += bytes;
    s.totalCount += count;
    if (s.second != second) roll(s, second);
    s.thisSecond += count;
  }
  void released(std::uint32_t site, std::uint64_t bytes, double count) {
    SiteFigures& s = sites_[site];
    s.liveBytes = wrappedDifference(s.liveBytes, bytes);
    s.liveCount -= count;
  }
  void forgetLive() {
    for (SiteFigures& site : sites_) {
      site.liveBytes = 0;
      site.liveCount = 0;
    }
  }
  // Allocations a second over the last one, at a time in nanoseconds.
  static double rate(const SiteFigures& site, std::uint64_t nanos);
  const std::vector<SiteFigures>& all() const { return sites_; }
  // Indices of the count best after the first offset ones, best first; ascending: the least are the best.
  std::vector<std::uint32_t> top(SiteOrder order, std::size_t offset, std::size_t count, std::uint64_t nanos,
                                 bool ascending = false) const;

 private:
  static void roll(SiteFigures& site, std::uint32_t second);

  std::vector<SiteFigures> sites_;
  absl::flat_hash_map<std::uint32_t, std::uint32_t> byNode_;
};

}  // namespace heapatlas::collector
