// See site_table.h.
#include "sites/site_table.h"

#include <algorithm>

namespace heapatlas::collector {
namespace {

double value(const SiteFigures& site, SiteOrder order, std::uint64_t nanos) {
  switch (order) {
    case SiteOrder::LiveBytes:
      return static_cast<double>(site.liveBytes);
    case SiteOrder::LiveAllocations:
      return site.liveCount;
    case SiteOrder::TotalAllocations:
      return site.totalCount;
    case SiteOrder::Rate:
      return SiteTable::rate(site, nanos);
    case SiteOrder::TotalBytes:
      return static_cast<double>(site.totalBytes);
  }
  return 0;
}

}  // namespace

std::uint32_t SiteTable::indexOf(std::uint32_t node) {
  const auto [found, fresh] = byNode_.emplace(node, static_cast<std::uint32_t>(sites_.size()));
  if (fresh) sites_.emplace_back().node = node;
  return found->second;
}

void SiteTable::roll(SiteFigures& site, std::uint32_t second) {
  site.lastSecond = site.second + 1 == second ? site.thisSecond : 0;
  site.thisSecond = 0;
  site.second = second;
}

double SiteTable::rate(const SiteFigures& site, std::uint64_t nanos) {
  const auto second = static_cast<std::uint32_t>(nanos / 1'000'000'000);
  const double passed = static_cast<double>(nanos % 1'000'000'000) / 1e9;
  if (site.second == second) return site.thisSecond + site.lastSecond * (1 - passed);
  if (site.second + 1 == second) return site.thisSecond * (1 - passed);
  return site.second > second ? site.thisSecond : 0;
}

std::vector<std::uint32_t> SiteTable::top(SiteOrder order, std::size_t offset, std::size_t count, std::uint64_t nanos,
                                          bool ascending) const {
  std::vector<std::pair<double, std::uint32_t>> ranked;
  ranked.reserve(sites_.size());
  for (std::uint32_t i = 0; i < sites_.size(); ++i) {
    if (sites_[i].totalCount <= 0) continue;
    const double rank = value(sites_[i], order, nanos);
    ranked.emplace_back(ascending ? rank : -rank, i);
  }
  const std::size_t end =
      std::min(ranked.size(), count > ranked.size() - std::min(offset, ranked.size()) ? ranked.size() : offset + count);
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(end), ranked.end());
  std::vector<std::uint32_t> result;
  for (std::size_t i = offset; i < end; ++i) result.push_back(ranked[i].second);
  return result;
}

}  // namespace heapatlas::collector
