// Which release ends which allocation's block. Pools' blocks are a heap of their own.
// Entry: Pairing::pair, a process's chunks one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "recording/event.h"
#include "recording/huge_vector.h"

namespace heapatlas::recording {

inline constexpr std::uint32_t kMaxChunkEvents = 1u << 20;
inline constexpr std::uint32_t kNotHere = ~0u;  // not an event of this chunk

constexpr bool beginsBlock(What what) { return allocates(what) || what == What::PoolAllocate; }
constexpr bool endsBlock(What what) { return releases(what) || what == What::PoolRelease; }
constexpr bool ofPool(What what) { return what == What::PoolAllocate || what == What::PoolRelease; }

struct Birth {
  std::uint64_t position = kNoPosition;
  std::uint64_t nanos = 0;
};

// When the blocks began to live that are older than the chunk at hand, by key: see keyOf.
// Equation: a key stands in the first slot at or behind its home that no other key has; load <= 7/8.
class Births {
 public:
  // 24 bytes each. Of those above that number it is not known when they began to live.
  static constexpr std::size_t kMaxBlocks = std::size_t{1} << 23;

  explicit Births(std::size_t maxBlocks = kMaxBlocks) : maxBlocks_(maxBlocks) {}
  void insert(std::uint64_t key, const Birth& birth);
  std::optional<Birth> take(std::uint64_t key);
  void clear();
  std::size_t size() const { return used_; }
  void prefetch(std::uint64_t key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[home(key)]);
  }

 private:
  struct Slot {
    std::uint64_t key;
    std::uint64_t position = kNoPosition;  // then it is empty
    std::uint64_t nanos;
  };
  std::size_t home(std::uint64_t key) const { return key * 0x9e3779b97f4a7c15u >> shift_; }
  std::size_t mask() const { return slots_.size() - 1; }
  void grow();
  std::size_t find(std::uint64_t key) const;

  std::size_t maxBlocks_;
  HugeVector<Slot> slots_;
  unsigned shift_ = 64;
  std::size_t used_ = 0;
};

struct OldRelease {
  std::uint32_t index;  // of the release
  Birth birth;
};

// A realloc that failed: its block goes on with the life that it had.
struct Restored {
  std::uint32_t index;  // of the Restore
  Birth birth;
};

struct Paired {
  std::vector<std::uint32_t> born;       // by event; of a release, which one began its block's life, or kNotHere
  std::vector<std::uint8_t> again;       // by event; 1: it begins a block where one at least as large began before
  std::vector<OldRelease> old;           // the releases whose block is not of this chunk
  std::vector<Restored> restored;        // in their order
  std::vector<std::uint32_t> survivors;  // what began a life that lasts at the chunk's end
};

// When the life began that one of these events began, or, where it restored a block, gave back.
Birth birthOf(std::span<const Event> events, const Paired& paired, std::uint32_t index, std::uint64_t firstPosition);

class Pairing {
 public:
  // At most kMaxChunkEvents, each chunk's first position the end of the one before. Good until the next call.
  const Paired& pair(std::span<const Event> events, std::uint64_t firstPosition);

 private:
  // Of the event that began a block's life, plus 1, and above it bits of its key's hash; 0: the slot is empty.
  using Slot = std::uint32_t;
  static constexpr unsigned kIndexBits = 21;
  static constexpr Slot kIndexMask = (1u << kIndexBits) - 1;
  static_assert(kMaxChunkEvents < kIndexMask);
  static std::uint64_t hashOf(const Event& event);
  Slot& slotOf(std::span<const Event> events, const Event& event);
  void prefetch(const Event& event) const;
  void prefetchBlock(std::span<const Event> events, const Event& event) const;
  void begin(std::span<const Event> events, std::uint32_t index);
  void end(std::span<const Event> events, std::uint32_t index);
  void keepMoved(std::span<const Event> events, std::uint32_t index, std::uint64_t firstPosition);
  void restore(std::span<const Event> events, std::uint32_t index, std::uint64_t firstPosition);
  void forget();
  void settle(std::span<const Event> events, std::uint64_t firstPosition);

  HugeVector<Slot> slots_;  // open addressing, linear probing
  unsigned shift_ = 64;
  struct Moved {
    std::uint64_t address = 0;
    Birth birth;
  };

  Births births_;
  absl::flat_hash_map<std::uint32_t, Moved> moved_;  // by thread: the block that its latest realloc took, if it fails
  std::vector<std::uint8_t> lives_;                  // by event: it began a block's life, which lasts; 1 or 0
  Paired paired_;
};

}  // namespace heapatlas::recording
