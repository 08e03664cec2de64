// Who allocated: (stack node, thread, labels, sampling) interned to the 24-bit id that an Entry carries.
// Entry: Contexts::intern, called by the drain through each ring's own small cache.
// Must hold: ids are never reused; id 0 stands for "unknown" and for all beyond 2^24.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "table/entry.h"

namespace heapatlas::collector {

struct Context {
  std::uint32_t node = 0;          // stack node
  std::uint32_t thread = 0;        // index in ThreadTable
  std::uint32_t labels = 0;        // index in LabelSets
  float sampleMean = 0;            // bytes; 0: every allocation is recorded
  std::uint32_t site = 0;          // index in the heap's sites, and where there are labels …
  std::uint32_t labelledSite = 0;  // … in those told apart by them

  bool sameKey(const Context& other) const {
    return node == other.node && thread == other.thread && labels == other.labels && sampleMean == other.sampleMean;
  }
  friend bool operator==(const Context& a, const Context& b) { return a.sameKey(b); }
  template <typename H>
  friend H AbslHashValue(H h, const Context& c) {
    return H::combine(std::move(h), c.node, c.thread, c.labels, c.sampleMean);
  }
};

class Contexts {
 public:
  Contexts() : contexts_(1) { ids_.emplace(contexts_[0], 0); }

  // findSites sets the sites of a new context.
  std::uint32_t intern(Context key, auto&& findSites) {
    const auto found = ids_.find(key);
    if (found != ids_.end()) return found->second;
    if (contexts_.size() == Entry::kMaxContexts) return 0;
    findSites(key);
    const auto id = static_cast<std::uint32_t>(contexts_.size());
    contexts_.push_back(key);
    ids_.emplace(key, id);
    return id;
  }
  const Context& operator[](std::uint32_t id) const { return contexts_[id < contexts_.size() ? id : 0]; }
  std::size_t size() const { return contexts_.size(); }

 private:
  std::vector<Context> contexts_;
  absl::flat_hash_map<Context, std::uint32_t> ids_;
};

}  // namespace heapatlas::collector
