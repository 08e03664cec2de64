// Where in its ring a thread writes next: the slice that the collector has read most recently. A ring whose collector
// keeps up then lives in a few slices and needs little memory; all of it is used only while the collector lags. Main
// entries: readySlice before a record may be written, enterSlice when the head comes to a new slice. Used by the ring's
// own thread; ring 0 under its lock.
#pragma once

#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::runtime {

struct Thread;

// The slices of one ring that hold nothing unread.
class FreeSlices {
 public:
  // As the control stands, of which the first `backed` slices have memory.
  void begin(const ring::RingControl& control, std::uint32_t backed) {
    const std::uint64_t head = control.head.load();
    *this = {};
    readUpTo_ = control.tail.load(std::memory_order_acquire) / ring::kSliceRecords;
    const std::uint64_t end = (head + ring::kSliceRecords - 1) / ring::kSliceRecords;
    bool unread[ring::kSlices] = {};
    if (end - readUpTo_ <= ring::kSlices) {
      for (std::uint64_t at = readUpTo_; at < end; ++at) unread[ring::sliceOf(control, at)] = true;
    }
    for (std::uint32_t slice = backed; slice-- > 0;) {
      if (!unread[slice]) add(static_cast<std::uint8_t>(slice));
    }
  }
  // Those that the collector has read meanwhile.
  void collect(const ring::RingControl& control) {
    const std::uint64_t readUpTo = control.tail.load(std::memory_order_acquire) / ring::kSliceRecords;
    // More than a ring holds was never unread: somebody scribbled on the tail.
    if (readUpTo - readUpTo_ > ring::kSlices) return;
    for (; readUpTo_ < readUpTo; ++readUpTo_) add(ring::sliceOf(control, readUpTo_));
  }
  void add(std::uint8_t slice) {
    if (count_ < ring::kSlices) slices_[count_++] = slice;
  }
  bool empty() const { return count_ == 0; }
  // The one that was read latest. None is free only where somebody scribbled on the tail: then any with memory will do.
  std::uint8_t take() { return count_ != 0 ? slices_[--count_] : 0; }

 private:
  std::uint64_t readUpTo_{};  // slices of positions below this one have come back
  std::uint32_t count_{};
  std::uint8_t slices_[ring::kSlices]{};
};

// Begins at the published head: of a ring that a thread has just got, or that a jump out of a hook has left.
void takeSeat(Thread& thread);
// Whether there is memory for a further slice. False only when the file system is full.
bool readySlice(Thread& thread);
// Due when head is a multiple of kSliceRecords.
void enterSlice(Thread& thread);

}  // namespace heapatlas::runtime
