// See sampling.h.
#include "sampling.h"

#include <sys/mman.h>

#include <bit>
#include <cstring>

#include "process.h"
#include "system.h"
#include "thread.h"

namespace heapatlas::runtime {

constinit std::atomic<std::uint8_t> sampledFilter[std::size_t{1} << kFilterBits]{};

namespace {

constexpr unsigned kTableBits = 20;
constexpr std::size_t kTableSlots = std::size_t{1} << kTableBits;
constexpr std::size_t kMaxProbe = 128;
constexpr std::uint64_t kRemoved = 1;
constexpr std::uint8_t kSaturated = 255;  // a counter that reached this stays: never a false 'not sampled'
constinit std::atomic<std::uint64_t> table[kTableSlots]{};  // untouched pages cost nothing

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
  double mantissa = std::bit_cast<double>((bits & ((1ull << 52) - 1)) | 0x3ff0000000000000u);
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
  return -logarithm(uniform) * static_cast<double>(process.header->sampleMean.load(std::memory_order_relaxed));
}

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

bool rememberSample(std::uint64_t address) {
  const std::size_t start = home(address);
  for (std::size_t probe = 0; probe < kMaxProbe; ++probe) {
    auto& slot = table[(start + probe) % kTableSlots];
    std::uint64_t old = slot.load(std::memory_order_relaxed);
    if (old > kRemoved || !slot.compare_exchange_strong(old, address)) continue;
    count(address);
    return true;
  }
  return false;
}

bool forgetSample(std::uint64_t address) {
  const std::size_t start = home(address);
  for (std::size_t probe = 0; probe < kMaxProbe; ++probe) {
    auto& slot = table[(start + probe) % kTableSlots];
    std::uint64_t old = slot.load(std::memory_order_relaxed);
    if (old == 0) return false;
    if (old != address || !slot.compare_exchange_strong(old, kRemoved)) continue;
    uncount(address);
    return true;
  }
  return false;
}

void forgetSamples() {
  syscall(SYS_madvise, table, sizeof table, MADV_DONTNEED);
  std::memset(static_cast<void*>(sampledFilter), 0, sizeof sampledFilter);
}

}  // namespace heapatlas::runtime
