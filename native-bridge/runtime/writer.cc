// The slow path of an event, and the tick of the hot one. See writer.h.
#include "writer.h"

#include <cstring>

#include "gap.h"
#include "got.h"
#include "real.h"
#include "ring_file.h"
#include "system.h"
#include "unwind/cache.h"

extern "C" {
[[gnu::visibility("hidden")]] extern const char __ehdr_start[];  // NOLINT(bugprone-reserved-identifier) the linker's
[[gnu::visibility("hidden")]] extern const char _end[];
}

namespace heapatlas::runtime {

namespace {

// An event for the slow path, before its stack is known.
struct Event {
  Kind kind;
  std::uint64_t address;
  std::uint64_t size;
  Frame frame;
};

constexpr std::uint64_t kTickRoom = 8;    // records that a tick may write itself
constexpr std::uint64_t kReserve = 1024;  // kept for what cannot be coalesced: maps, threads, modes
constexpr std::uint64_t kRoomWanted = kTickRoom + kRecordsATick + kReserve;
constexpr std::uint64_t kShortestNap = 20'000;
constexpr std::uint64_t kLongestNap = 1'000'000;
constexpr std::uint64_t kPatience = 1'000'000'000;       // with a collector that goes on, or waits for a core
constexpr std::uint64_t kPatienceStalled = 100'000'000;  // with one that was alive and does not move
constexpr std::uint64_t kPatienceNone = 20'000'000;      // with none at all

std::uint64_t roomOf(const Thread& thread) {
  return ring::roomOf(thread.head, thread.control->tail.load(std::memory_order_acquire));
}

// True when the collector made room in time.
bool waitForRoom(const Thread& thread) {
  const ErrnoKept errnoKept;
  const std::uint64_t begin = nanos(CLOCK_MONOTONIC);
  std::uint64_t pass = thread.header->collectorNanos.load();
  std::uint64_t moved = begin;
  for (std::uint64_t length = kShortestNap;; length = length < kLongestNap ? length * 2 : kLongestNap) {
    if (roomOf(thread) >= kRoomWanted) return true;
    const std::uint64_t now = nanos(CLOCK_MONOTONIC);
    const std::uint64_t latest = thread.header->collectorNanos.load();
    if (latest != pass) moved = now;
    pass = latest;
    if (now - begin > kPatience) return false;
    if (now - moved > (pass != 0 ? kPatienceStalled : kPatienceNone) &&
        !isRunnable(process.header->collectorPid.load()))
      return false;
    // Another thread's patience is over: this one need not find out again.
    if (thread.header->gap.load() != 0) return false;
    nap(length);
  }
}

// What the brk heap grew or shrank by since a thread looked last; libc's malloc moves it without a call that we see.
void recordBreak(Thread& thread) {
  const std::uint64_t now = addressOf(real.sbrk(0));
  std::uint64_t before = hot.breakSeen.load(std::memory_order_relaxed);
  if (now == before || before == 0) return;
  if (!hot.breakSeen.compare_exchange_strong(before, now)) return;
  append(thread, now > before ? Record::make(Kind::Map, before, now - before, 0)
                              : Record::make(Kind::Unmap, now, before - now, 0));
}

// For what a full ring has kept room for. False: even that is used up.
bool appendReserved(Thread& thread, Record record) {
  if (roomOf(thread) == 0 || !readySlice(thread)) return false;
  append(thread, record);
  thread.limit = thread.head;
  return true;
}

// Says in the thread's ring what all that follows there is recorded under.
bool writeMode(Thread& thread) {
  const std::uint64_t mean = hot.sampleMean.load(std::memory_order_relaxed);
  const Record record =
      Record::make(Kind::Mode, mean << 3, ring::modeWord(ringMode(thread.word), epochOf(thread.word)), 0);
  return put(thread, record) || appendReserved(thread, record);
}

// Brings a thread to the process's mode and to its labels, and says so in its ring.
void synchronise(Thread& thread, std::uint64_t mode) {
  thread.word = mode & ~kGap;
  thread.allocStacks = plainMode(mode) == kFull ? thread.stacks : nullptr;
  thread.freeStacks = thread.header->stacksOfFrees.load(std::memory_order_relaxed) != 0 ? thread.allocStacks : nullptr;
  enterAt(thread, addressOf(__builtin_frame_address(0)));
  if (thread.wordWritten != thread.word) {
    // A countdown knows nothing of what came before it, so that it may begin anew at any time.
    if (plainMode(mode) == kSampled) thread.countdown = nextSample(thread);
    if (writeMode(thread)) thread.wordWritten = thread.word;
  }
  const bool said = thread.wordWritten == thread.word;
  thread.synced = said && isFull(mode) ? thread.word : kNever;
  thread.sampling = said && plainMode(mode) == kSampled ? thread.word : kNever;
  for (std::uint32_t i = 0; i < ring::kLabels; ++i) {
    const std::uint32_t name = labels.names[i];
    if (thread.labels.names[i] == name) continue;
    const Record tag = Record::make(Kind::Tag, 0, ring::labelled(static_cast<ring::Label>(i), name), 0);
    if (put(thread, tag)) thread.labels.names[i] = name;
  }
  leave(thread);
}

void skip(Kind kind) {
  auto& count = isOfHeap(kind) ? process.header->lostEvents : process.header->skippedEvents;
  count.fetch_add(1, std::memory_order_relaxed);
}

void store(Thread& thread, Record record) {
  const bool coalescing = (hot.mode.load() & kGap) != 0 && isOfHeap(record.kind());
  if (coalescing || thread.wordWritten != thread.word || !put(thread, record)) divert(thread, record);
}

std::uint32_t stackOf(const Thread& thread, const Event& event, std::uint64_t mode) {
  if (plainMode(mode) == kFullNoStacks || thread.stacks == nullptr) return 0;
  const bool release = event.kind == Kind::Free || event.kind == Kind::Delete || event.kind == Kind::DeleteArray;
  if (release && thread.header->stacksOfFrees.load(std::memory_order_relaxed) == 0) return 0;
  return stackAt(thread.stacks, event.frame);
}

// The record to write for an event in sampled mode; kind None when there is none to write.
Record sampledRecord(const Event& event, std::uint64_t epoch, std::uint32_t stack) {
  switch (event.kind) {
    case Kind::Alloc:
    case Kind::AllocNew:
    case Kind::AllocNewArray:
      if (!rememberSample(event.address, epoch)) return Record{};
      return Record::make(Kind::SampledAlloc, event.address, event.size, stack);
    case Kind::Free:
    case Kind::Delete:
    case Kind::DeleteArray:
      if (!forgetSample(event.address, epoch)) return Record{};
      return Record::make(Kind::SampledFree, event.address, 0, stack);
    default:
      return Record::make(event.kind, event.address, event.size, stack);
  }
}

bool isAllocation(Kind kind) { return kind == Kind::Alloc || kind == Kind::AllocNew || kind == Kind::AllocNewArray; }

// Whether this allocation is the one that the thread's countdown has waited for.
bool isSampled(Thread& thread, std::uint64_t size) {
  thread.countdown -= static_cast<std::int64_t>(size);
  if (thread.countdown >= 0) return false;
  thread.countdown = nextSample(thread);
  return true;
}

void write(Thread& thread, const Event& event, std::uint64_t mode, std::uint32_t stack) {
  const bool sampled = plainMode(mode) == kSampled;
  const Record record =
      sampled ? sampledRecord(event, epochOf(mode), stack) : Record::make(event.kind, event.address, event.size, stack);
  if (record.kind() != Kind::None) store(thread, record);
}

// Into ring 0: the thread has no ring, or this event interrupts a record of its own that is half written. The lock is
// no place for a signal handler, so signals wait. Without a stack the shared cache takes it, which starts anew with
// each thread's stack.
void recordShared(const Event& event, std::uint64_t mode, const std::uint32_t* stack) {
  const SignalsHeld signalsHeld;
  const std::uint32_t me = threadId();
  if (!ThreadLock::acquire(process.header->sharedRingLock, me)) {
    skip(event.kind);
    return;
  }
  Thread* writer = sharedWriter();
  if (writer->id != me) {
    writer->id = me;
    writer->stacks->moveTo(ownStack);
  }
  if (readySlice(*writer)) {
    synchronise(*writer, mode);
    write(*writer, event, mode, stack != nullptr ? *stack : stackOf(*writer, event, mode));
  } else {
    skip(event.kind);
  }
  ThreadLock::release(process.header->sharedRingLock);
}

bool isOnOwnStack(const Thread& thread, std::uint64_t address) {
  return address >= thread.bounds.low && address < thread.bounds.high;
}

// The hook that left this mark has been jumped over: its frame lies below where the stack now ends.
bool isStale(const Thread& thread, const Event& event) {
  const std::uint64_t now = addressOf(event.frame);
  return now > thread.expected && isOnOwnStack(thread, now) && isOnOwnStack(thread, thread.expected);
}

void dropStaleMark(Thread& thread) {
  const SignalsHeld signalsHeld;
  takeSeat(thread);
  thread.insideFrame = 0;
  makeStacks(thread);
  thread.expected = thread.synced = kNever;
}

// The thread's own ring; claims one first where it has none. In a forked child that is another one than the parent's
// thread had, whose memory stays as it is: a hook that a fork in a signal handler interrupted may still run there.
Thread* current() {
  Thread* thread = self;
  switch (thread->role) {
    case Role::None:
      return claimThread(0);
    case Role::Shared:
      return ringIsFree() ? claimThread(0) : thread;
    case Role::Ending:
      return thread;
    case Role::Own:
      break;
  }
  if (thread->image == process.image) return thread;
  // Attached a second time, the thread keeps its ring's number: nobody else uses its memory.
  const bool attachedAgain = static_cast<std::uint32_t>(thread->image) == process.pid;
  return claimThread(attachedAgain ? thread->ring : thread->ring % (ring::kMaxRings - 1) + 1);
}

// Inside a record or a real call of this thread. True: the event has been dealt with.
bool recordNested(Thread& thread, const Event& event, std::uint64_t mode) {
  if (isStale(thread, event)) {
    dropStaleMark(thread);
    return false;
  }
  // An operator new that calls malloc is one event; one that ends in a jump to it returns right into our hook.
  const std::uint64_t pc = event.frame[1];
  const bool byOperator = isOwnCode(pc) || (pc >= newProvider.from && pc < newProvider.to);
  if (thread.insideFrame == thread.expected && byOperator) return true;
  if (plainMode(mode) == kSampled && isAllocation(event.kind) && !isSampled(thread, event.size)) return true;
  const std::uint32_t stack = stackOf(thread, event, mode);
  recordShared(event, mode, &stack);
  return true;
}

}  // namespace

void append(Thread& thread, Record record) {
  if (thread.head % ring::kSliceRecords == 0) enterSlice(thread);
  thread.records[thread.head % ring::kSliceRecords] = record;
  thread.control->head.store(++thread.head, std::memory_order_release);
}

bool isOwnCode(std::uint64_t pc) { return pc >= addressOf(__ehdr_start) && pc < addressOf(_end); }

bool tick(Thread& thread) {
  const std::uint64_t pass = thread.header->collectorNanos.load(std::memory_order_relaxed);
  if (roomOf(thread) < kRoomWanted && !waitForRoom(thread)) {
    beginGap(thread.id);
    return false;
  }
  if (!readySlice(thread)) {
    beginGap(thread.id);
    return false;
  }
  thread.seenPass = pass;
  append(thread, Record::time(ticks()));
  recordBreak(thread);
  followObjects();
  seekAlone(thread);
  followCollector();  // seen by the next event, which finds its expectation gone
  thread.limit = thread.head + kRecordsATick - 1;
  return true;
}

std::uint32_t stackAt(unwind::ThreadStacks* stacks, Frame frame) {
  return stacks != nullptr ? stacks->capture(registersOf(frame)) : 0;
}

void writeFully(Thread& thread, Record record, unwind::ThreadStacks* stacks, Frame frame) {
  enterAt(thread, addressOf(frame));
  if (stacks != nullptr) record.word1 |= std::uint64_t{stacks->capture(registersOf(frame))} << 32;
  if (!put(thread, record)) divert(thread, record);
  leave(thread);
}

void divert(Thread& thread, Record record) {
  if (isOfThread(record.kind()) && appendReserved(thread, record)) return;
  for (int attempt = 0; attempt < 3 && isOfHeap(record.kind()); ++attempt) {
    if (coalesce(thread, record)) return;
    leaveGap(thread.id);
    if (thread.wordWritten == thread.word && put(thread, record)) return;
  }
  skip(record.kind());
}

namespace {

// The mode in force for this event; 0: the event is done with.
std::uint64_t modeFor(Kind kind) {
  std::uint64_t mode = hot.mode.load();
  if (mode == kPassThrough || (mode == kUnset && !start())) return 0;
  followObjects();
  mode = followCollector();
  if ((mode & kGap) != 0 && process.header->gap.load() == 0) {
    leaveGap(threadId());
    mode = hot.mode.load();
  }
  if (!isRecording(mode)) return 0;
  if (plainMode(mode) == kSampled && (kind == Kind::PoolAlloc || kind == Kind::PoolFree)) return 0;
  if ((mode & kGap) != 0 && !isOfHeap(kind) && !isOfThread(kind)) {
    skip(kind);
    return 0;
  }
  return mode;
}

}  // namespace

void recordSlowly(Kind kind, std::uint64_t address, std::uint64_t size, Frame frame) {
  const ErrnoKept errnoKept;
  const Event event{kind, address, size, frame};
  const std::uint64_t mode = modeFor(kind);
  if (mode == 0) return;
  const bool counts = plainMode(mode) == kSampled && isAllocation(kind);
  Thread& thread = *current();
  if (thread.role != Role::Own) {
    if (!counts || sampledByChance(size)) recordShared(event, mode, nullptr);
    return;
  }
  if (isFrame(thread.expected) && recordNested(thread, event, mode)) return;
  synchronise(thread, mode);
  if (counts && !isSampled(thread, size)) return;
  enterAt(thread, addressOf(frame));
  write(thread, event, mode, stackOf(thread, event, mode));
  leave(thread);
}

void recordName(const char* name) {
  Thread& thread = *self;
  if (!isRecording(hot.mode.load()) || thread.role != Role::Own || thread.image != process.image) return;
  if (isFrame(thread.expected)) return;
  const ErrnoKept errnoKept;
  enterAt(thread, addressOf(__builtin_frame_address(0)));
  store(thread, nameRecord(name));
  leave(thread);
}

Record nameRecord(const char* name) {
  unsigned char bytes[16] = {static_cast<unsigned char>(Kind::ThreadName)};
  for (std::size_t i = 0; i < 15 && name[i] != 0; ++i) bytes[i + 1] = static_cast<unsigned char>(name[i]);
  Record record;
  std::memcpy(&record, bytes, sizeof record);
  return record;
}

void recordStays(const void* block, std::size_t usable, Frame frame) {
  Thread& thread = *self;
  const std::uint64_t mode = hot.mode.load();
  const bool gapOfFull = isFull(mode) && mode == (thread.word | kGap);
  if (gapOfFull && thread.role == Role::Own && thread.image == process.image && !isFrame(thread.expected)) {
    enterAt(thread, addressOf(frame));
    const bool folded = coalesce(thread, Record::make(Kind::ReallocFailed, addressOf(block), usable, 0));
    leave(thread);
    if (folded) return;
  }
  recordAlloc(block, usable, Kind::Alloc, frame);
}

}  // namespace heapatlas::runtime
