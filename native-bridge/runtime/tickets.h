// The order of one address's events across threads. Each event of the heap takes the next number of a counter that its
// address shares with a few others; what the program does with one address happens in turn, so the numbers tell the
// order, without a clock or an atomic operation. Main entry: ticketed, called by every writer of heap records.
// Must hold: an allocation takes its ticket after the real call, a release before it. Counters of different addresses
// may meet, and an increment may then be lost: the collector takes what comes late as it comes.
#pragma once

#include <atomic>
#include <cstdint>

#include "process.h"
#include "ring/ring.h"

namespace heapatlas::runtime {

extern std::atomic<std::uint8_t> ticketCounters[ring::kTicketCounters];

// A thread that is alone needs no tickets: its ring is the order.
[[gnu::always_inline]] inline ring::Record ticketed(ring::Record record) {
  if (hot.threaded.load(std::memory_order_relaxed) == 0) [[likely]]
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
