// What the program's probes say of its memory: the sets of labels that blocks carry, and the figures of each label.
// Entry: intern, for each change of a thread's labels; allocated and released, called by Heap for a labelled block.
// Must hold: index 0 is the set without a label; an index is never reused.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ring/ring.h"
#include "sites/figures.h"

namespace heapatlas::collector {

// Names by ring::Label, without the pool's.
using LabelNames = std::array<std::uint32_t, 4>;
static_assert(static_cast<std::size_t>(ring::Label::Pool) == std::tuple_size_v<LabelNames>);

class LabelSets {
 public:
  static constexpr std::uint32_t kMaxSets = 1u << 16;  // later ones are counted without their labels

  struct Set {
    LabelNames names{};
    LabelNames labels{};  // indices of labels(), for the names that are there
  };
  struct Label {
    std::size_t kind = 0;  // an index of LabelNames
    std::uint32_t name = 0;
    PeakFigures figures;
  };

  LabelSets() : sets_(1) { byNames_.emplace(LabelNames{}, 0); }

  std::uint32_t intern(const LabelNames& names) {
    const auto found = byNames_.find(names);
    if (found != byNames_.end()) return found->second;
    if (sets_.size() == kMaxSets) return 0;
    Set& set = sets_.emplace_back();
    set.names = names;
    for (std::size_t kind = 0; kind < names.size(); ++kind) {
      if (names[kind] != 0) set.labels[kind] = labelOf(kind, names[kind]);
    }
    return byNames_[names] = static_cast<std::uint32_t>(sets_.size() - 1);
  }
  void allocated(std::uint32_t set, std::uint64_t bytes, double count, std::uint32_t second) {
    forEachLabel(set, [&](PeakFigures& figures) { figures.allocated(bytes, count, second); });
  }
  void released(std::uint32_t set, std::uint64_t bytes, double count) {
    forEachLabel(set, [&](PeakFigures& figures) { figures.released(bytes, count); });
  }
  const Set& operator[](std::uint32_t index) const { return sets_[index < sets_.size() ? index : 0]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(sets_.size()); }
  const std::vector<Label>& labels() const { return labels_; }
  // Nothing is counted any more; sets and labels keep their indices.
  void reset() {
    for (Label& label : labels_) label.figures = {};
  }
  void set(std::size_t kind, std::uint32_t name, const PeakFigures& figures) {
    const auto found = byName_.find(std::pair(kind, name));
    if (found != byName_.end()) labels_[found->second].figures = figures;
  }
  void forgetLive() {
    for (Label& label : labels_) label.figures.forgetLive();
  }

 private:
  std::uint32_t labelOf(std::size_t kind, std::uint32_t name) {
    const auto [found, fresh] = byName_.emplace(std::pair(kind, name), static_cast<std::uint32_t>(labels_.size()));
    if (fresh) labels_.push_back({kind, name, {}});
    return found->second;
  }
  void forEachLabel(std::uint32_t index, auto&& visit) {
    const Set& set = (*this)[index];
    for (std::size_t kind = 0; kind < set.names.size(); ++kind) {
      if (set.names[kind] != 0) visit(labels_[set.labels[kind]].figures);
    }
  }

  std::vector<Set> sets_;
  std::vector<Label> labels_;
  absl::flat_hash_map<LabelNames, std::uint32_t> byNames_;
  absl::flat_hash_map<std::pair<std::size_t, std::uint32_t>, std::uint32_t> byName_;
};

}  // namespace heapatlas::collector
