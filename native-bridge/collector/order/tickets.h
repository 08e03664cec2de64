// Whose turn it is among the events of one address, from the tickets that a program with several threads writes.
// Entry: isTurn, take, called by RingDrain for each record of the heap. Must hold: a wrong ticket delays, and never
// keeps an event away; what is not known yet, or comes late, has its turn at once.
#pragma once

#include <cstdint>
#include <vector>

#include "ring/ring.h"

namespace heapatlas::collector {

class Tickets {
 public:
  // Every counter stood at nothing when the events began, and none of them has been read.
  void expectFirst() { next_.assign(ring::kTicketCounters, ring::nextTicket(0)); }
  // Whether all earlier events of its address are known to have been taken.
  bool isNext(const ring::Record& record) const {
    return !next_.empty() && record.ticket() != 0 && record.ticket() == next_[ring::ticketCounter(record.address())];
  }
  bool isTurn(const ring::Record& record) const {
    if (next_.empty()) return true;
    const std::uint8_t next = next_[ring::ticketCounter(record.address())];
    return next == 0 || !isAhead(record.ticket(), next) || record.ticket() == next;
  }
  // Whatever should have come before has been given up when it is not the record's turn.
  void take(const ring::Record& record) {
    if (next_.empty()) next_.resize(ring::kTicketCounters);
    std::uint8_t& next = next_[ring::ticketCounter(record.address())];
    if (next == 0 || isAhead(record.ticket(), next)) next = ring::nextTicket(record.ticket());
  }
  // Events were lost: nothing is known of any counter.
  void forget() { next_.assign(next_.size(), 0); }

 private:
  // Or equal. Tickets go around from 255 to 1.
  static bool isAhead(std::uint8_t ticket, std::uint8_t next) { return (ticket + 255u - next) % 255u < 128u; }

  std::vector<std::uint8_t> next_;  // by counter; 0: not known
};

}  // namespace heapatlas::collector
