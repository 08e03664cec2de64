// The time stamp counter, and what its ticks are in nanoseconds.
// Entry: TickClock::nanos, called by the order room for Time records. Must hold: never goes below 0 or beyond now.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstdint>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace heapatlas::collector {

inline std::uint64_t ticksNow() {
#if defined(__x86_64__)
  return __rdtsc();
#elif defined(__aarch64__)
  std::uint64_t ticks;
  asm volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
#error "HeapAtlas needs the time stamp counter of x86-64 or AArch64"
#endif
}

inline std::uint64_t monotonicNanos() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

// Since 1970, by this machine's clock.
inline std::uint64_t realNanos() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

// Nanoseconds since a process's start from its ticks. The rate is measured between two readings of both clocks, and
// gets better as the process gets older.
class TickClock {
 public:
  TickClock() = default;
  TickClock(std::uint64_t startTicks, std::uint64_t startNanos) : startTicks_(startTicks), startNanos_(startNanos) {
    update();
  }

  void update() {
    const std::uint64_t ticks = ticksNow();
    const std::uint64_t nanos = monotonicNanos();
    nowTicks_ = std::max(ticks, startTicks_ + 1);
    nowNanos_ = std::max(nanos, startNanos_ + 1) - startNanos_;
    nanosPerTick_ = static_cast<double>(nowNanos_) / static_cast<double>(nowTicks_ - startTicks_);
  }
  std::uint64_t nanos(std::uint64_t ticks) const {
    const std::uint64_t bounded = std::clamp(ticks, startTicks_, nowTicks_);
    return static_cast<std::uint64_t>(static_cast<double>(bounded - startTicks_) * nanosPerTick_);
  }
  std::uint64_t nowNanos() const { return nowNanos_; }  // as of the last update, since the process's start
  std::uint64_t nowTicks() const { return nowTicks_; }
  std::uint64_t startTicks() const { return startTicks_; }

 private:
  std::uint64_t startTicks_ = 0;
  std::uint64_t startNanos_ = 0;
  std::uint64_t nowTicks_ = 1;
  std::uint64_t nowNanos_ = 1;
  double nanosPerTick_ = 1;
};

}  // namespace heapatlas::collector
