// Loads of stack words that never fault. Between the stack pointer at the start and the end of the thread's own stack
// they are plain; elsewhere (coroutines, alternate signal stacks, unknown bounds) the page is asked for first.
// Used by the walk; one a thread.
#pragma once

#include <cstring>

#include "generations.h"
#include "system.h"
#include "unwind.h"

namespace heapatlas::unwind {

class StackReads {
 public:
  void setBounds(StackBounds bounds) { bounds_ = bounds; }
  const StackBounds& bounds() const { return bounds_; }
  bool inBounds(std::uint64_t address) const { return address >= bounds_.low && address + 8 <= bounds_.high; }

  // From here on loads at or above sp are plain, if sp lies in the thread's own stack.
  void startAt(std::uint64_t sp) {
    plainLow_ = inBounds(sp) ? sp : ~0ull;
    foreign_ = !inBounds(sp);
  }

  bool load(std::uint64_t address, std::uint64_t& value) {
    if (address % 8 != 0) return false;
    if (address < plainLow_ || address + 8 > bounds_.high) {
      if (!proven(address)) return false;
      foreign_ = true;
    }
    std::memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
    return true;
  }

  // Whether a load since startAt was not plain.
  bool foreign() const { return foreign_; }

 private:
  struct Page {
    std::uint64_t number;
    std::uint32_t generation;
  };
  static constexpr std::size_t kPages = 32;

  bool proven(std::uint64_t address) {
    const std::uint64_t number = address >> 12;
    const std::uint32_t generation = foreignGeneration.load(std::memory_order_acquire);
    Page& page = pages_[number % kPages];
    if (page.number == number && page.generation == generation) return true;
    if (!readable(address)) return false;
    page = {number, generation};
    return true;
  }

  StackBounds bounds_;
  std::uint64_t plainLow_;
  bool foreign_;
  Page pages_[kPages];
};

}  // namespace heapatlas::unwind
