// What the program's probes say of its memory: the sets of labels that blocks carry, with their figures.
// Entry: intern, for each change of a thread's labels; allocated and released, called by Heap for a labelled block.
// Must hold: index 0 is the set without a label, whose figures nobody keeps; an index is never reused.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ring/ring.h"
#include "sites/site_table.h"

namespace heapatlas::collector {

// Names by ring::Label, without the pool's.
using LabelNames = std::array<std::uint32_t, 4>;
static_assert(static_cast<std::size_t>(ring::Label::Pool) == std::tuple_size_v<LabelNames>);

struct LabelFigures {
  std::int64_t liveBytes = 0;
  double liveCount = 0;  // whole numbers but for sampled programs
  std::uint64_t totalBytes = 0;
  double totalCount = 0;

  constexpr void allocated(std::uint64_t bytes, double count) {
    liveBytes = wrappedSum(liveBytes, bytes);
    liveCount += count;
    totalBytes += bytes;
    totalCount += count;
  }
  constexpr void released(std::uint64_t bytes, double count) {
    liveBytes = wrappedDifference(liveBytes, bytes);
    liveCount -= count;
  }
  constexpr void add(const LabelFigures& other) {
    liveBytes = wrappedSum(liveBytes, static_cast<std::uint64_t>(other.liveBytes));
    liveCount += other.liveCount;
    totalBytes += other.totalBytes;
    totalCount += other.totalCount;
  }
  void forgetLive() {
    liveBytes = 0;
    liveCount = 0;
  }
};

class LabelSets {
 public:
  static constexpr std::uint32_t kMaxSets = 1u << 16;  // later ones are counted without their labels

  struct Set {
    LabelNames names{};
    LabelFigures figures;
  };

  LabelSets() : sets_(1) { byNames_.emplace(LabelNames{}, 0); }

  std::uint32_t intern(const LabelNames& names) {
    const auto found = byNames_.find(names);
    if (found != byNames_.end()) return found->second;
    if (sets_.size() == kMaxSets) return 0;
    sets_.push_back({names, {}});
    return byNames_[names] = static_cast<std::uint32_t>(sets_.size() - 1);
  }
  Set& operator[](std::uint32_t index) { return sets_[index < sets_.size() ? index : 0]; }
  const Set& operator[](std::uint32_t index) const { return sets_[index < sets_.size() ? index : 0]; }
  const std::vector<Set>& all() const { return sets_; }
  void forgetLive() {
    for (Set& set : sets_) set.figures.forgetLive();
  }

 private:
  std::vector<Set> sets_;
  absl::flat_hash_map<LabelNames, std::uint32_t> byNames_;
};

}  // namespace heapatlas::collector
