// The index behind trie.h: private entries beside the shared nodes, under the same ids. The children of a node form a
// digital search tree, branching by the next bit of the scrambled pc; most nodes have one child, which was made right
// behind its parent. So a path that is looked up again lies together in memory, where a hash table would scatter it.
// Links only ever change from none to a node; codes differ, so a tree is at most 64 deep. In a forked child a capture
// that the fork interrupted may link a node of before: its parent, or its depth, then tells that it is not meant.
#include "trie.h"

#include <atomic>

#include "system.h"

namespace heapatlas::unwind {
namespace {

constexpr unsigned kFlagBits = 2;
static_assert((kNodeExact | kNodeCut) < 1u << kFlagBits);
constexpr std::uint64_t kScramble = 0xd1342543de82ef95ull;  // odd: different codes stay different

constexpr int kDeepest = 64;

struct Entry {
  std::atomic<std::uint64_t> code;     // pc and flags
  std::atomic<std::uint32_t> child;    // top of the tree of its children; 0: none
  std::atomic<std::uint32_t> next[2];  // below it in the tree that it stands in
  std::atomic<std::uint32_t> parent;
};
static_assert(sizeof(Entry) == 24);
constexpr std::size_t kEntryBytes = sizeof(Entry) * std::size_t{ring::kMaxNodes};

Entry* entries = nullptr;
RingParts shared{};

// The file must hold the node before the count says so: the collector reads everything below the count.
std::uint32_t newNode(std::uint32_t parent, std::uint64_t code) {
  std::uint32_t id = shared.header->nodeCount.load(std::memory_order_relaxed);
  do {
    // A parent comes before its children, or it is of the image before a fork.
    if (parent >= id || id >= ring::kMaxNodes || !shared.reserveNodes(id + 1)) return 0;
  } while (!shared.header->nodeCount.compare_exchange_weak(id, id + 1, std::memory_order_relaxed));
  shared.nodes[id] = {code >> kFlagBits, parent, static_cast<std::uint32_t>(code & ((1u << kFlagBits) - 1))};
  entries[id].code.store(code, std::memory_order_relaxed);
  entries[id].parent.store(parent, std::memory_order_relaxed);
  return id;
}

}  // namespace

void startTrie(const RingParts& parts) {
  // Not given back: in a forked child a capture that a signal handler interrupted may still go on in there.
  if (entries != nullptr) zeroPages(entries, kEntryBytes);
  if (entries == nullptr) entries = static_cast<Entry*>(takePages(kEntryBytes));
  shared = parts;
  shared.header->nodeCount.store(1);
}

void countCutStack() { shared.header->stackFallbacks.fetch_add(1, std::memory_order_relaxed); }

void forgetNodes() {
  if (entries != nullptr) entries[0].child.store(0, std::memory_order_release);
}

std::uint32_t internNode(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags) {
  if (entries == nullptr) return 0;
  const std::uint64_t code = pc << kFlagBits | flags;
  std::atomic<std::uint32_t>* link = &entries[parent].child;
  std::uint32_t fresh = 0;
  std::uint64_t way = code * kScramble;
  for (int depth = 0; depth <= kDeepest; ++depth, way <<= 1) {
    std::uint32_t id = link->load(std::memory_order_acquire);
    if (id == 0) {
      if (fresh == 0) fresh = newNode(parent, code);
      if (fresh == 0 || link->compare_exchange_strong(id, fresh, std::memory_order_acq_rel)) return fresh;
    }
    Entry& entry = entries[id];
    if (entry.code.load(std::memory_order_relaxed) == code && entry.parent.load(std::memory_order_relaxed) == parent) {
      return id;
    }
    link = &entry.next[way >> 63];
  }
  return 0;
}

}  // namespace heapatlas::unwind
