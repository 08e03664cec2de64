// Calls about the heap: Sites, Regions, Tiles, Series, FindAllocation, Allocations, Resolve. See collector_service.h.
#include <algorithm>
#include <bit>

#include "input/utf8.h"
#include "node/error.h"
#include "service/collector_service.h"
#include "service/replies.h"

namespace heapatlas::collector {
namespace {

constexpr std::uint32_t kMaxSites = 10'000;
constexpr std::size_t kMaxResolve = 10'000;
constexpr std::size_t kAllocationsAMessage = 4096;

grpc::Status invalid(const std::string& sentence) { return {grpc::StatusCode::INVALID_ARGUMENT, sentence}; }

// Where no mapping is known any more: stretches of leaves (2 MiB) with live blocks.
std::vector<node::Region> regionsOfTable(const LiveTable& table) {
  constexpr std::uint64_t kLeafBytes = kLeafPages * kPageBytes;
  std::vector<node::Region> regions;
  table.forEachLeaf([&](const Leaf& leaf) {
    if (leaf.live == 0) return;
    const std::uint64_t from = leaf.index * kLeafBytes;
    if (regions.empty() || regions.back().to != from) {
      node::Region fresh;
      fresh.from = from;
      fresh.kind = "heap";
      regions.push_back(fresh);
    }
    regions.back().to = from + kLeafBytes;
  });
  return regions;
}

// The sites that were asked for: all, or those of what carries a label, for which there is room in labelled.
const SiteTable& sitesOf(const Process::View& view, const v1::SitesRequest& request, SiteTable& labelled) {
  const Heap& heap = view.heap();
  if (request.label().empty()) return heap.sites();
  if (request.label_kind() == v1::POOL) {
    for (const auto& [name, pool] : heap.pools().all()) {
      if (view.file().name(name) == request.label()) return pool.sites;
    }
  }
  for (const LabelSets::Label& label : heap.labels().labels()) {
    if (static_cast<int>(label.kind) == request.label_kind() && view.file().name(label.name) == request.label()) {
      labelled = heap.sitesOfLabel(label.kind, label.name);
    }
  }
  return labelled;
}

// The kernel leaves out the nodes on which a region has no page.
void fill(v1::Region& shown, const node::Region& region, std::size_t numaNodes) {
  shown.set_from(region.from);
  shown.set_to(region.to);
  shown.set_kind(region.kind);
  shown.set_name(validUtf8(region.name));
  shown.set_rss_bytes(region.rssBytes);
  shown.set_pss_bytes(region.pssBytes);
  if (region.numaPages.empty()) return;
  for (const std::uint64_t pages : region.numaPages) shown.add_numa_pages(pages);
  for (std::size_t node = region.numaPages.size(); node < numaNodes; ++node) shown.add_numa_pages(0);
}

}  // namespace

std::vector<node::Region> CollectorService::regionsOf(Process& process) {
  std::vector<node::Region> regions = process.regions();
  return regions.empty() ? regionsOfTable(Process::View(process).heap().table()) : regions;
}

// With a filter, names are looked for one after the other until one more than what was asked for is known to fit.
grpc::Status CollectorService::Sites(Context*, const v1::SitesRequest* request, v1::SitesReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const auto order = static_cast<SiteOrder>(std::clamp<int>(request->order(), 0, 4));
  const std::uint32_t limit = std::min(request->limit() == 0 ? 100 : request->limit(), kMaxSites);
  const bool filtered = !request->function_contains().empty();
  std::vector<SiteFigures> ranked;
  {
    const Process::View view(*process);
    SiteTable labelled;
    const SiteTable& sites = sitesOf(view, *request, labelled);
    const std::size_t offset = filtered ? 0 : request->offset();
    const std::size_t count = filtered ? kMaxSites : limit;
    for (const std::uint32_t site : sites.top(order, offset, count, view.now(), request->ascending())) {
      ranked.push_back(sites.all()[site]);
    }
    reply->set_total(static_cast<std::uint64_t>(
        std::count_if(sites.all().begin(), sites.all().end(), [](const SiteFigures& s) { return s.totalCount > 0; })));
    reply->set_now(view.now());
  }
  const std::uint64_t skipped = filtered ? request->offset() : 0;
  std::uint64_t matched = 0;
  StackNames::Unnamed unnamed;
  for (const SiteFigures& figures : ranked) {
    StackNames::Unnamed its;
    v1::Stack stack = names_.stack(*process, figures.node, &its);
    if (filtered && !StackNames::mentions(stack, request->function_contains())) continue;
    if (++matched <= skipped) continue;
    if (matched - skipped > limit) break;
    v1::Site& site = *reply->add_sites();
    site = siteOf(figures, reply->now());
    *site.mutable_stack() = std::move(stack);
    unnamed.merge(its);
  }
  if (filtered) reply->set_total(matched);
  *reply->mutable_coverage() = coverageOf(Process::View(*process), unnamed.size());
  return Status::OK;
}

grpc::Status CollectorService::Labels(Context*, const v1::ProcessRequest* request, v1::LabelsReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const Process::View view(*process);
  fillLabels(*reply, view);
  reply->set_now(view.now());
  *reply->mutable_coverage() = coverageOf(view);
  return Status::OK;
}

grpc::Status CollectorService::Regions(Context*, const v1::RegionsRequest* request, v1::RegionsReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  return guarded([&] {
    const std::vector<node::Region> regions = regionsOf(*process);
    const Process::View view(*process);
    for (const node::Region& region : regions) {
      v1::Region& shown = *reply->add_regions();
      fill(shown, region, facts_.numaNodes);
      const Tile sum = view.heap().pyramid().sum(region.from, region.to);
      shown.set_live_bytes(sum.bytes);
      shown.set_live_allocations(sum.count);
    }
    reply->set_now(view.now());
    *reply->mutable_coverage() = coverageOf(view);
    return Status::OK;
  });
}

grpc::Status CollectorService::Tiles(Context*, const v1::TilesRequest* request, v1::TilesReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const std::uint64_t tile = request->tile_bytes();
  if (!std::has_single_bit(tile) || tile < Pyramid::kMinTileBytes || tile > kAddressEnd) {
    return invalid("tile_bytes must be a power of two from 16 on, not " + std::to_string(tile));
  }
  if (request->from() % tile != 0) return invalid("from must be a multiple of tile_bytes");
  if (request->to() <= request->from() || request->to() > kAddressEnd) {
    return invalid("to must lie behind from and below the end of user addresses");
  }
  if ((request->to() - request->from() - 1) / tile >= Pyramid::kMaxTiles) {
    return invalid("a request may ask for at most " + std::to_string(Pyramid::kMaxTiles) + " tiles; use larger ones");
  }
  reply->set_from(request->from());
  reply->set_to(request->to());
  reply->set_tile_bytes(tile);
  const Process::View view(*process);
  for (const Tile& found : view.heap().pyramid().tiles(request->from(), request->to(), tile)) {
    constexpr std::uint64_t kMost = ~0u;
    reply->add_index(static_cast<std::uint32_t>(found.index));
    reply->add_live_bytes(found.bytes);
    reply->add_live_allocations(static_cast<std::uint32_t>(std::min(found.count, kMost)));
    reply->add_allocations(static_cast<std::uint32_t>(std::min(found.allocations, kMost)));
  }
  reply->set_now(view.now());
  *reply->mutable_coverage() = coverageOf(view);
  return Status::OK;
}

grpc::Status CollectorService::Series(Context*, const v1::SeriesRequest* request, v1::SeriesReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const Process::View view(*process);
  const Process::Course course = request->whole() ? view.course() : Process::Course{};
  const collector::Series& series = request->whole() ? course.series : view.series();
  const std::vector<SeriesPoint> points = series.points(request->from(), request->to(), request->points());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const SeriesPoint& point = points[i];
    const SeriesPoint before = i > 0 ? points[i - 1] : series.previous(point);
    const double seconds = static_cast<double>(point.nanos - before.nanos) / 1e9;
    const auto rate = [&](std::uint64_t now, std::uint64_t then) {
      return seconds > 0 ? static_cast<double>(now - then) / seconds : 0.0;
    };
    reply->add_time(point.nanos);
    reply->add_live_bytes(point.liveBytes);
    reply->add_live_allocations(point.liveAllocations);
    reply->add_allocations_per_second(rate(point.allocations, before.allocations));
    reply->add_releases_per_second(rate(point.releases, before.releases));
    reply->add_rss_bytes(point.rssBytes);
    reply->add_threads(point.threads);
  }
  reply->set_now(view.now());
  *reply->mutable_coverage() = coverageOf(view);
  if (request->whole()) setGaps(*reply->mutable_coverage(), course.gaps);
  return Status::OK;
}

grpc::Status CollectorService::FindAllocation(Context*, const v1::FindRequest* request, v1::FindReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const std::uint64_t address = request->address();
  std::vector<std::uint32_t> poolNodes;
  {
    const Process::View view(*process);
    const LiveTable& table = view.heap().table();
    std::optional<LiveBlock> before = table.before(address);
    if (before && address - before->address < std::max<std::uint64_t>(before->size, 1)) {
      reply->set_found(true);
      *reply->mutable_allocation() = allocationOf(view, *before);
      before = before->address == 0 ? std::nullopt : table.before(before->address - 1);
    }
    const auto after = table.from(address + 1);
    if (before) *reply->mutable_before() = allocationOf(view, *before);
    if (after) *reply->mutable_after() = allocationOf(view, *after);
    for (const Pools::Found& found : view.heap().pools().around(address)) {
      *reply->add_pool_blocks() = poolBlockOf(view, found);
      poolNodes.push_back(view.heap().contexts()[found.block.entry.context()].node);
    }
  }
  for (v1::Allocation* shown : {reply->mutable_allocation(), reply->mutable_before(), reply->mutable_after()}) {
    if (shown->address() != 0)
      *shown->mutable_stack() = names_.stack(*process, static_cast<std::uint32_t>(shown->site()));
  }
  for (int i = 0; i < reply->pool_blocks_size(); ++i) {
    *reply->mutable_pool_blocks(i)->mutable_stack() = names_.stack(*process, poolNodes[static_cast<std::size_t>(i)]);
  }
  if (!reply->found()) reply->clear_allocation();
  if (reply->before().address() == 0) reply->clear_before();
  if (reply->after().address() == 0) reply->clear_after();
  return guarded([&] {
    for (const node::Region& region : regionsOf(*process)) {
      if (address >= region.from && address < region.to) fill(*reply->mutable_region(), region, facts_.numaNodes);
    }
    return Status::OK;
  });
}

grpc::Status CollectorService::Allocations(Context* context, const v1::AllocationsRequest* request,
                                           grpc::ServerWriter<v1::AllocationsReply>* writer) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const std::uint64_t end = request->to() == 0 ? kAddressEnd : std::min(request->to(), kAddressEnd);
  std::uint64_t left = request->limit() == 0 ? ~0ull : request->limit();
  std::uint64_t from = request->from();
  while (left > 0 && from < end && !context->IsCancelled()) {
    v1::AllocationsReply reply;
    {
      const Process::View view(*process);
      const std::uint64_t most = std::min<std::uint64_t>(left, kAllocationsAMessage);
      view.heap().table().forRange(from, end, [&](const LiveBlock& block) {
        *reply.add_allocations() = allocationOf(view, block);
        from = block.address + 1;
        return static_cast<std::uint64_t>(reply.allocations_size()) < most;
      });
    }
    if (reply.allocations_size() == 0) break;
    left -= static_cast<std::uint64_t>(reply.allocations_size());
    for (v1::Allocation& shown : *reply.mutable_allocations()) {
      if (request->stacks()) *shown.mutable_stack() = names_.stack(*process, static_cast<std::uint32_t>(shown.site()));
    }
    if (!writer->Write(reply)) break;
  }
  return Status::OK;
}

grpc::Status CollectorService::Resolve(Context*, const v1::ResolveRequest* request, v1::ResolveReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (static_cast<std::size_t>(request->sites_size()) > kMaxResolve) return invalid("at most 10,000 sites at once");
  for (const std::uint64_t site : request->sites()) {
    *reply->add_stacks() = names_.stack(*process, static_cast<std::uint32_t>(std::min<std::uint64_t>(site, ~0u)));
  }
  return Status::OK;
}

}  // namespace heapatlas::collector
