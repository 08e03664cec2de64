// One live allocation as the table keeps it: 8 bytes, no address (its place says that).
// Entry: Entry::make; used by LiveTable and whoever reads it. Must hold: a size of kLargeCode is looked up by address.
//
//   bit 0                 24                    46                  64
//   ┌─────────────────────┬─────────────────────┬───────────────────┐
//   │ context id (24)     │ size (22)           │ time, 250 ms (18) │
//   └─────────────────────┴─────────────────────┴───────────────────┘
#pragma once

#include <algorithm>
#include <cstdint>

namespace heapatlas::collector {

struct Entry {
  static constexpr std::uint32_t kMaxContexts = (1u << 24) - 1;  // one less than the bits can say: see kNone
  static constexpr std::uint64_t kLargeCode = (1u << 22) - 1;
  static constexpr std::uint64_t kTimeUnitNanos = 250'000'000;
  static constexpr std::uint64_t kMaxTime = (1u << 18) - 1;  // 18 hours; later times stay there
  static constexpr std::uint64_t kNone = ~0ull;              // no block, whose place is kept for the next one there

  std::uint64_t bits = 0;

  static constexpr std::uint64_t sizeCode(std::uint64_t size) { return std::min(size, kLargeCode); }
  static constexpr Entry make(std::uint32_t context, std::uint64_t size, std::uint64_t nanos) {
    return {static_cast<std::uint64_t>(context < kMaxContexts ? context : 0) | sizeCode(size) << 24 |
            std::min(nanos / kTimeUnitNanos, kMaxTime) << 46};
  }
  constexpr std::uint32_t context() const { return static_cast<std::uint32_t>(bits & 0xffffff); }
  constexpr std::uint64_t code() const { return bits >> 24 & kLargeCode; }
  constexpr bool large() const { return code() == kLargeCode; }
  constexpr std::uint64_t nanos() const { return (bits >> 46) * kTimeUnitNanos; }
};
static_assert(sizeof(Entry) == 8);
static_assert(Entry::make(0xabcdef, 12345, 7'000'000'000).context() == 0xabcdef);
static_assert(Entry::make(0xabcdef, 12345, 7'000'000'000).code() == 12345);
static_assert(Entry::make(0xabcdef, 12345, 7'000'000'000).nanos() == 7'000'000'000);
static_assert(Entry::make(1, 1ull << 40, 0).large());
static_assert(Entry::make(~0u, ~0ull, ~0ull).bits != Entry::kNone);

}  // namespace heapatlas::collector
