// See process_recording.h.
#include "process/process_recording.h"

#include <algorithm>

#include "findings/written.h"
#include "input/clock.h"
#include "input/utf8.h"
#include "node/text_file.h"
#include "process/secrets.h"
#include "process/totals.h"

namespace heapatlas::collector {
namespace {

namespace v1 = heapatlas::v1;
using recording::Event;
using recording::FrameType;
using recording::What;

constexpr std::uint64_t kCountersNanos = 100'000'000;  // between two of them while the program runs

v1::Counters countersOf(const RecordedState& state) {
  const CoverageCounters& counters = state.coverage;
  const ring::Header& header = state.file.header();
  v1::Counters shown;
  shown.set_gap_events(counters.gapEvents);
  shown.set_overrun(counters.overrun);
  shown.set_overflowed(counters.overflowed);
  shown.set_off_since(counters.offSince);
  shown.set_lost_events(header.lostEvents.load(std::memory_order_relaxed));
  shown.set_skipped_events(header.skippedEvents.load(std::memory_order_relaxed));
  shown.set_stack_fallbacks(header.stackFallbacks.load(std::memory_order_relaxed));
  shown.set_before_attach_bytes(header.beforeAttachBytes.load(std::memory_order_relaxed));
  shown.set_folding(header.gap.load(std::memory_order_relaxed) != 0);
  shown.set_attached_late(header.attachedLate.load(std::memory_order_relaxed) != 0);
  shown.set_restarted(state.restarted);
  shown.set_memory_short(header.memoryShort.load(std::memory_order_relaxed) != 0);
  shown.set_mode_word(state.drain.modeWord());
  return shown;
}

}  // namespace

ProcessRecording::ProcessRecording(const std::string& folder, const recording::Limits& limits)
    : folder_(folder), recorder_(folder, limits), definedNodes_(ring::kMaxNodes) {
  definedNodes_[0] = true;
}

void ProcessRecording::begin(const RecordedState& state) {
  workingFolder_ = node::readLink("/proc/" + std::to_string(state.file.identity().pid) + "/cwd").value_or("");
  state.drain.journal().keep();
  std::vector<Event>& events = state.drain.journal().events();
  state.heap.table().forRange(0, kAddressEnd, [&](const LiveBlock& block) {
    const Context& context = state.heap.contexts()[block.entry.context()];
    events.push_back(
        {block.entry.nanos(), block.address, block.size, block.entry.context(), 0, context.thread, What::Existing});
    return true;
  });
  for (const auto& [name, pool] : state.heap.pools().all()) {
    pool.table.forRange(0, kAddressEnd, [&, pool = name](const LiveBlock& block) {
      events.push_back(
          {block.entry.nanos(), block.address, block.size, block.entry.context(), pool, 0, What::PoolAllocate});
      return true;
    });
  }
  recorder_.begin(monotonicNanos(), mark(state));
  takeEvents(state);
  defineCounters(state, true);
  defineNew(state);
}

void ProcessRecording::afterBatch(const RecordedState& state) {
  if (ended_) return;
  if (recorder_.stopped()) {
    ended_ = true;
    state.drain.journal().keepNoMore();
    return;
  }
  const std::uint64_t before = recorder_.position();
  takeEvents(state);
  defineCounters(state, recorder_.position() == before);
  if (recorder_.due(monotonicNanos())) cut(state);
}

void ProcessRecording::end(const RecordedState& state, const std::string& why, bool processEnded) {
  if (std::exchange(ended_, true) || recorder_.stopped()) return;
  takeEvents(state);
  defineCounters(state, true);
  cut(state);
  mappings(state.regions, state.drain.clock().nowNanos());
  state.drain.journal().keepNoMore();
  v1::End end;
  end.set_position(recorder_.position());
  end.set_nanos(state.drain.clock().nowNanos());
  end.set_why(why);
  end.set_process_ended(processEnded);
  *end.mutable_mark() = mark(state);
  recorder_.end(end);
}

void ProcessRecording::found(Finding& finding) {
  finding.position += recorder_.position();
  stacksToDefine_.push_back(finding.stack);
  if (finding.freed) stacksToDefine_.push_back(finding.freed->stack);
  findings_.push_back(finding);
}

void ProcessRecording::foundBefore(Finding finding) {
  found(finding);
  findings_.back().position = recording::kNoPosition;
}

void ProcessRecording::takeEvents(const RecordedState& state) {
  std::vector<Event>& events = state.drain.journal().events();
  for (const Event& event : events) {
    const bool isPool = event.what == What::PoolAllocate || event.what == What::PoolRelease;
    if (event.stack != 0 && !isPool && !definedNodes_[event.stack % ring::kMaxNodes]) {
      stacksToDefine_.push_back(event.stack);
    }
  }
  recorder_.append(events);
  events.clear();
}

void ProcessRecording::cut(const RecordedState& state) {
  defineNew(state);
  v1::Mark now = mark(state);
  recorder_.cut(monotonicNanos(), now,
                recorder_.totalsDue() ? totalsOf(state.heap, now) : std::function<v1::Totals()>());
}

void ProcessRecording::defineNew(const RecordedState& state) {
  defineModules(state);
  defineNames(state.file);
  defineThreads(state);
  defineLabels(state.heap.labels());
  defineStacks(state);
  defineFindings();
  defineFacts(state);
  definePoints(state.series);
}

// With those that called it, the outermost first.
void ProcessRecording::defineNode(const RingFile& file, std::uint32_t node, v1::Nodes& nodes) {
  std::vector<std::uint32_t> path;
  for (std::uint32_t at = node; at < ring::kMaxNodes && !definedNodes_[at]; at = file.node(at).parent) {
    definedNodes_[at] = true;
    path.push_back(at);
  }
  for (auto at = path.rbegin(); at != path.rend(); ++at) {
    const ring::StackNode shared = file.node(*at);
    nodes.add_id(*at);
    nodes.add_pc(shared.pc);
    nodes.add_parent(shared.parent);
    nodes.add_flags(shared.flags);
    newAddresses_.push_back({shared.pc, (shared.flags & 1) != 0});
  }
}

void ProcessRecording::defineStacks(const RecordedState& state) {
  v1::Nodes nodes;
  v1::Contexts contexts;
  for (const std::uint32_t stack : stacksToDefine_) defineNode(state.file, stack, nodes);
  stacksToDefine_.clear();
  const Contexts& known = state.heap.contexts();
  contexts.set_first(definedContexts_);
  for (; definedContexts_ < known.size(); ++definedContexts_) {
    const Context& context = known[definedContexts_];
    defineNode(state.file, context.node, nodes);
    contexts.add_node(context.node);
    contexts.add_thread(context.thread);
    contexts.add_labels(context.labels);
    contexts.add_sample_mean(context.sampleMean);
  }
  if (nodes.id_size() != 0) recorder_.define(FrameType::Nodes, nodes);
  if (contexts.node_size() != 0) recorder_.define(FrameType::Contexts, contexts);
}

void ProcessRecording::defineModules(const RecordedState& state) {
  v1::Modules modules;
  for (std::uint32_t i = 0; i < state.file.moduleCount(); ++i) {
    const ModuleSnapshot module = state.file.module(i);
    const bool loaded = module.unloadedTicks == 0;
    if (i < modulesLoaded_.size() && modulesLoaded_[i] == loaded) continue;
    modulesLoaded_.resize(std::max<std::size_t>(modulesLoaded_.size(), i + 1));
    modulesLoaded_[i] = loaded;
    v1::Module& shown = *modules.add_modules();
    shown.set_index(i);
    shown.set_start(module.start);
    shown.set_end(module.end);
    shown.set_bias(module.bias);
    shown.set_loaded_nanos(state.drain.clock().nanos(module.loadedTicks));
    if (!loaded) shown.set_unloaded_nanos(std::max<std::uint64_t>(state.drain.clock().nanos(module.unloadedTicks), 1));
    shown.set_build_id(module.buildId.data(), module.buildId.size());
    shown.set_path(validUtf8(module.path));
  }
  if (modules.modules_size() != 0) recorder_.define(FrameType::Modules, modules);
}

void ProcessRecording::defineNames(const RingFile& file) {
  v1::Names names;
  names.set_first(definedNames_);
  for (; definedNames_ < file.nameCount(); ++definedNames_) names.add_names(file.name(definedNames_));
  if (names.names_size() != 0) recorder_.define(FrameType::Names, names);
}

void ProcessRecording::defineLabels(const LabelSets& labels) {
  v1::LabelSets sets;
  sets.set_first(definedLabels_);
  for (; definedLabels_ < labels.size(); ++definedLabels_) {
    v1::LabelSet& set = *sets.add_sets();
    for (const std::uint32_t name : labels[definedLabels_].names) set.add_names(name);
  }
  if (sets.sets_size() != 0) recorder_.define(FrameType::LabelSets, sets);
}

void ProcessRecording::defineThreads(const RecordedState& state) {
  v1::Threads threads;
  const std::vector<ThreadFigures>& all = state.threads.all();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < threadNames_.size() && threadNames_[i] == all[i].name) continue;
    threadNames_.resize(std::max(threadNames_.size(), i + 1));
    threadNames_[i] = all[i].name;
    v1::ThreadName& shown = *threads.add_threads();
    shown.set_index(static_cast<std::uint32_t>(i));
    shown.set_tid(all[i].tid);
    shown.set_name(validUtf8(all[i].name));
    shown.set_nanos(state.drain.latestNanos());
  }
  if (threads.threads_size() != 0) recorder_.define(FrameType::Threads, threads);
}

void ProcessRecording::defineFacts(const RecordedState& state) {
  v1::ProcessFacts facts;
  const ProcessIdentity& identity = state.file.identity();
  facts.set_pid(identity.pid);
  facts.set_parent_pid(identity.parentPid);
  facts.set_executable(validUtf8(state.facts.executable));
  for (const std::string& argument : state.facts.arguments) facts.add_arguments(validUtf8(maskedArgument(argument)));
  facts.set_start_real_nanos(identity.startRealNanos);
  facts.set_start_monotonic_nanos(identity.startNanos);
  facts.set_allocator(state.file.allocator());
  for (const std::string& notice : state.notices) facts.add_notices(notice);
  // A process shows none while it is in exec.
  if (environment_.empty()) {
    for (const std::string& variable : node::ProcFs().environment(identity.pid)) {
      environment_.push_back(masked(variable));
    }
  }
  for (const std::string& variable : environment_) facts.add_environment(validUtf8(variable));
  facts.set_folder(workingFolder_);
  facts.set_node(node::hostName());
  facts.set_state(static_cast<std::uint32_t>(state.state));
  std::string bytes = facts.SerializeAsString();
  if (bytes == facts_) return;
  facts_ = std::move(bytes);
  facts.set_nanos(state.drain.clock().nowNanos());
  recorder_.define(FrameType::Facts, facts);
}

void ProcessRecording::defineFindings() {
  if (findings_.empty()) return;
  v1::Findings shown;
  for (const Finding& finding : findings_) *shown.add_findings() = written(finding);
  findings_.clear();
  recorder_.define(FrameType::Findings, shown);
}

void ProcessRecording::definePoints(const Series& series) {
  v1::Points points;
  for (const SeriesPoint& point : (anyPoint_ ? series.after(pointsUntil_) : series.all())) {
    points.add_nanos(point.nanos);
    points.add_live_bytes(point.liveBytes);
    points.add_live_allocations(point.liveAllocations);
    points.add_allocations(point.allocations);
    points.add_releases(point.releases);
    points.add_rss_bytes(point.rssBytes);
    points.add_threads(point.threads);
    pointsUntil_ = point.nanos;
    anyPoint_ = true;
  }
  if (points.nanos_size() != 0) recorder_.define(FrameType::Points, points);
}

// At once where the program rests, so that whoever looks at it then sees what a replay will show; else now and then.
void ProcessRecording::defineCounters(const RecordedState& state, bool rests) {
  const std::uint64_t now = state.drain.clock().nowNanos();
  const bool gapEnded = state.coverage.gapCount != gaps_;
  if (!rests && !gapEnded && now < countersAt_ + kCountersNanos) return;
  v1::Counters counters = countersOf(state);
  std::string bytes = counters.SerializeAsString();
  if (bytes == counters_) return;
  counters_ = std::move(bytes);
  countersAt_ = now;
  counters.set_nanos(now);
  const std::vector<GapSpan>& gaps = state.coverage.gaps;
  const std::uint64_t fresh = std::min<std::uint64_t>(state.coverage.gapCount - gaps_, gaps.size());
  for (auto gap = gaps.end() - static_cast<std::ptrdiff_t>(fresh); gap != gaps.end(); ++gap) {
    v1::GapMark& shown = *counters.add_gaps();
    shown.set_from(gap->from);
    shown.set_to(gap->to);
    shown.set_events(gap->events);
  }
  gaps_ = state.coverage.gapCount;
  recorder_.define(FrameType::Counters, counters);
}

void ProcessRecording::refreshed(const RecordedState& state) {
  if (!ended_) defineFacts(state);
}

void ProcessRecording::mappings(const std::vector<node::Region>& regions, std::uint64_t nanos) {
  if (regions.empty() || recorder_.stopped()) return;
  v1::Mappings mappings;
  for (const node::Region& region : regions) {
    v1::Mapping& shown = *mappings.add_mappings();
    shown.set_from(region.from);
    shown.set_to(region.to);
    shown.set_kind(region.kind);
    shown.set_name(validUtf8(region.name));
    shown.set_rss_bytes(region.rssBytes);
    shown.set_pss_bytes(region.pssBytes);
    for (const std::uint64_t pages : region.numaPages) shown.add_numa_pages(pages);
  }
  std::string bytes = mappings.SerializeAsString();
  if (bytes == mappings_) return;
  mappings_ = std::move(bytes);
  mappings.set_nanos(nanos);
  recorder_.define(FrameType::Mappings, mappings);
}

void ProcessRecording::memory(std::uint64_t position, std::uint64_t nanos, std::uint64_t address,
                              const std::vector<std::uint8_t>& data) {
  if (data.size() > recording::kMostMemoryBytes - memoryBytes_) {
    throw recording::RecordingError("the recording holds " + std::to_string(memoryBytes_ >> 20) +
                                    " MiB of this process's memory, and at most " +
                                    std::to_string(recording::kMostMemoryBytes >> 20) + " MiB are kept");
  }
  memoryBytes_ += data.size();
  v1::MemoryPart part;
  part.set_position(position);
  part.set_nanos(nanos);
  part.set_address(address);
  part.set_data(data.data(), data.size());
  recorder_.define(FrameType::Memory, part);
}

v1::Mark ProcessRecording::mark(const RecordedState& state) {
  v1::Mark mark;
  mark.set_position(recorder_.position());
  mark.set_nanos(state.drain.latestNanos());
  mark.set_now(state.drain.clock().nowNanos());
  fill(mark, state.heap.totals());
  mark.set_events(state.coverage.events);
  mark.set_unknown_frees(state.coverage.unknownFrees);
  mark.set_overwritten(state.coverage.overwritten);
  mark.set_map_since(state.coverage.mapSince);
  mark.set_reordered(state.coverage.reordered);
  const std::vector<ThreadFigures>& threads = state.threads.all();
  threadEvents_.resize(threads.size());
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (threads[i].events == threadEvents_[i]) continue;
    threadEvents_[i] = threads[i].events;
    v1::ThreadMark& shown = *mark.add_threads();
    shown.set_index(static_cast<std::uint32_t>(i));
    shown.set_events(threads[i].events);
    shown.set_allocated_bytes(threads[i].allocatedBytes);
    shown.set_last_allocation(threads[i].lastAllocation);
    shown.set_running(threads[i].running);
  }
  return mark;
}

}  // namespace heapatlas::collector
