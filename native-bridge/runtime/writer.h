// The hot path: one event into the ring of its thread. No system call, no lock, no allocation; a few nanoseconds.
// Main entries: recordAlloc after a real allocation, recordFree before a real release, writeRecord for the rest.
// Called by every hook, inlined there. The slow path (writer.cc) takes whatever is not plain recording.
#pragma once

#include <cstddef>
#include <cstdint>

#include "order.h"
#include "process.h"
#include "sampling.h"
#include "thread.h"

namespace heapatlas::runtime {

using ring::Kind;
using ring::Record;
using unwind::Registers;

// The frame of a hook, which keeps a frame pointer: [0] the caller's base pointer, [1] the return address into it.
using Frame = const std::uint64_t*;
[[gnu::always_inline]] inline Frame hookFrame() { return static_cast<Frame>(__builtin_frame_address(0)); }
// The caller's registers once the hook has returned.
[[gnu::always_inline]] inline Registers registersOf(Frame frame) {
  return {frame[1], reinterpret_cast<std::uint64_t>(frame + 2), frame[0]};
}

inline std::uint64_t addressOf(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

// True for a return address in this library.
bool isOwnCode(std::uint64_t pc);

inline constexpr std::uint32_t kRecordsATick = 64;
inline constexpr std::uint32_t kRecordsFetchedAhead = 32;

// The name of a thread as a ThreadName record carries it.
Record nameRecord(const char* name);
// Into the ring of the calling thread; nothing when it has none of its own.
void recordName(const char* name);

// The call stack of the hook's caller as a node id; 0 where there are no stacks. The thread is marked as busy.
std::uint32_t stackAt(unwind::ThreadStacks* stacks, Frame frame);

enum class StackWanted { None, OfAllocation, OfRelease };

// The slow path of every event. Keeps errno.
void recordSlowly(Kind kind, std::uint64_t address, std::uint64_t size, Frame frame);
// Without a look at the room that is left.
void append(Thread& thread, Record record);
// Due every 64 records and when the collector has passed: time, mode, memory ahead, room. False: the ring is full and
// a gap has begun; the record belongs into the coalesced table.
bool tick(Thread& thread);
// A realloc that failed after its release was recorded by itself: the block lives on. usable: the size to go by where
// the one that was asked for is known no more.
void recordStays(const void* block, std::size_t usable, Frame frame);
// A record that found no room: into the coalesced table, or counted as lost.
void divert(Thread& thread, Record record);

[[gnu::always_inline]] inline bool tickIsDue(const Thread& thread) {
  return thread.head == thread.limit ||
         thread.header->collectorNanos.load(std::memory_order_relaxed) != thread.seenPass;
}

[[gnu::always_inline]] inline void putHere(Thread& thread, Record record) {
  if (ring::hasTicket(record.kind())) record = inOrder(thread, record);
  const std::uint64_t head = thread.head;
  if (head % ring::kSliceRecords == 0) [[unlikely]]
    enterSlice(thread);
  Record& slot = thread.records[head % ring::kSliceRecords];
  // The collector has read this memory: fetch it back for writing before its turn comes.
  __builtin_prefetch(&slot + kRecordsFetchedAhead, 1);
  slot.word0 = record.word0;
  slot.word1 = record.word1;
  thread.head = head + 1;
  thread.control->head.store(head + 1, std::memory_order_release);
}

// True: in the ring. The caller has marked the thread as busy.
[[gnu::always_inline]] inline bool put(Thread& thread, Record record) {
  if (tickIsDue(thread)) [[unlikely]] {
    if (!tick(thread)) return false;
  }
  putHere(thread, record);
  return true;
}

// Marks the thread as busy. The frame tells a stale mark, left by a jump out of a signal handler, from a live one.
[[gnu::always_inline]] inline void enterAt(Thread& thread, std::uint64_t frame) {
  thread.expected = frame;
  std::atomic_signal_fence(std::memory_order_seq_cst);
}
[[gnu::always_inline]] inline void leave(Thread& thread) {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  thread.expected = thread.synced;
}

// A record with a call stack, or with a tick due; out of line, so that the plain case needs no register for it.
void writeFully(Thread& thread, Record record, unwind::ThreadStacks* stacks, Frame frame);

template <StackWanted wanted>
[[gnu::always_inline]] inline void writeOwn(Thread& thread, Kind kind, std::uint64_t address, std::uint64_t size,
                                            Frame frame) {
  unwind::ThreadStacks* stacks = nullptr;
  if constexpr (wanted == StackWanted::OfAllocation) stacks = thread.allocStacks;
  if constexpr (wanted == StackWanted::OfRelease) stacks = thread.freeStacks;
  const Record record = Record::make(kind, address, size, 0);
  if (stacks != nullptr || tickIsDue(thread)) {
    writeFully(thread, record, stacks, frame);
    return;
  }
  enterAt(thread, addressOf(frame));
  putHere(thread, record);
  leave(thread);
}

// Any event of the full modes that is not of the heap: maps, locks, tags.
template <StackWanted wanted>
[[gnu::always_inline]] inline void writeRecord(Kind kind, std::uint64_t address, std::uint64_t size, Frame frame) {
  Thread& thread = *self;
  if (hot.mode.load(std::memory_order_relaxed) == thread.expected) [[likely]] {
    writeOwn<wanted>(thread, kind, address, size, frame);
  } else {
    recordSlowly(kind, address, size, frame);
  }
}

[[gnu::always_inline]] inline bool nothingToDo(std::uint64_t mode) {
  if (mode == kPassThrough) return true;
  return plainMode(mode) == kOff && process.header->wantedMode.load(std::memory_order_relaxed) == 0;
}

[[gnu::always_inline]] inline bool staysSampled(const Thread& thread) {
  constexpr auto kWanted = static_cast<std::uint32_t>(ring::Mode::Sampled);
  return thread.header->wantedMode.load(std::memory_order_relaxed) == kWanted;
}

// After the real allocation. The mode is read behind the real call, so that a gap which another thread began before
// it released this very address is seen.
[[gnu::always_inline]] inline void recordAlloc(const void* block, std::size_t size, Kind kind, Frame frame) {
  if (block == nullptr) [[unlikely]]
    return;
  Thread& thread = *self;
  const std::uint64_t mode = hot.mode.load(std::memory_order_relaxed);
  if (mode == thread.expected) [[likely]] {
    writeOwn<StackWanted::OfAllocation>(thread, kind, addressOf(block), size, frame);
    return;
  }
  if (mode == thread.sampling && staysSampled(thread)) {
    const std::int64_t left = thread.countdown - static_cast<std::int64_t>(size);
    if (left >= 0) [[likely]] {
      thread.countdown = left;
      return;
    }
  }
  if (!nothingToDo(mode)) recordSlowly(kind, addressOf(block), size, frame);
}

// Before the real release.
[[gnu::always_inline]] inline void recordFree(const void* block, Kind kind, Frame frame) {
  if (block == nullptr) [[unlikely]]
    return;
  Thread& thread = *self;
  const std::uint64_t mode = hot.mode.load(std::memory_order_relaxed);
  if (mode == thread.expected) [[likely]] {
    writeOwn<StackWanted::OfRelease>(thread, kind, addressOf(block), 0, frame);
    return;
  }
  if (mode == thread.sampling && staysSampled(thread)) {
    if (sampledFilter[filterSlot(addressOf(block))].load(std::memory_order_relaxed) == 0) [[likely]]
      return;
  }
  if (!nothingToDo(mode)) recordSlowly(kind, addressOf(block), 0, frame);
}

}  // namespace heapatlas::runtime
