// One thread's end of a ring, and the hot path onto it.
// Main entry: record(), called by every hook. Constraint: no lock, no system call, no allocation but on a thread's first
// event, a full ring, or in a gap; a signal handler may interrupt any line and record itself.
#pragma once

#include <x86intrin.h>

#include "process.h"
#include "unwind/unwind.h"

namespace heapatlas::runtime {

inline constexpr std::uint32_t kPending = 64;       // events of signal handlers inside one record
inline constexpr std::uint32_t kRecordsATime = 64;

struct Thread {
  ring::RingControl* control;
  ring::Record* data;
  std::uint64_t head;
  std::uint64_t knownTail;
  std::uint64_t lastPass;      // Header::collectorNanos at the last Time record
  std::uint32_t sinceTime;
  std::uint32_t ring;          // 0: the shared one
  std::uint32_t id;
  std::uint32_t busy;
  const char* busyAt;          // stack position of the record under way
  std::uint32_t inside;        // depth of real calls whose inner allocations are their own
  std::uint32_t pendingCount;
  unwind::ThreadStacks* stacks;
  std::int64_t untilSample;
  std::uint64_t random;
  ring::Record pending[kPending];
};

// Initial-exec, so that a read is one instruction and never allocates.
extern thread_local Thread* self [[gnu::tls_model("initial-exec")]];

Thread* makeThread();
void forgetThread();
void endThread(Thread* thread);
// Slow ends of push: a full ring, and a gap. tell() adds a record that a nested hook left behind.
void pushSlowly(Thread& thread, const ring::Record& record);
void coalesce(Thread& thread, const ring::Record& record);
void keepPending(Thread& thread, const ring::Record& record);
void flushPending(Thread& thread);
void pushTime(Thread& thread);

inline void pushRaw(Thread& thread, const ring::Record& record) {
  thread.data[thread.head % ring::kRingRecords] = record;
  thread.control->head.store(++thread.head, std::memory_order_release);
}

inline void push(Thread& thread, const ring::Record& record) {
  const bool full = thread.head - thread.knownTail >= ring::kRingRecords - 2;
  const ring::Header& header = *shared.header;
  if (full || thread.ring == 0 || header.gap.load(std::memory_order_relaxed) != 0) [[unlikely]] {
    pushSlowly(thread, record);
    return;
  }
  if (++thread.sinceTime >= kRecordsATime || header.collectorNanos.load(std::memory_order_relaxed) != thread.lastPass) [[unlikely]] {
    pushTime(thread);
  }
  pushRaw(thread, record);
}

// The thread, ready to record one event; null when this event is to pass (nested in the runtime's own work).
inline Thread* enter() {
  Thread* thread = self;
  return thread != nullptr ? thread : makeThread();
}

inline std::uint32_t callStack(Thread& thread, const unwind::Registers& caller, State state) {
  return state == State::Full && thread.stacks != nullptr ? thread.stacks->capture(caller) : 0;
}

// Records one event of the heap in full modes.
inline void recordEvent(Thread& thread, State state, ring::Kind kind, const void* address, std::uint64_t size,
                        const unwind::Registers& caller, bool stack) {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  // A record under way above this frame is a signal handler's interrupted one; below it, one that a longjmp abandoned.
  if (thread.busy != 0 && here < thread.busyAt) [[unlikely]] {
    keepPending(thread, ring::Record::make(kind, reinterpret_cast<std::uint64_t>(address), size, 0));
    return;
  }
  thread.busyAt = here;
  thread.busy = 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::uint32_t node = stack ? callStack(thread, caller, state) : 0;
  push(thread, ring::Record::make(kind, reinterpret_cast<std::uint64_t>(address), size, node));
  if (thread.pendingCount != 0) [[unlikely]] flushPending(thread);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  thread.busy = 0;
}

}  // namespace heapatlas::runtime
