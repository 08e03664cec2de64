// Figures over time: a point each 100 ms, older ones at ever coarser steps, so that memory is bounded.
// Entry: Series::add, called by the drain; points, called for a Series request.
// Must hold: times ascend; at most kMaxPoints are kept.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heapatlas::collector {

struct SeriesPoint {
  std::uint64_t nanos = 0;
  std::uint64_t liveBytes = 0;
  std::uint64_t liveAllocations = 0;
  std::uint64_t allocations = 0;  // ever
  std::uint64_t releases = 0;     // ever
  std::uint64_t rssBytes = 0;
  std::uint32_t threads = 0;  // that ran; 0: not known
};

class Series {
 public:
  static constexpr std::uint64_t kStepNanos = 100'000'000;
  static constexpr std::size_t kMaxPoints = 8192;

  void add(const SeriesPoint& point);
  bool due(std::uint64_t nanos) const { return points_.empty() || nanos >= points_.back().nanos + kStepNanos; }
  // At most count points of [from, to], evenly chosen, the first and last of the range among them. to = 0: to the end.
  std::vector<SeriesPoint> points(std::uint64_t from, std::uint64_t to, std::size_t count) const;
  // The point before a given one, for rates; the same one when it is the first.
  SeriesPoint previous(const SeriesPoint& point) const;
  std::span<const SeriesPoint> all() const { return points_; }
  // Those behind a time.
  std::span<const SeriesPoint> after(std::uint64_t nanos) const;

 private:
  std::vector<SeriesPoint> points_;
};

}  // namespace heapatlas::collector
