// What one thread of the program keeps: its ring, its stack cache, its sampling countdown.
// Main entry: self, thread-local. A Thread lives in a slot that belongs to its ring, so that
// its memory is bounded by the rings and is reused with them. Used by its own thread alone (and its signal handlers).
//
// expected: what hot.mode must be for the thread to record by itself. While it writes a record (or is inside a real
// call that must not be told apart) it holds the frame address of that hook instead, so the same single comparison
// also sends events of a signal handler, of another mode, of a gap and of a forked child to the slow path.
#pragma once

#include <atomic>
#include <cstdint>

#include "probe.h"
#include "ring/ring.h"
#include "slices.h"
#include "unwind/unwind.h"

namespace heapatlas::unwind {
class ThreadStacks;
}

namespace heapatlas::runtime {

inline constexpr std::uint64_t kNever = 7;  // a value that hot.mode never has
// Whether a thread is marked as busy: frame addresses are multiples of 8, which hot.mode and kNever never are.
constexpr bool isFrame(std::uint64_t expected) { return expected != 0 && expected % 8 == 0; }

enum class Role : std::uint32_t {
  None,    // has not recorded yet
  Own,     // has a ring
  Shared,  // records in ring 0 under its lock: there are more threads than rings
  Ending,  // the same, for good: it has given its ring back
};

struct Thread {
  std::uint64_t expected{};
  std::uint64_t head{};      // records ever published in this ring, as in its control
  std::uint64_t limit{};     // head at which the next tick is due
  std::uint64_t seenPass{};  // Header::collectorNanos at the last tick
  ring::Record* records{};   // of the slice that the head is in
  ring::RingControl* control{};
  ring::Header* header{};
  unwind::ThreadStacks* allocStacks{};  // null: the stacks of allocations are not wanted
  unwind::ThreadStacks* freeStacks{};
  std::int64_t countdown{};  // sampled mode: bytes until the next sample
  std::uint64_t random{};
  std::uint64_t order{};        // hot.order as this thread knows it
  std::uint64_t synced{};       // what `expected` is outside of hooks
  std::uint64_t sampling{};     // hot.mode while samples may be taken without a look at it; else kNever
  std::uint64_t word{};         // hot.mode, but for its gap, that the thread goes by
  std::uint64_t wordWritten{};  // … and that its ring knows of
  std::uint64_t insideFrame{};  // frame of the operator new that called the real one; 0 none
  unwind::ThreadStacks* stacks{};
  unwind::StackBounds bounds{};
  std::uint32_t ring{};
  std::uint32_t id{};
  Labels labels{};                  // as its Tag records say
  std::uint64_t image{};            // Process::image when it was claimed; another one in a forked child
  std::uint64_t recordsOfOthers{};  // as of the latest look
  std::uint32_t ticksTogether{};    // ticks while it was not alone
  std::uint32_t exitRounds{};
  Role role{};
  FreeSlices free{};
};

// Never null: threads without a ring point to one of a few shared, never matching Threads.
extern constinit thread_local Thread* self;
// Where the calling thread's stack lies, as far as it is known.
extern constinit thread_local unwind::StackBounds ownStack;

// Gives the calling thread a ring and announces it there; ring 0's lot when there is none left.
// preferred: a ring's number, 0 for any.
Thread* claimThread(std::uint32_t preferred);
// Whether a thread that has to share a ring could have one of its own now.
bool ringIsFree();
// What a ring's thread keeps; zero before the ring's first use.
Thread& threadOf(std::uint32_t ring);
// Gives the ring back; whatever the thread still does goes to ring 0.
void releaseThread();
// A stack cache as new; after a jump out of a signal handler the old one may be half written.
void makeStacks(Thread& thread);
// Ring 0's own writer, to be used under Header::sharedRingLock with signals held.
Thread* sharedWriter();
// Reserves the threads' memory, once and for every image that a fork makes.
bool startThreads();
// Whether a thread is writing a record, or is in a real call inside one.
bool threadsInHooks();
// Before a new ring file of this same process is used: none of its threads records by itself until it has claimed.
void forgetThreads(std::uint32_t rings);

}  // namespace heapatlas::runtime
