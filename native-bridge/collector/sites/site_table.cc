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
      return site.rate(nanos);
    case SiteOrder::TotalBytes:
      return static_cast<double>(site.totalBytes);
  }
  return 0;
}

}  // namespace

std::uint32_t SiteTable::indexOf(std::uint32_t node, std::uint32_t labels) {
  const auto [found, fresh] =
      byKey_.emplace(std::uint64_t{labels} << 32 | node, static_cast<std::uint32_t>(sites_.size()));
  if (fresh) {
    SiteFigures& site = sites_.emplace_back();
    site.node = node;
    site.labels = labels;
  }
  return found->second;
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
