// See replies.h.
#include "service/replies.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

#include "input/utf8.h"

namespace heapatlas::collector {
namespace v1 = heapatlas::v1;

std::uint64_t rounded(double count) { return static_cast<std::uint64_t>(std::llround(std::max(count, 0.0))); }

v1::ProcessInfo processInfo(Process& process) {
  const Process::View view(process);
  v1::ProcessInfo info;
  info.set_process(process.id());
  info.set_pid(process.identity().pid);
  info.set_parent_pid(process.identity().parentPid);
  info.set_session(process.identity().session);
  info.set_executable(validUtf8(view.facts().executable));
  for (const std::string& argument : view.facts().arguments) info.add_arguments(validUtf8(argument));
  info.set_state(static_cast<v1::ProcessState>(process.state()));
  info.set_mode(static_cast<v1::Mode>(view.mode()));
  info.set_start_real_nanos(process.identity().startRealNanos);
  info.set_allocator(process.file().allocator());
  for (const std::string& notice : view.notices()) info.add_notices(notice);
  if (process.file().header().memoryShort.load(std::memory_order_relaxed) != 0) {
    info.add_notices("The file system of " + process.file().folder() +
                     " had no room for more of this program's records, so events were lost; make room there, or name "
                     "another folder in HEAPATLAS_DIR.");
  }
  if (view.restarted()) {
    info.add_notices(
        "The collector was started again while this program ran: blocks that were live then are not in the map.");
  }
  return info;
}

void setGaps(v1::Coverage& coverage, const std::vector<GapSpan>& gaps) {
  coverage.clear_gaps();
  for (const GapSpan& gap : gaps) {
    v1::Gap& shown = *coverage.add_gaps();
    shown.set_from(gap.from);
    shown.set_to(gap.to);
    shown.set_events(gap.events);
  }
}

v1::Coverage coverageOf(const Process::View& view, std::uint64_t unresolvedFrames) {
  const CoverageCounters& counters = view.coverage();
  v1::Coverage coverage;
  coverage.set_mode(static_cast<v1::Mode>(view.mode()));
  coverage.set_events(counters.events + counters.gapEvents);
  const Losses losses = view.losses();
  coverage.set_lost(losses.sum());
  coverage.mutable_losses()->set_folded_in_gaps(losses.foldedInGaps);
  coverage.mutable_losses()->set_damaged_records(losses.damagedRecords);
  coverage.mutable_losses()->set_refused_by_table(losses.refusedByTable);
  coverage.mutable_losses()->set_dropped_by_runtime(losses.droppedByRuntime);
  coverage.mutable_losses()->set_skipped_beside_heap(losses.skippedBesideHeap);
  setGaps(coverage, counters.gaps);
  coverage.set_unresolved_frames(unresolvedFrames);
  coverage.set_cut_stacks(view.file().header().stackFallbacks.load());
  coverage.set_unknown_frees(counters.unknownFrees);
  coverage.set_before_attach_bytes(view.file().header().beforeAttachBytes.load());
  coverage.set_exact(view.exact());
  coverage.set_standard_error_bytes(std::sqrt(std::max(view.heap().totals().variance, 0.0)));
  coverage.set_reordered(counters.reordered);
  coverage.set_map_since(counters.mapSince);
  coverage.set_off_since(counters.offSince);
  coverage.set_folding(view.file().header().gap.load(std::memory_order_relaxed) != 0);
  return coverage;
}

v1::Site siteOf(const SiteFigures& figures, std::uint64_t now) {
  v1::Site site;
  site.set_id(figures.node);
  site.set_live_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(figures.liveBytes, 0)));
  site.set_live_allocations(rounded(figures.liveCount));
  site.set_total_bytes(figures.totalBytes);
  site.set_total_allocations(rounded(figures.totalCount));
  site.set_allocations_per_second(figures.rate(now));
  return site;
}

namespace {

constexpr std::size_t kMaxHolders = 16'384;  // of pools' blocks, looked up for one answer

std::uint32_t tidOf(const Process::View& view, const Context& context) {
  const std::vector<ThreadFigures>& threads = view.threads().all();
  return threads[context.thread < threads.size() ? context.thread : 0].tid;
}

void fill(v1::Label& shown, const PeakFigures& figures, std::uint64_t now) {
  shown.set_live_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(figures.liveBytes, 0)));
  shown.set_live_allocations(rounded(figures.liveCount));
  shown.set_total_bytes(figures.totalBytes);
  shown.set_total_allocations(rounded(figures.totalCount));
  shown.set_peak_bytes(static_cast<std::uint64_t>(figures.peakBytes));
  shown.set_allocations_per_second(figures.rate(now));
}

}  // namespace

v1::Allocation allocationOf(const Process::View& view, const LiveBlock& block) {
  const Context& context = view.heap().contexts()[block.entry.context()];
  v1::Allocation allocation;
  allocation.set_address(block.address);
  allocation.set_size(block.size);
  allocation.set_time(block.entry.nanos());
  allocation.set_tid(tidOf(view, context));
  allocation.set_site(context.node);
  const LabelNames& names = view.heap().labels()[context.labels].names;
  const auto named = [&](ring::Label label) { return view.file().name(names[static_cast<std::size_t>(label)]); };
  allocation.set_tag(named(ring::Label::Tag));
  allocation.set_tenant(named(ring::Label::Tenant));
  allocation.set_object_type(named(ring::Label::ObjectType));
  allocation.set_arena(named(ring::Label::Arena));
  return allocation;
}

v1::PoolBlock poolBlockOf(const Process::View& view, const Pools::Found& found) {
  const Context& context = view.heap().contexts()[found.block.entry.context()];
  v1::PoolBlock shown;
  shown.set_pool(view.file().name(found.name));
  shown.set_address(found.block.address);
  shown.set_size(found.block.size);
  shown.set_time(found.block.entry.nanos());
  shown.set_tid(tidOf(view, context));
  return shown;
}

void fillLabels(v1::LabelsReply& reply, const Process::View& view) {
  const Heap& heap = view.heap();
  reply.set_live_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(heap.totals().liveBytes, 0)));
  reply.set_live_allocations(rounded(heap.totals().liveCount));
  for (const LabelSets::Label& label : heap.labels().labels()) {
    if (label.figures.totalCount <= 0) continue;  // nothing was allocated under it, or not yet
    v1::Label& shown = *reply.add_labels();
    shown.set_kind(static_cast<v1::LabelKind>(label.kind));
    shown.set_name(view.file().name(label.name));
    fill(shown, label.figures, view.now());
  }
  std::size_t mostHolders = kMaxHolders;
  for (const auto& [name, pool] : heap.pools().all()) {
    v1::Label& shown = *reply.add_labels();
    shown.set_kind(v1::POOL);
    shown.set_name(view.file().name(name));
    fill(shown, pool.figures, view.now());
    shown.set_held_bytes(Pools::heldBytes(pool, heap.table(), mostHolders));
    std::uint64_t unknown = pool.refused;
    for (const auto& [address, balance] : pool.unsettled)
      unknown += balance < 0 ? static_cast<std::uint64_t>(-balance) : 0;
    shown.set_unknown_releases(unknown);
  }
  std::sort(reply.mutable_labels()->begin(), reply.mutable_labels()->end(), [](const v1::Label& a, const v1::Label& b) {
    return std::make_tuple(b.live_bytes(), a.kind(), std::cref(a.name())) <
           std::make_tuple(a.live_bytes(), b.kind(), std::cref(b.name()));
  });
}

}  // namespace heapatlas::collector
