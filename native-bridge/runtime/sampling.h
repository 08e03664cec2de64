// Sampled mode: a Poisson process over allocated bytes, so that an allocation of s bytes is kept with the chance
// 1 - exp(-s / mean). A release is recorded when its allocation was kept; a small filter answers that by one load.
#pragma once

#include "thread.h"

namespace heapatlas::runtime {

void takeSample(Thread& thread, const void* block, std::uint64_t size, const unwind::Registers& caller);
void releaseSample(Thread& thread, const void* block, const unwind::Registers& caller);

inline constexpr std::uint32_t kFilterSlots = 1 << 14;
extern std::atomic<std::uint8_t> sampleFilter[kFilterSlots];

inline std::uint32_t filterSlot(const void* block) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uint64_t>(block) * 0x9E3779B97F4A7C15ull >> 50);
}

inline void sampleAllocation(Thread& thread, const void* block, std::uint64_t size, const unwind::Registers& caller) {
  thread.untilSample -= static_cast<std::int64_t>(size);
  if (thread.untilSample < 0) [[unlikely]] takeSample(thread, block, size, caller);
}

inline void sampleRelease(Thread& thread, const void* block, const unwind::Registers& caller) {
  if (sampleFilter[filterSlot(block)].load(std::memory_order_relaxed) != 0) [[unlikely]] releaseSample(thread, block, caller);
}

}  // namespace heapatlas::runtime
