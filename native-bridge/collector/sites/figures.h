// What is counted of a group of allocations (a call site, a label, a pool): live now, in total, and over the last
// second. Entry: allocated and released, called for every event of the group; rate.
#pragma once

#include <algorithm>
#include <cstdint>

namespace heapatlas::collector {

// Sums of sizes that another process wrote: they may be anything, and must not be undefined.
constexpr std::int64_t wrappedSum(std::int64_t sum, std::uint64_t bytes) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + bytes);
}
constexpr std::int64_t wrappedDifference(std::int64_t sum, std::uint64_t bytes) { return wrappedSum(sum, 0 - bytes); }

struct Figures {
  std::int64_t liveBytes = 0;
  double liveCount = 0;  // whole numbers but for sampled programs; exact up to 2^53
  std::uint64_t totalBytes = 0;
  double totalCount = 0;
  double thisSecond = 0;
  double lastSecond = 0;
  std::uint32_t second = 0;  // that thisSecond counts

  constexpr void allocated(std::uint64_t bytes, double count, std::uint32_t now) {
    liveBytes = wrappedSum(liveBytes, bytes);
    liveCount += count;
    totalBytes += bytes;
    totalCount += count;
    if (second != now) roll(now);
    thisSecond += count;
  }
  constexpr void released(std::uint64_t bytes, double count) {
    liveBytes = wrappedDifference(liveBytes, bytes);
    liveCount -= count;
  }
  constexpr void forgetLive() {
    liveBytes = 0;
    liveCount = 0;
  }
  constexpr void add(const Figures& other) {
    liveBytes = wrappedSum(liveBytes, static_cast<std::uint64_t>(other.liveBytes));
    liveCount += other.liveCount;
    totalBytes += other.totalBytes;
    totalCount += other.totalCount;
    const std::uint32_t newer = std::max(second, other.second);
    if (second != newer) roll(newer);
    if (other.second == newer) thisSecond += other.thisSecond;
    if (other.second == newer) lastSecond += other.lastSecond;
    if (other.second + 1 == newer) lastSecond += other.thisSecond;
  }
  // Allocations a second over the last one, at a time in nanoseconds.
  constexpr double rate(std::uint64_t nanos) const {
    const auto now = static_cast<std::uint32_t>(nanos / 1'000'000'000);
    const double passed = static_cast<double>(nanos % 1'000'000'000) / 1e9;
    if (second == now) return thisSecond + lastSecond * (1 - passed);
    if (second + 1 == now) return thisSecond * (1 - passed);
    return second > now ? thisSecond : 0;
  }

 private:
  constexpr void roll(std::uint32_t now) {
    lastSecond = second + 1 == now ? thisSecond : 0;
    thisSecond = 0;
    second = now;
  }
};

// The same with the most bytes that were live at once.
struct PeakFigures : Figures {
  std::int64_t peakBytes = 0;

  constexpr void allocated(std::uint64_t bytes, double count, std::uint32_t now) {
    Figures::allocated(bytes, count, now);
    peakBytes = std::max(peakBytes, liveBytes);
  }
};

}  // namespace heapatlas::collector
