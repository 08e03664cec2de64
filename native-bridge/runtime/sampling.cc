// See sampling.h.
#include "sampling.h"

#include <sys/mman.h>

#include <bit>

#include "process.h"
#include "system.h"
#include "thread.h"

namespace heapatlas::runtime {

alignas(4096) constinit std::atomic<std::uint8_t> sampledFilter[std::size_t{1} << kFilterBits]{};

namespace {

constexpr unsigned kTableBits = 20;
constexpr std::size_t kTableSlots = std::size_t{1} << kTableBits;
constexpr std::size_t kMaxProbe = 128;
constexpr std::uint64_t kRemoved = 1;
constexpr std::uint64_t kAddressBits = (std::uint64_t{1} << 48) - 1;
constexpr std::uint8_t kSaturated = 255;  // a counter that reached this stays: never a false 'not sampled'
alignas(4096) constinit std::atomic<std::uint64_t> table[kTableSlots]{};  // untouched pages cost nothing

std::uint64_t nextRandom(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

// Natural logarithm of a number in (0, 1], by its exponent and the series of artanh; off by less than 1e-9.
double logarithm(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  auto mantissa = std::bit_cast<double>((bits & ((1ull << 52) - 1)) | 0x3ff0000000000000u);
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    ++exponent;
  }
  const double s = (mantissa - 1) / (mantissa + 1);
  const double q = s * s;
  const double series =
      1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13))))));
  return 2 * s * series + exponent * 0.6931471805599453;
}

// Exponentially distributed with the wanted mean.
double drawBytes(std::uint64_t& random) {
  const double uniform = static_cast<double>((nextRandom(random) >> 11) + 1) * 0x1p-53;  // (0, 1]
  return -logarithm(uniform) * static_cast<double>(hot.sampleMean.load(std::memory_order_relaxed));
}

// What stands in the table: the address, and above it the end of the epoch's number.
std::uint64_t sampleOf(std::uint64_t address, std::uint64_t epoch) { return address | epoch << 48; }
bool isOfEpoch(std::uint64_t sample, std::uint64_t epoch) { return sample >> 48 == (epoch & 0xffff); }

std::size_t home(std::uint64_t address) { return (address >> 4) * 0x9e3779b97f4a7c15u >> (64 - kTableBits); }

void count(std::uint64_t address) {
  auto& counter = sampledFilter[filterSlot(address)];
  std::uint8_t now = counter.load();
  while (now != kSaturated && !counter.compare_exchange_weak(now, static_cast<std::uint8_t>(now + 1))) {
  }
}

void uncount(std::uint64_t address) {
  auto& counter = sampledFilter[filterSlot(address)];
  std::uint8_t now = counter.load();
  while (now != kSaturated && now != 0 && !counter.compare_exchange_weak(now, static_cast<std::uint8_t>(now - 1))) {
  }
}

}  // namespace

std::int64_t nextSample(Thread& thread) { return static_cast<std::int64_t>(drawBytes(thread.random)); }

bool sampledByChance(std::uint64_t size) {
  std::uint64_t random = ticks() * 0x9e3779b97f4a7c15u | 1;
  nextRandom(random);
  return drawBytes(random) < static_cast<double>(size);
}

// Counted before it is there, and until it is gone, so that whoever takes it out always finds its count.
bool rememberSample(std::uint64_t address, std::uint64_t epoch) {
  const std::uint64_t sample = sampleOf(address, epoch);
  const std::size_t start = home(address);
  count(address);
  for (std::size_t probe = 0; probe < kMaxProbe; ++probe) {
    auto& slot = table[(start + probe) % kTableSlots];
    std::uint64_t old = slot.load(std::memory_order_relaxed);
    const bool stale = old > kRemoved && !isOfEpoch(old, epoch);
    if ((old > kRemoved && !stale) || !slot.compare_exchange_strong(old, sample)) continue;
    if (stale) uncount(old & kAddressBits);
    return true;
  }
  uncount(address);
  return false;
}

bool forgetSample(std::uint64_t address, std::uint64_t epoch) {
  const std::uint64_t sample = sampleOf(address, epoch);
  const std::size_t start = home(address);
  for (std::size_t probe = 0; probe < kMaxProbe; ++probe) {
    auto& slot = table[(start + probe) % kTableSlots];
    std::uint64_t old = slot.load(std::memory_order_relaxed);
    if (old == 0) return false;
    if (old != sample || !slot.compare_exchange_strong(old, kRemoved)) continue;
    uncount(address);
    return true;
  }
  return false;
}

bool wipeSamplesInChildren() {
  return madvise(table, sizeof table, MADV_WIPEONFORK) == 0 &&
         madvise(static_cast<void*>(sampledFilter), sizeof sampledFilter, MADV_WIPEONFORK) == 0;
}

}  // namespace heapatlas::runtime
