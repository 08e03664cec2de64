// The kept addresses and the distances between samples, behind sampling.h.
#include "sampling.h"

namespace heapatlas::runtime {

std::atomic<std::uint8_t> sampleFilter[kFilterSlots];

namespace {

constexpr std::uint32_t kKept = 1 << 16;  // addresses of live samples; more are not kept
constexpr std::uint32_t kProbes = 64;
std::atomic<std::uint64_t> kept[kKept];

// -ln(u) for u uniform in (0, 1], by the binary exponent and a polynomial of the mantissa: relative error below 1e-4,
// far below a sample's own spread, and without libm.
double negativeLog(std::uint64_t random) {
  const std::uint64_t bits = random >> 12 | 1;
  const int zeros = __builtin_clzll(bits) - 11;
  const double mantissa = static_cast<double>(bits << zeros) / static_cast<double>(1ull << 53) * 2.0;  // [1, 2)
  const double t = (mantissa - 1.0) / (mantissa + 1.0);
  const double t2 = t * t;
  const double log = 2.0 * t * (1.0 + t2 * (1.0 / 3 + t2 * (1.0 / 5 + t2 * (1.0 / 7 + t2 / 9))));
  return (zeros) * 0.6931471805599453 + 0.6931471805599453 - log;
}

std::int64_t nextDistance(Thread& thread) {
  std::uint64_t& x = thread.random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return static_cast<std::int64_t>(negativeLog(x) * static_cast<double>(shared.header->sampleMean.load())) + 1;
}

bool keep(std::uint64_t address) {
  std::uint64_t at = address * 0x9E3779B97F4A7C15ull >> 48;
  for (std::uint32_t i = 0; i < kProbes; ++i, ++at) {
    std::uint64_t free = 0;
    if (kept[at % kKept].compare_exchange_strong(free, address)) return true;
  }
  return false;
}

bool forget(std::uint64_t address) {
  std::uint64_t at = address * 0x9E3779B97F4A7C15ull >> 48;
  for (std::uint32_t i = 0; i < kProbes; ++i, ++at) {
    std::uint64_t expected = address;
    if (kept[at % kKept].compare_exchange_strong(expected, 0)) return true;
  }
  return false;
}

}  // namespace

void takeSample(Thread& thread, const void* block, std::uint64_t size, const unwind::Registers& caller) {
  // A thread's first distance is drawn here too: its countdown starts at zero, where nothing was allocated yet.
  const bool first = thread.lastPass == 0 && thread.untilSample == -static_cast<std::int64_t>(size);
  thread.untilSample = first ? thread.untilSample + nextDistance(thread) : thread.untilSample;
  if (thread.untilSample >= 0) return;
  while (thread.untilSample < 0) thread.untilSample += nextDistance(thread);
  thread.lastPass |= 1;
  if (!keep(reinterpret_cast<std::uint64_t>(block))) return;
  sampleFilter[filterSlot(block)].fetch_add(1, std::memory_order_relaxed);
  recordEvent(thread, State::Full, ring::Kind::SampledAlloc, block, size, caller, true);
}

void releaseSample(Thread& thread, const void* block, const unwind::Registers& caller) {
  if (!forget(reinterpret_cast<std::uint64_t>(block))) return;
  sampleFilter[filterSlot(block)].fetch_sub(1, std::memory_order_relaxed);
  recordEvent(thread, State::Full, ring::Kind::SampledFree, block, 0, caller, true);
}

}  // namespace heapatlas::runtime
