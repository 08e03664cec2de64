// Events that did not fit the live table when they were read: they wait, by address, until all that happened before
// them has been read as well.
// Entry: add, called by RingDrain for an event that does not fit or whose address already waits; settle, after each
// pass. Must hold: an event of pass n is settled after pass n + 1, because whatever precedes an event lies below the
// heads that are read after the ones that it lay below.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "order/coverage.h"
#include "order/interleaving.h"
#include "order/journal.h"
#include "ring/ring.h"

namespace heapatlas::collector {

class Disorder {
 public:
  Disorder(Journal& journal, const LiveTable& table, CoverageCounters& coverage)
      : journal_(journal), table_(table), coverage_(coverage), saved_(ring::kMaxRings) {}

  // Blocks may have been live before the first event was read: an address may begin with a release.
  void expectUnknownBlocks() { unknownBlocks_ = true; }
  // Then an event must not be applied before everything that preceded it has been read.
  bool mayHoldUnknown(std::uint64_t address) const {
    if (!unknownBlocks_) return false;
    const auto found = seen_.find(address >> kSeenShift);
    return found == seen_.end() || !found->second[address >> 3 & (kSeenBits - 1)];
  }
  // What follows at this address is certain: its first event has come.
  void seen(std::uint64_t address) { seen_[address >> kSeenShift].set(address >> 3 & (kSeenBits - 1)); }

  // Whatever waits is of an epoch that is over.
  void forget() {
    waiting_.clear();
    filter_.fill(0);
    seen_.clear();
    saved_.assign(saved_.size(), {});
  }

  bool waits(std::uint64_t address) const {
    return filter_[slot(address)] != 0 && waiting_.find(address) != waiting_.end();
  }
  void add(std::uint64_t address, const Waiting& event);
  // Settles what was closed by the pass that just ended; final: everything.
  void settle(std::uint32_t pass, bool final);
  std::size_t addresses() const { return waiting_.size(); }

  // The block that a ring's latest ReallocFrom took, in case that the realloc fails.
  const LiveBlock& saved(std::uint32_t ring) const { return saved_[ring % ring::kMaxRings].block; }
  void save(std::uint32_t ring, std::uint64_t position, const LiveBlock& block) {
    Saved& saved = saved_[ring % ring::kMaxRings];
    if (position >= saved.position) saved = {position, block};
  }

 private:
  using Events = absl::InlinedVector<Waiting, 2>;
  static std::size_t slot(std::uint64_t address) { return (address * 0x9E3779B97F4A7C15ull) >> 52; }

  struct Saved {
    std::uint64_t position = 0;  // of the ReallocFrom: older ones may be settled later
    LiveBlock block;
  };

  std::vector<std::uint32_t> orderOf(std::uint64_t address, const Events& events, std::uint32_t closedBefore) const;
  void settleAddress(std::uint64_t address, Events& events, std::uint32_t closedBefore);
  // The block that a release took.
  std::optional<LiveBlock> apply(std::uint64_t address, const Waiting& event);
  void applyInOrder(std::uint64_t address, Events& events, const std::vector<std::uint32_t>& order);
  void balance(std::uint64_t address, Events& waiting, bool complete);
  void pairUp(std::uint64_t address, const std::vector<Waiting>& allocations, const std::vector<Waiting>& releases,
              bool complete, Events& left);

  static constexpr std::uint32_t kPatience = 16;  // passes for which a contested address waits for a quiet moment

  Journal& journal_;
  const LiveTable& table_;
  CoverageCounters& coverage_;
  bool unknownBlocks_ = false;
  // Addresses of which an event was settled, by page, a bit for 8 bytes; kept for unknownBlocks_ alone.
  static constexpr unsigned kSeenShift = 12;
  static constexpr std::uint64_t kSeenBits = 512;
  absl::flat_hash_map<std::uint64_t, std::bitset<kSeenBits>> seen_;
  absl::flat_hash_map<std::uint64_t, Events> waiting_;
  std::array<std::uint32_t, 4096> filter_{};
  std::vector<Saved> saved_;
};

}  // namespace heapatlas::collector
