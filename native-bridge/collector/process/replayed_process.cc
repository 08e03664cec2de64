// See replayed_process.h.
#include "process/replayed_process.h"

#include <algorithm>
#include <span>
#include <utility>

#include "process/totals.h"

namespace heapatlas::collector {
namespace {

namespace v1 = heapatlas::v1;
using recording::Event;
using recording::What;

constexpr std::size_t kPrefetchPage = 32;  // events ahead
constexpr std::size_t kPrefetchEntries = 16;

// What an event begins. A block that a failed realloc gives back is as old as it was.
LiveBlock blockOf(const recording::Rows& rows, std::size_t index) {
  const Event& event = rows.events[index];
  const bool restored = event.what == What::Restore && rows.birth[index] != recording::kNoPosition;
  const std::uint64_t nanos = restored ? rows.birthNanos[index] : event.nanos;
  return {event.address, event.size, Entry::make(event.context, event.size, nanos)};
}

}  // namespace

std::shared_ptr<ReplayedProcess> ReplayedProcess::open(std::uint64_t id, const std::string& folder,
                                                       ProcessLimits limits) {
  auto reader = std::make_unique<recording::Reader>(folder);
  Definitions definitions(*reader);
  return std::shared_ptr<ReplayedProcess>(
      new ReplayedProcess(id, folder, limits, std::move(reader), std::move(definitions)));
}

ReplayedProcess::ReplayedProcess(std::uint64_t id, const std::string& folder, ProcessLimits limits,
                                 std::unique_ptr<recording::Reader> reader, Definitions definitions)
    : Process(id, RingFile::overMemory(definitions.memory(), definitions.factsAt(0).pid()), limits),
      reader_(std::move(reader)),
      definitions_(std::move(definitions)),
      past_(std::make_shared<Past>(folder)) {
  state_ = RunState::Replayed;
  definitions_.internInto(heap_);
  findings_ = definitions_.findings();
  for (Finding& finding : findings_) {
    const bool isThere = finding.position >= reader_->firstPosition() && finding.position < reader_->endPosition();
    if (!isThere) finding.position = recording::kNoPosition;
  }
  for (std::size_t i = 1; i < definitions_.threads().size(); ++i) threads_.start(0);
  const std::lock_guard<std::mutex> lock(mutex_);
  restartFor(reader_->chunks().size());
  forwardTo(reader_->endPosition());
  nanos_ = endNanos();
  showTime();
  gapsToEnd_ = coverage_.gaps;
}

Process::Course ReplayedProcess::course() const {
  Course course{series_, gapsToEnd_};
  const std::vector<SeriesPoint>& points = definitions_.points();
  for (std::size_t i = pointsShown_; i < points.size(); ++i) course.series.add(points[i]);
  return course;
}

ReplayedProcess::Moment ReplayedProcess::moment() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Moment moment{position_, nanos_, endNanos(), {}, recording::kNoPosition};
  const std::size_t chunk = reader_->chunkAt(position_);
  if (chunk == reader_->chunks().size() || position_ < reader_->chunks()[chunk].head.first_position()) return moment;
  if (!load(chunk)) return moment;
  const auto index = static_cast<std::size_t>(position_ - reader_->chunks()[chunk].head.first_position());
  moment.event = rows_.events[index];
  moment.birth = rows_.birth[index];
  return moment;
}

// Those of all times: an event may be of one that is still to come.
std::vector<std::uint32_t> ReplayedProcess::tids() {
  std::vector<std::uint32_t> tids;
  for (const Definitions::Thread& thread : definitions_.threads()) tids.push_back(thread.tid);
  return tids;
}

std::vector<std::string> ReplayedProcess::missing() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return reader_->missing();
}

void ReplayedProcess::moveTo(std::uint64_t position) {
  const std::lock_guard<std::mutex> lock(mutex_);
  goTo(position);
  nanos_ = timeOf(position_);
  showTime();
}

void ReplayedProcess::moveToTime(std::uint64_t nanos) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto& chunks = reader_->chunks();
  const auto chunk = static_cast<std::size_t>(
      std::lower_bound(chunks.begin(), chunks.end(), nanos,
                       [](const auto& one, std::uint64_t time) { return one.head.last_nanos() < time; }) -
      chunks.begin());
  std::uint64_t position = reader_->endPosition();
  if (chunk < chunks.size()) {
    position = chunks[chunk].head.first_position();
    if (load(chunk)) {
      const auto first = std::find_if(rows_.events.begin(), rows_.events.end(),
                                      [&](const Event& event) { return event.nanos >= nanos; });
      position += static_cast<std::uint64_t>(first - rows_.events.begin());
    }
  }
  goTo(position);
  nanos_ = std::min(nanos, endNanos());
  showTime();
}

std::vector<node::Region> ReplayedProcess::regions() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return definitions_.regionsAt(nanos_);
}

node::MemoryBytes ReplayedProcess::readMemory(std::uint64_t address, std::uint64_t count) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return definitions_.memoryAt(position_, address, count);
}

// Back by what was kept, where that reaches; forward, where that is no longer than the way from the totals before.
void ReplayedProcess::goTo(std::uint64_t position) {
  position = std::clamp(position, reader_->firstPosition(), reader_->endPosition());
  if (position < position_ && position_ - position <= undo_.size()) {
    for (; position_ > position; --position_) undo_.takeBack();
    return;
  }
  const std::size_t chunk = reader_->chunkAt(position);
  if (position < position_ || chunk - reader_->chunkAt(position_) > recording::kRadix) restartFor(chunk);
  forwardTo(position);
}

// To the nearest state before a chunk that is reached without counting.
void ReplayedProcess::restartFor(std::size_t chunk) {
  const recording::Reader::Start start = reader_->startFor(chunk);
  const auto& chunks = reader_->chunks();
  heap_.reset();
  coverage_ = {};
  restarted_ = false;
  for (std::uint32_t i = 0; i < threads_.all().size(); ++i) {
    threads_[i] = {};
    threads_[i].running = false;
  }
  reader_->tableAt(
      start, [this](const recording::Net& net) { applyToTable(net); },
      [this](std::size_t index) {
        if (!load(index)) return;
        for (std::size_t i = 0; i < rows_.events.size(); ++i) applyToTable(rows_.events[i], blockOf(rows_, i));
      });
  position_ =
      start.firstChunk < chunks.size() ? chunks[start.firstChunk].head.first_position() : reader_->endPosition();
  for (std::size_t i = 0; i < start.firstChunk; ++i) applyDifferences(chunks[i].head.begin());
  if (start.totals) restore(heap_, *start.totals);
  if (start.firstChunk < chunks.size()) {
    enter(start.firstChunk, false);
  } else {
    if (start.totals) apply(start.totals->mark());
    leaveLast();
  }
}

void ReplayedProcess::forwardTo(std::uint64_t position) {
  const auto& chunks = reader_->chunks();
  while (position_ < position) {
    const std::size_t chunk = reader_->chunkAt(position_);
    const std::uint64_t first = chunks[chunk].head.first_position();
    if (position_ < first) {  // what lay between is missing
      position_ = first;
      enter(chunk, true);
      continue;
    }
    const std::uint64_t until = std::min(position, chunks[chunk].endPosition());
    const std::uint64_t keepFrom = std::max(first, position - std::min(position, std::uint64_t{UndoLog::kMostEvents}));
    if (load(chunk)) {
      replay(static_cast<std::size_t>(position_ - first), static_cast<std::size_t>(until - first),
             static_cast<std::size_t>(keepFrom - first));
    }
    position_ = until;
    if (until < chunks[chunk].endPosition()) continue;
    if (chunk + 1 == chunks.size()) {
      leaveLast();
    } else if (chunks[chunk + 1].head.first_position() == until) {
      enter(chunk + 1, true);
    }
  }
}

void ReplayedProcess::replay(std::size_t from, std::size_t to, std::size_t keepFrom) {
  const std::vector<Event>& events = rows_.events;
  for (std::size_t i = from; i < to; ++i) {
    if (i + kPrefetchPage < to) heap_.prefetchPage(events[i + kPrefetchPage].address);
    if (i + kPrefetchEntries < to) heap_.prefetchEntries(events[i + kPrefetchEntries].address);
    if (!UndoLog::canKeep(events[i]) || i < keepFrom) {
      undo_.clear();
    } else {
      undo_.keep(events[i]);
    }
    apply(events[i], blockOf(rows_, i));
  }
}

bool ReplayedProcess::load(std::size_t chunk) {
  if (rowsOf_ != chunk) reader_->decode(chunk, rows_);
  rowsOf_ = chunk;
  return !rows_.events.empty();
}

// Takes over what was written down for the beginning of a chunk.
void ReplayedProcess::enter(std::size_t chunk, bool withTotals) {
  undo_.clear();
  const v1::Chunk& head = reader_->chunks()[chunk].head;
  if (withTotals && head.sequence() % recording::kRadix == 0) {
    const recording::Reader::Start start = reader_->startFor(chunk);
    if (start.totals && start.firstChunk == chunk) restore(heap_, *start.totals);
  }
  // One that is older than the chunk says nothing of its beginning.
  if (head.begin().position() == head.first_position()) apply(head.begin());
  // What lived before the recording comes with its first events.
  if (head.sequence() == 0) {
    HeapTotals& totals = heap_.totals();
    totals.liveBytes = 0;
    totals.liveCount = totals.variance = 0;
  }
}

void ReplayedProcess::leaveLast() {
  undo_.clear();
  const auto& end = reader_->end();
  if (end && end->position() == position_ && end->mark().position() == position_) apply(end->mark());
}

void ReplayedProcess::apply(const Event& event, const LiveBlock& block) {
  known(event.thread);
  count(event, threads_, coverage_);
  switch (event.what) {
    case What::PoolAllocate:
      if (LiveTable::takes(event.address)) {
        heap_.pools().allocated(event.stack, event.address, event.size, event.context, event.nanos);
      }
      return;
    case What::PoolRelease:
      if (LiveTable::takes(event.address)) heap_.pools().released(event.stack, event.address);
      return;
    case What::Refused:
      ++heap_.totals().allocations;
      ++heap_.totals().refused;
      return;
    case What::Forget:
      heap_.forget();
      coverage_.mapSince = event.nanos;
      return;
    default:
      break;
  }
  if (!LiveTable::takes(event.address)) return;
  if (event.what == What::Existing) {
    heap_.adopt(block);
  } else if (event.what == What::Restore) {
    heap_.restore(block);
  } else if (recording::allocates(event.what)) {
    heap_.allocate(event.address, event.size, event.context, event.nanos);
  } else if (recording::releases(event.what)) {
    heap_.release(event.address);
  }
}

// A thread is there from its first event on.
ThreadFigures& ReplayedProcess::known(std::uint32_t thread) {
  ThreadFigures& figures = threads_[thread];
  if (thread != 0 && figures.tid == 0 && thread < definitions_.threads().size()) {
    figures.tid = definitions_.threads()[thread].tid;
    figures.running = true;
  }
  return figures;
}

void ReplayedProcess::applyToTable(const Event& event, const LiveBlock& block) {
  if (event.what == What::Forget) heap_.forget();
  if (!LiveTable::takes(event.address)) return;
  if (recording::allocates(event.what)) heap_.place(block);
  if (recording::releases(event.what)) heap_.displace(event.address);
}

void ReplayedProcess::applyToTable(const recording::Net& net) {
  if (net.forgets) heap_.forget();
  for (const std::uint64_t address : net.released) heap_.displace(address);
  for (const recording::NetBlock& block : net.blocks) {
    if (!LiveTable::takes(block.address)) continue;
    heap_.place({block.address, block.size, Entry::make(block.context, block.size, block.nanos)});
  }
}

void ReplayedProcess::apply(const v1::Mark& mark) {
  heap_.totals() = heapTotalsOf(mark);
  coverage_.events = mark.events();
  coverage_.unknownFrees = mark.unknown_frees();
  coverage_.overwritten = mark.overwritten();
  coverage_.mapSince = mark.map_since();
  coverage_.reordered = mark.reordered();
  applyDifferences(mark);
}

// What a mark says only where it differs from the one before.
void ReplayedProcess::applyDifferences(const v1::Mark& mark) {
  for (const v1::ThreadMark& shown : mark.threads()) {
    ThreadFigures& thread = known(shown.index());
    thread.running = shown.running();
    thread.events = shown.events();
    thread.allocatedBytes = shown.allocated_bytes();
    thread.lastAllocation = shown.last_allocation();
  }
}

std::uint64_t ReplayedProcess::timeOf(std::uint64_t position) {
  const std::size_t chunk = reader_->chunkAt(position);
  if (chunk == reader_->chunks().size()) return endNanos();
  const v1::Chunk& head = reader_->chunks()[chunk].head;
  if (position < head.first_position() || !load(chunk)) return head.first_nanos();
  return rows_.events[static_cast<std::size_t>(position - head.first_position())].nanos;
}

std::uint64_t ReplayedProcess::endNanos() const {
  if (reader_->end()) return reader_->end()->nanos();
  return reader_->chunks().empty() ? 0 : reader_->chunks().back().head.last_nanos();
}

// What of the coverage no event tells.
void ReplayedProcess::showCounters() {
  const v1::Counters* counters = definitions_.countersAt(nanos_);
  if (counters == nullptr) return;
  coverage_.gapEvents = counters->gap_events();
  coverage_.overrun = counters->overrun();
  coverage_.overflowed = counters->overflowed();
  coverage_.offSince = counters->off_since();
  const std::span<const GapSpan> gaps = definitions_.gapsAt(nanos_);
  coverage_.gapCount = gaps.size();
  const auto latest = gaps.last(std::min(gaps.size(), CoverageCounters::kMaxGaps));
  coverage_.gaps.assign(latest.begin(), latest.end());
  restarted_ = counters->restarted();
  ring::Header& header = file_.header();
  header.modeInForce = counters->mode_word();
  header.lostEvents = counters->lost_events();
  header.skippedEvents = counters->skipped_events();
  header.stackFallbacks = counters->stack_fallbacks();
  header.beforeAttachBytes = counters->before_attach_bytes();
  header.gap = counters->folding() ? 1 : 0;
  header.attachedLate = counters->attached_late() ? 1 : 0;
  header.memoryShort = counters->memory_short() ? 1 : 0;
}

// What is known of times, and not of positions.
void ReplayedProcess::showTime() {
  const std::vector<SeriesPoint>& points = definitions_.points();
  if (pointsShown_ > 0 && points[pointsShown_ - 1].nanos > nanos_) {
    series_ = {};
    pointsShown_ = 0;
  }
  while (pointsShown_ < points.size() && points[pointsShown_].nanos <= nanos_) series_.add(points[pointsShown_++]);
  showCounters();
  definitions_.showModulesAt(nanos_);
  for (std::uint32_t i = 0; i < definitions_.threads().size(); ++i) {
    threads_[i].name = definitions_.threads()[i].nameAt(nanos_);
  }
  const v1::ProcessFacts& facts = definitions_.factsAt(nanos_);
  facts_.pid = facts.pid();
  facts_.parentPid = facts.parent_pid();
  facts_.executable = facts.executable();
  facts_.arguments.assign(facts.arguments().begin(), facts.arguments().end());
  notices_.assign(facts.notices().begin(), facts.notices().end());
  for (const std::string& sentence : reader_->missing()) notices_.push_back(sentence);
  notices_.insert(notices_.end(), lastingNotices_.begin(), lastingNotices_.end());
}

void ReplayedProcess::addNotice(const std::string& sentence) {
  lastingNotices_.push_back(sentence);
  notices_.push_back(sentence);
}

}  // namespace heapatlas::collector
