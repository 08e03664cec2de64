// See replies.h.
#include "service/replies.h"

#include <algorithm>
#include <cmath>

namespace heapatlas::collector {
namespace v1 = heapatlas::v1;

std::uint64_t rounded(double count) { return static_cast<std::uint64_t>(std::llround(std::max(count, 0.0))); }

v1::ProcessInfo processInfo(WatchedProcess& process) {
  const WatchedProcess::View view(process);
  v1::ProcessInfo info;
  info.set_process(process.id());
  info.set_pid(process.identity().pid);
  info.set_parent_pid(process.identity().parentPid);
  info.set_session(process.identity().session);
  info.set_executable(view.facts().executable);
  for (const std::string& argument : view.facts().arguments) info.add_arguments(argument);
  info.set_state(static_cast<v1::ProcessState>(process.state()));
  info.set_mode(static_cast<v1::Mode>(view.mode()));
  info.set_start_real_nanos(process.identity().startRealNanos);
  info.set_allocator(process.file().allocator());
  for (const std::string& notice : view.notices()) info.add_notices(notice);
  if (view.restarted()) {
    info.add_notices(
        "The collector was started again while this program ran: blocks that were live then are not in the map.");
  }
  return info;
}

v1::Coverage coverageOf(const WatchedProcess::View& view, std::uint64_t unresolvedFrames) {
  const CoverageCounters& counters = view.coverage();
  v1::Coverage coverage;
  coverage.set_mode(static_cast<v1::Mode>(view.mode()));
  coverage.set_events(counters.events);
  coverage.set_lost(view.lost());
  for (const GapSpan& gap : counters.gaps) {
    v1::Gap& shown = *coverage.add_gaps();
    shown.set_from(gap.from);
    shown.set_to(gap.to);
    shown.set_events(gap.events);
  }
  coverage.set_unresolved_frames(unresolvedFrames);
  coverage.set_cut_stacks(view.file().header().stackFallbacks.load());
  coverage.set_unknown_frees(counters.unknownFrees);
  coverage.set_exact(view.exact());
  coverage.set_standard_error_bytes(std::sqrt(std::max(view.heap().totals().variance, 0.0)));
  coverage.set_reordered(counters.reordered);
  return coverage;
}

v1::Site siteOf(const SiteFigures& figures, std::uint64_t now) {
  v1::Site site;
  site.set_id(figures.node);
  site.set_live_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(figures.liveBytes, 0)));
  site.set_live_allocations(rounded(figures.liveCount));
  site.set_total_bytes(figures.totalBytes);
  site.set_total_allocations(rounded(figures.totalCount));
  site.set_allocations_per_second(SiteTable::rate(figures, now));
  return site;
}

v1::Allocation allocationOf(const WatchedProcess::View& view, const LiveBlock& block) {
  const Context& context = view.heap().contexts()[block.entry.context()];
  v1::Allocation allocation;
  allocation.set_address(block.address);
  allocation.set_size(block.size);
  allocation.set_time(block.entry.nanos());
  const std::vector<ThreadFigures>& threads = view.threads().all();
  allocation.set_tid(threads[context.thread < threads.size() ? context.thread : 0].tid);
  allocation.set_site(context.node);
  if (context.tag != 0) allocation.set_tag(std::to_string(context.tag));
  return allocation;
}

}  // namespace heapatlas::collector
