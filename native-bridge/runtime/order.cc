// Who is alone, and how that ends. See order.h.
#include "order.h"

#include <linux/membarrier.h>
#include <sys/prctl.h>

#include "system.h"
#include "writer.h"

namespace heapatlas::runtime {

alignas(4096) constinit std::atomic<std::uint8_t> ticketCounters[ring::kTicketCounters]{};

namespace {

constexpr std::uint32_t kTicksAlone = 64;          // of a thread, without a record of another one
constexpr std::uint32_t kRingsWatched = 128;       // more are not looked through
constexpr std::uint64_t kPatience = 20'000'000;    // with a thread that is inside a hook
constexpr std::uint64_t kStoresDrained = 100'000;  // after which a store is seen by every core, barrier or not

// What this thread has stored is seen by each thread before it reads on, and what it has stored before is seen here;
// so the hot path pays for no barrier. A filter of system calls may kill the program for one that it does not know.
void settleStores() {
  if (syscall(SYS_prctl, PR_GET_SECCOMP, 0, 0, 0, 0) == 0) {
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0) return;
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0 &&
        syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0)
      return;
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);
  nap(kStoresDrained);
}

bool isBusy(Thread& thread) { return isFrame(std::atomic_ref(thread.expected).load()); }

// Under hot.orderLock. The thread that was alone may be about to write one more record without a ticket.
void endAlone(std::uint64_t order, std::uint32_t me) {
  hot.order.store(order + 1);
  settleStores();
  Thread& alone = threadOf(hot.orderRing);
  const std::uint64_t begin = nanos(CLOCK_MONOTONIC);
  // Nobody waits for a hook that a signal handler of the same thread interrupted, or has jumped out of.
  while (alone.id != me && isBusy(alone) && std::atomic_ref(alone.order).load() == order &&
         nanos(CLOCK_MONOTONIC) - begin < kPatience) {
    syscall(SYS_sched_yield);
  }
  hot.orderPosition = process.controls[hot.orderRing].head.load();
}

std::uint64_t recordsOfOthers(const Thread& thread, std::uint32_t rings) {
  std::uint64_t records = 0;
  for (std::uint32_t ring = 0; ring < rings; ++ring) {
    if (ring != thread.ring) records += process.controls[ring].head.load(std::memory_order_relaxed);
  }
  return records;
}

// No other thread is writing a record, and the collector has read all that they wrote: whatever is written from here on
// comes behind it.
bool othersAreQuiet(const Thread& thread) {
  if (process.header->sharedRingLock.load() != 0) return false;
  const std::uint32_t rings = process.header->ringCount.load();
  for (std::uint32_t ring = 0; ring < rings; ++ring) {
    if (ring == thread.ring) continue;
    const ring::RingControl& control = process.controls[ring];
    if (control.tail.load() != control.head.load() || isBusy(threadOf(ring))) return false;
  }
  return true;
}

// Under hot.orderLock.
void claimAlone(Thread& thread) {
  const std::uint64_t order = thread.order + 1;
  hot.order.store(order);
  settleStores();
  const bool quiet = othersAreQuiet(thread);
  if (!quiet) hot.order.store(order + 1);
  hot.orderRing = thread.ring;
  hot.orderPosition = 0;
  thread.order = hot.order.load();
}

// A record more than the tick has counted on.
void recordPrecedence(Thread& thread, std::uint32_t ring, std::uint64_t position) {
  if (ring == thread.ring || process.controls[ring].tail.load(std::memory_order_acquire) >= position) return;
  if (!readySlice(thread)) return;
  append(thread, Record::after(ring, position));
  thread.limit = thread.head + 1;
}

}  // namespace

void agree(Thread& thread) {
  const ErrnoKept errnoKept;
  const SignalsHeld signalsHeld;
  // Whoever waits until this thread has left its hook need not: it knows.
  std::atomic_ref(thread.order).store(kOrderUnknown);
  const std::uint32_t me = threadId();
  if (!ThreadLock::acquire(hot.orderLock, me)) return;
  const std::uint64_t order = hot.order.load();
  if (order == 0) {
    hot.orderRing = thread.ring;
    hot.order.store(hot.neverAlone.load() != 0 || thread.ring == 0 ? 2 : 1);
  } else if (isAlone(order)) {
    endAlone(order, me);
  }
  thread.order = hot.order.load();
  const std::uint32_t ring = hot.orderRing;
  const std::uint64_t position = hot.orderPosition;
  ThreadLock::release(hot.orderLock);
  if (!isAlone(thread.order)) recordPrecedence(thread, ring, position);
}

void ticketEveryEvent() {
  const SignalsHeld signalsHeld;
  const std::uint32_t me = threadId();
  if (!ThreadLock::acquire(hot.orderLock, me)) return;
  hot.neverAlone.store(1);
  if (isAlone(hot.order.load())) endAlone(hot.order.load(), me);
  ThreadLock::release(hot.orderLock);
}

void seekAlone(Thread& thread) {
  if (isAlone(thread.order) || thread.ring == 0 || hot.neverAlone.load(std::memory_order_relaxed) != 0) return;
  if (++thread.ticksTogether % kTicksAlone != 0) return;
  const std::uint32_t rings = process.header->ringCount.load();
  if (rings > kRingsWatched) return;
  const std::uint64_t records = recordsOfOthers(thread, rings);
  if (records != thread.recordsOfOthers) {
    thread.recordsOfOthers = records;
    return;
  }
  const SignalsHeld signalsHeld;
  if (!ThreadLock::acquire(hot.orderLock, threadId())) return;
  if (hot.order.load() == thread.order && hot.neverAlone.load() == 0) claimAlone(thread);
  ThreadLock::release(hot.orderLock);
}

}  // namespace heapatlas::runtime
