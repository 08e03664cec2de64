// See ring_drain.h. Hot: run and what it calls for allocations and releases.
#include "order/ring_drain.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace heapatlas::collector {
namespace {

using recording::What;
using ring::Kind;
using ring::Record;

constexpr std::uint64_t kLookAhead = 256;    // records searched for the end of a segment
constexpr std::uint64_t kPrefetchPage = 32;  // records ahead
constexpr std::uint64_t kPrefetchEntries = 16;
constexpr std::uint32_t kLongestParked = 64;  // passes in a row; only a ring that lies parks so often

// What a record is in a recording. Those that are none of it say "not written down" (kNotKept).
constexpr What kNotKept = static_cast<What>(255);

constexpr std::array<What, 64> whatByKind() {
  std::array<What, 64> table{};
  table.fill(kNotKept);
  const auto set = [&](Kind kind, What what) { table[static_cast<std::size_t>(kind)] = what; };
  set(Kind::Alloc, What::Allocate);
  set(Kind::AllocNew, What::AllocateNew);
  set(Kind::AllocNewArray, What::AllocateNewArray);
  set(Kind::ReallocTo, What::Reallocate);
  set(Kind::SampledAlloc, What::AllocateSampled);
  set(Kind::Free, What::Release);
  set(Kind::Delete, What::ReleaseDelete);
  set(Kind::DeleteArray, What::ReleaseDeleteArray);
  set(Kind::ReallocFrom, What::ReleaseMoved);
  set(Kind::SampledFree, What::ReleaseSampled);
  set(Kind::ReallocFailed, What::Restore);
  set(Kind::PoolAlloc, What::PoolAllocate);
  set(Kind::PoolFree, What::PoolRelease);
  set(Kind::Map, What::Map);
  set(Kind::Unmap, What::Unmap);
  set(Kind::LockAcquire, What::LockAcquire);
  set(Kind::LockRelease, What::LockRelease);
  set(Kind::LockShared, What::LockShared);
  set(Kind::CondWait, What::CondWait);
  set(Kind::CondSignal, What::CondSignal);
  set(Kind::ThreadStart, What::ThreadStart);
  set(Kind::ThreadExit, What::ThreadExit);
  set(Kind::Fork, What::Fork);
  set(Kind::Mode, What::Mode);
  return table;
}
constexpr std::array<What, 64> kWhat = whatByKind();

bool isOfHeap(Kind kind) { return ring::hasTicket(kind) || kind == Kind::PoolAlloc || kind == Kind::PoolFree; }

}  // namespace

RingDrain::RingDrain(const RingFile& file, Heap& heap, ThreadTable& threads, CoverageCounters& coverage,
                     TickClock clock, TickSource ticks)
    : file_(file),
      heap_(heap),
      threads_(threads),
      coverage_(coverage),
      clock_(clock),
      ticks_(std::move(ticks)),
      journal_(file, heap, threads, coverage),
      disorder_(journal_, heap.table(), coverage),
      modeWord_(file.header().modeInForce.load()),
      epoch_(ring::epochOf(modeWord_)) {
  ticksBeforeHeads_ = clock_.startTicks();
  bool begun = false;
  for (std::uint32_t i = 0; i < file.ringCount(); ++i) begun = begun || file.control(i).tail.load() != 0;
  unknownBlocks_ = file.header().attachedLate.load() != 0 || begun || epoch_ > ring::kFirstEpoch;
  if (epoch_ > ring::kFirstEpoch) coverage_.mapSince = clock_.nanos(file.header().modeTicks.load());
  if (unknownBlocks_) expectUnknownBlocks();
  if (!begun) tickets_.expectFirst();
}

RingDrain::Lane& RingDrain::laneOf(std::uint32_t ring) {
  while (lanes_.size() <= ring) {
    auto lane = std::make_unique<Lane>();
    lane->ring = static_cast<std::uint32_t>(lanes_.size());
    lane->position = file_.control(lane->ring).tail.load(std::memory_order_acquire);
    lane->low = clock_.startTicks();
    lane->epoch = file_.control(lane->ring).tailEpoch.load(std::memory_order_acquire);
    lane->cache = std::make_unique<CachedContext[]>(kCacheSlots);
    lanes_.push_back(std::move(lane));
  }
  return *lanes_[ring];
}

bool RingDrain::beginPass() {
  ++pass_;
  passRecords_ = 0;
  parked_ = false;
  ticksBeforeLastHeads_ = ticksBeforeHeads_;
  ticksBeforeHeads_ = ticks_();
  turns_.clear();
  std::uint32_t written = 0;
  const std::uint32_t rings = file_.ringCount();
  for (std::uint32_t i = 0; i < rings; ++i) {
    Lane& lane = laneOf(i);
    const std::uint64_t head = file_.control(i).head.load(std::memory_order_acquire);
    if (head - lane.position > ring::kRingRecords) {  // also when it went backwards
      coverage_.overrun += std::min<std::uint64_t>(head - lane.position, ring::kRingRecords);
      lane.position = head;
      tickets_.forget();
      publish(lane);
    }
    lane.end = head;
    written += head != 0;
    passRecords_ += head - lane.position;
  }
  oneRing_ = written <= 1 && (rings == 0 || file_.control(0).head.load(std::memory_order_relaxed) == 0);
  ticksAfterHeads_ = std::max(ticks_(), ticksBeforeHeads_ + 1);
  followProgram();
  for (std::uint32_t i = 0; i < rings; ++i) {
    Lane& lane = *lanes_[i];
    if (lane.position == lane.end) continue;
    // What was not below the previous heads was published after they were read.
    if (lane.position != lane.parkedAt) lane.low = std::max(lane.low, ticksBeforeLastHeads_);
    openSegment(lane);
    turns_.push_back({lane.time(), &lane});
  }
  std::make_heap(turns_.begin(), turns_.end(), std::greater<>());
  return !turns_.empty();
}

// Finds the records from here to the next Time record, or to the end of the pass, and the bounds of their time.
void RingDrain::openSegment(Lane& lane) {
  const RingRecords records = file_.records(lane.ring);
  Record first = records.at(lane.position);
  std::uint64_t at = lane.position;
  if (first.kind() == Kind::Time) {
    lane.low = std::clamp(first.word1, lane.low, std::max(lane.low, ticksAfterHeads_));
    ++at;
  }
  const std::uint64_t limit = std::min(lane.end, at + kLookAhead);
  while (at < limit && records.at(at).kind() != Kind::Time) ++at;
  lane.high = std::max(lane.low, ticksAfterHeads_);
  if (at < lane.end) {
    const Record next = records.at(at);
    if (next.kind() == Kind::Time) lane.high = std::clamp(next.word1, lane.low, lane.high);
  }
  lane.spread(lane.position, at);
  lane.nanos = clock_.nanos(lane.low);
  latestNanos_ = std::max(latestNanos_, lane.nanos);
}

bool RingDrain::work(std::size_t records) {
  while (records > 0 && (!turns_.empty() || !held_.empty())) {
    if (turns_.empty()) {
      if (park()) break;
      forceEarliestHeld();
    }
    std::pop_heap(turns_.begin(), turns_.end(), std::greater<>());
    Lane& lane = *turns_.back().lane;
    const std::uint64_t until = turns_.size() == 1 ? ~0ull : turns_.front().time;
    const std::uint64_t before = lane.position;
    const bool goesOn = run(lane, until, records);
    records -= std::min<std::size_t>(records, lane.position - before);
    if (!goesOn || lane.position == lane.end) {
      turns_.pop_back();
      publish(lane);
    } else {
      turns_.back().time = lane.time();
      std::push_heap(turns_.begin(), turns_.end(), std::greater<>());
    }
    if (wake_ || awaitsReading()) wakeHeld(lane);
  }
  for (const Turn& turn : turns_) publish(*turn.lane);
  return turns_.empty() && held_.empty();
}

// Only while another ring may still bring what is missing.
bool RingDrain::hold(Lane& lane, std::uint64_t address, Until until) {
  const bool alone = turns_.size() == 1 && held_.empty();
  if (forced_ || (alone && !mayComeBehindHeads(until))) return false;
  held_.push_back({&lane, address, until});
  heldFilter_[filterSlot(address)] = true;
  return true;
}

bool RingDrain::stillWaits(const Held& held) const {
  switch (held.until) {
    case Until::Live:
    case Until::Dead:
      return heap_.table().has(held.address) != (held.until == Until::Live);
    case Until::Turn:
      return !tickets_.isTurn(file_.records(held.lane->ring).at(held.lane->position));
    case Until::Read:
      return !isRead(file_.records(held.lane->ring).at(held.lane->position));
  }
  return false;
}

// All that an After record names. A ring that there is not has nothing to wait for.
bool RingDrain::isRead(const Record& after) const {
  return after.size() >= lanes_.size() || lanes_[after.size()]->position >= after.position();
}

bool RingDrain::awaitsReading() const {
  return std::any_of(held_.begin(), held_.end(), [](const Held& held) { return held.until == Until::Read; });
}

void RingDrain::wakeHeld(const Lane& cause) {
  wake_ = false;
  heldFilter_.fill(false);
  std::erase_if(held_, [&](const Held& held) {
    if (stillWaits(held)) {
      heldFilter_[filterSlot(held.address)] = true;
      return false;
    }
    // What it waited for has happened: nothing of it was earlier than that.
    Lane& lane = *held.lane;
    lane.low = std::clamp(cause.low, lane.low, lane.high);
    lane.spread(lane.position, lane.segmentEnd);
    turns_.push_back({lane.time(), &lane});
    std::push_heap(turns_.begin(), turns_.end(), std::greater<>());
    return true;
  });
}

// What a ticket waits for may have been taken, and not yet published, when the heads were read: the next pass has it.
// False: the lanes have waited for that already, or for so long that what waits aside must be settled.
bool RingDrain::park() {
  const bool fresh = std::any_of(held_.begin(), held_.end(), [](const Held& held) {
    return mayComeBehindHeads(held.until) && held.lane->parkedAt != held.lane->position;
  });
  if (!fresh || passesParked_ >= kLongestParked) return false;
  for (const Held& held : held_) held.lane->parkedAt = held.lane->position;
  held_.clear();
  heldFilter_.fill(false);
  parked_ = true;
  return true;
}

// Each lane waits for another, or for events behind the heads: one event is put aside (see Disorder).
void RingDrain::forceEarliestHeld() {
  const auto first = std::min_element(held_.begin(), held_.end(),
                                      [](const Held& a, const Held& b) { return a.lane->time() < b.lane->time(); });
  turns_.push_back({first->lane->time(), first->lane});
  held_.erase(first);
  forced_ = true;
}

// Behind the heads, no record is of a later epoch than the one that is read here.
void RingDrain::followProgram() {
  const std::uint64_t word = file_.header().modeInForce.load(std::memory_order_acquire);
  if (word == modeWord_) return;
  modeWord_ = word;
  const std::uint64_t now = clock_.nanos(file_.header().modeTicks.load(std::memory_order_relaxed));
  coverage_.offSince = 0;
  if (mode() == ring::Mode::Off) {
    coverage_.offSince = now;  // the map stays as it was then
  } else if (ring::epochOf(word) != epoch_) {
    epoch_ = ring::epochOf(word);
    coverage_.mapSince = now;
    journal_.forget(now);
    disorder_.forget();
    expectUnknownBlocks();
  }
}

void RingDrain::expectUnknownBlocks() {
  unknownBlocks_ = true;
  disorder_.expectUnknownBlocks();
  journal_.detector().expectUnknownBlocks();
}

void RingDrain::publish(Lane& lane) {
  ring::RingControl& control = file_.control(lane.ring);
  control.tail.store(lane.position, std::memory_order_release);
  control.tailEpoch.store(lane.epoch, std::memory_order_release);
}

// While something is parked, not all that came before the previous pass's events has been read.
void RingDrain::endPass(bool final) {
  passesParked_ = parked_ ? passesParked_ + 1 : 0;
  if (final || !parked_) disorder_.settle(pass_, final);
}

bool RingDrain::run(Lane& lane, std::uint64_t until, std::size_t budget) {
  const RingRecords records = file_.records(lane.ring);
  const std::uint64_t end = std::min(lane.end, lane.position + budget);
  bool fits = true;
  do {
    const Record record = records.at(lane.position);
    heap_.prefetchPage(records.at(lane.position + kPrefetchPage).address());
    heap_.prefetchEntries(records.at(lane.position + kPrefetchEntries).address());
    if (lane.position >= lane.segmentEnd) openSegment(lane);
    if (record.kind() != Kind::Time) {
      fits = foldInTurn(lane, record);
      if (!fits) break;
    }
    forced_ = false;
    ++lane.position;
  } while (lane.position < end && !wake_ && (until == ~0ull || lane.time() <= until));
  return fits;
}

bool RingDrain::foldInTurn(Lane& lane, const Record& record) {
  if (!ring::hasTicket(record.kind()) || record.ticket() == 0) return fold(lane, record);
  if (!tickets_.isTurn(record) && hold(lane, record.address(), Until::Turn)) return false;
  if (!takesUnknown(lane, record) && !fold(lane, record)) return false;
  tickets_.take(record);
  noteChange(record.address());
  return true;
}

// At an address of which nothing was seen: a ticket that is next says that nothing came before in this session, so a
// release there is of a block from before, which this takes, and an allocation is just that.
bool RingDrain::takesUnknown(const Lane& lane, const Record& record) {
  const std::uint64_t address = record.address();
  if (!unknownBlocks_ || lane.epoch != epoch_ || !disorder_.mayHoldUnknown(address)) return false;
  if (!tickets_.isNext(record) || disorder_.waits(address)) return false;
  disorder_.seen(address);
  const Kind kind = record.kind();
  if (kind != Kind::Free && kind != Kind::Delete && kind != Kind::DeleteArray && kind != Kind::ReallocFrom &&
      kind != Kind::SampledFree) {
    return false;
  }
  if (heap_.table().has(address)) return false;
  if (kind == Kind::ReallocFrom) disorder_.save(lane.ring, lane.position, {});
  journal_.unknownRelease(originOf(lane, record), address);
  return true;
}

bool RingDrain::fold(Lane& lane, const Record& record) {
  if (lane.epoch != epoch_ && isOfHeap(record.kind())) [[unlikely]]
    return true;
  switch (record.kind()) {
    case Kind::Alloc:
    case Kind::AllocNew:
    case Kind::AllocNewArray:
    case Kind::ReallocTo:
      return allocate(lane, record, 0);
    case Kind::SampledAlloc:
      return allocate(lane, record, meanOf(lane));
    case Kind::Free:
    case Kind::Delete:
    case Kind::DeleteArray:
    case Kind::SampledFree:
      return release(lane, record, false);
    case Kind::ReallocFrom:
      return release(lane, record, true);
    default:
      return foldOther(lane, record);
  }
}

bool RingDrain::foldOther(Lane& lane, const Record& record) {
  switch (record.kind()) {
    case Kind::ReallocFailed:
      restore(lane, record);
      return true;
    case Kind::PoolAlloc:
    case Kind::PoolFree:
      foldPool(lane, record);
      return true;
    case Kind::After:
      return isRead(record) || !hold(lane, 0, Until::Read);
    case Kind::ThreadStart:
    case Kind::ThreadName:
    case Kind::ThreadExit:
      foldThread(lane, record);
      break;
    case Kind::Tag:
      foldLabel(lane, record.size());
      break;
    case Kind::Mode:
      foldMode(lane, record);
      break;
    default:  // nothing of the heap changes
      if (record.kind() == Kind::None || record.kind() > Kind::Last) ++coverage_.overrun;
  }
  const Origin by = originOf(lane, record);
  if (by.what != kNotKept) journal_.note(by, record.address(), record.size());
  return true;
}

std::uint32_t RingDrain::contextFor(Lane& lane, std::uint32_t node, float sampleMean) {
  if (sampleMean != lane.sampleMean) {
    lane.sampleMean = sampleMean;
    ++lane.generation;
  }
  CachedContext& cached = lane.cache[node % kCacheSlots];
  if (cached.node != node || cached.labels != lane.labels || cached.generation != lane.generation) {
    cached = {node, lane.labels, heap_.context(node, lane.thread, lane.labels, sampleMean), lane.generation};
  }
  return cached.context;
}

Origin RingDrain::originOf(const Lane& lane, const Record& record) const {
  return {lane.nanos, lane.thread, record.stack() % ring::kMaxNodes, kWhat[static_cast<std::size_t>(record.kind())]};
}

Waiting RingDrain::waitingEvent(const Lane& lane, const Record& record, Step step) const {
  const Origin by = originOf(lane, record);
  Waiting event;
  event.nanos = lane.nanos;
  event.low = lane.low;
  event.high = lane.high;
  event.time = lane.time();
  event.position = lane.position;
  event.ring = lane.ring;
  event.pass = pass_;
  event.thread = by.thread;
  event.stack = by.stack;
  event.what = by.what;
  event.step = step;
  event.exact = record.ticket() != 0 || isOnlyOne(record);
  return event;
}

bool RingDrain::allocate(Lane& lane, const Record& record, float sampleMean) {
  const std::uint64_t address = record.address();
  const std::uint64_t size = record.size();
  const std::uint32_t context = contextFor(lane, record.stack() % ring::kMaxNodes, sampleMean);
  if (!disorder_.waits(address) && !disorder_.mayHoldUnknown(address)) {
    if (journal_.allocate(originOf(lane, record), address, size, context)) {
      noteChange(address);
      return true;
    }
    if (hold(lane, address, Until::Dead)) return false;
  }
  Waiting event = waitingEvent(lane, record, Step::Allocate);
  event.size = size;
  event.context = context;
  disorder_.add(address, event);
  return true;
}

bool RingDrain::release(Lane& lane, const Record& record, bool moves) {
  const std::uint64_t address = record.address();
  if (moves) disorder_.save(lane.ring, lane.position, {});
  if (!disorder_.waits(address)) {
    if (const auto block = journal_.release(originOf(lane, record), address)) {
      if (moves) disorder_.save(lane.ring, lane.position, *block);
      noteChange(address);
      return true;
    }
    if (!disorder_.mayHoldUnknown(address) && isOnlyOne(record)) {
      journal_.unknownRelease(originOf(lane, record), address);
      return true;
    }
    if (!disorder_.mayHoldUnknown(address) && hold(lane, address, Until::Live)) return false;
  }
  Waiting event = waitingEvent(lane, record, Step::Release);
  event.moves = moves;
  disorder_.add(address, event);
  return true;
}

void RingDrain::restore(Lane& lane, const Record& record) {
  const std::uint64_t address = record.address();
  const LiveBlock& block = disorder_.saved(lane.ring);
  if (!disorder_.waits(address) && (block.address != address || journal_.restore(originOf(lane, record), block))) {
    return;
  }
  Waiting event = waitingEvent(lane, record, Step::Restore);
  if (block.address == address) {
    event.known = true;
    event.size = block.size;
    event.context = block.entry.context();
    event.nanos = block.entry.nanos();
  }
  disorder_.add(address, event);
}

void RingDrain::foldThread(Lane& lane, const Record& record) {
  if (record.kind() == Kind::ThreadStart) {
    lane.thread = threads_.start(static_cast<std::uint32_t>(record.size()));
    lane.names = {};
    lane.labels = lane.pool = 0;
    ++lane.generation;
    return;
  }
  if (record.kind() == Kind::ThreadExit) return;
  // The name begins behind word0's first byte.
  char name[16];
  std::memcpy(name, reinterpret_cast<const char*>(&record) + 1, 15);
  name[15] = '\0';
  threads_[lane.thread].name = name;
}

void RingDrain::foldLabel(Lane& lane, std::uint64_t value) {
  const std::uint64_t label = value >> 32;
  const std::uint32_t name = static_cast<std::uint32_t>(value) % ring::kMaxNames;
  if (label == static_cast<std::uint64_t>(ring::Label::Pool)) lane.pool = name;
  if (label >= lane.names.size()) return;
  lane.names[label] = name;
  lane.labels = heap_.labels().intern(lane.names);
}

void RingDrain::foldPool(Lane& lane, const Record& record) {
  const Origin by = originOf(lane, record);
  if (record.kind() == Kind::PoolFree) {
    journal_.poolReleased(by, lane.pool, record.address());
    return;
  }
  const std::uint32_t context = contextFor(lane, record.stack() % ring::kMaxNodes, 0);
  journal_.poolAllocated(by, lane.pool, record.address(), record.size(), context);
}

void RingDrain::foldMode(Lane& lane, const Record& record) {
  lane.epoch = ring::epochOf(record.size());
  lane.epochMean = record.address() >> 3;
}

float RingDrain::meanOf(const Lane& lane) const {
  const std::uint64_t mean =
      lane.epochMean != 0 ? lane.epochMean : file_.header().sampleMean.load(std::memory_order_relaxed);
  return static_cast<float>(std::clamp<std::uint64_t>(mean, 1, kAddressEnd));
}

}  // namespace heapatlas::collector
