// See series.h.
#include "series/series.h"

#include <algorithm>

namespace heapatlas::collector {

void Series::add(const SeriesPoint& point) {
  if (!points_.empty() && point.nanos <= points_.back().nanos) {
    const std::uint64_t nanos = points_.back().nanos;
    points_.back() = point;
    points_.back().nanos = nanos;
    return;
  }
  points_.push_back(point);
  if (points_.size() <= kMaxPoints) return;
  // Every second point of the older half goes; repeated, that leaves steps that double with age.
  std::size_t kept = 1;
  const std::size_t half = points_.size() / 2;
  for (std::size_t i = 2; i < points_.size(); ++i) {
    if (i >= half || i % 2 == 0) points_[kept++] = points_[i];
  }
  points_.resize(kept);
}

std::vector<SeriesPoint> Series::points(std::uint64_t from, std::uint64_t to, std::size_t count) const {
  const auto byTime = [](const SeriesPoint& p, std::uint64_t t) { return p.nanos < t; };
  const auto first = std::lower_bound(points_.begin(), points_.end(), from, byTime);
  auto last = to == 0 ? points_.end() : std::lower_bound(first, points_.end(), to, byTime);
  if (last != points_.end() && last->nanos == to) ++last;
  const auto available = static_cast<std::size_t>(last - first);
  if (count == 0 || count >= available) return {first, last};
  std::vector<SeriesPoint> chosen;
  chosen.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = count == 1 ? available - 1 : i * (available - 1) / (count - 1);
    chosen.push_back(first[static_cast<std::ptrdiff_t>(at)]);
  }
  return chosen;
}

SeriesPoint Series::previous(const SeriesPoint& point) const {
  const auto at = std::lower_bound(points_.begin(), points_.end(), point.nanos,
                                   [](const SeriesPoint& p, std::uint64_t t) { return p.nanos < t; });
  return at == points_.begin() ? point : *(at - 1);
}

std::span<const SeriesPoint> Series::after(std::uint64_t nanos) const {
  const auto first = std::upper_bound(points_.begin(), points_.end(), nanos,
                                      [](std::uint64_t time, const SeriesPoint& point) { return time < point.nanos; });
  return {first, points_.end()};
}

}  // namespace heapatlas::collector
