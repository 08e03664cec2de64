// The order of one address's events across threads. While one thread alone records, its ring is the order. As soon as
// another one records too, each event of the heap takes the next number of a counter that its address shares with a few
// others; what the program does with one address happens in turn, so the numbers tell the order, without a clock or an
// atomic operation. hot.order counts the changes between the two: an odd number is known to the thread that is alone,
// and to no other. Main entry: inOrder, called for every record of the heap as it goes into its ring.
// Must hold: an allocation takes its ticket after the real call, a release before it; a thread is marked as busy from
// before it reads hot.order until its record is published. Counters of different addresses may meet, and an increment
// may then be lost: the collector takes what comes late as it comes.
#pragma once

#include <atomic>
#include <cstdint>

#include "process.h"
#include "ring/ring.h"
#include "thread.h"

namespace heapatlas::runtime {

extern std::atomic<std::uint8_t> ticketCounters[ring::kTicketCounters];

// Thread::order of a thread that has to ask; hot.order never has this value.
inline constexpr std::uint64_t kOrderUnknown = ~std::uint64_t{1};
constexpr bool isAlone(std::uint64_t order) { return order % 2 == 1; }

// The order in force is not the one that the thread knows: ends another thread's being alone, and says in this ring
// which of its records come first.
void agree(Thread& thread);
// Nobody is alone from here on: blocks from before are live, and each address's first event is known by its ticket.
void ticketEveryEvent();
// Asked at every tick: a thread next to which no other has recorded for a while is alone from here on.
void seekAlone(Thread& thread);

[[gnu::always_inline]] inline ring::Record inOrder(Thread& thread, ring::Record record) {
  if (hot.order.load(std::memory_order_relaxed) != thread.order) [[unlikely]]
    agree(thread);
  if (isAlone(thread.order)) [[likely]]
    return record;
  auto& counter = ticketCounters[ring::ticketCounter(record.address())];
  const std::uint8_t ticket = ring::nextTicket(counter.load(std::memory_order_relaxed));
  counter.store(ticket, std::memory_order_relaxed);
  return record.withTicket(ticket);
}

// Before the first event of a ring file whose process was attached: the collector counts on it.
inline void forgetTickets() {
  for (auto& counter : ticketCounters) counter.store(0, std::memory_order_relaxed);
}

}  // namespace heapatlas::runtime
