// The index behind trie.h: open addressing over node ids, each level sixteen times the one before.
#include "trie.h"

#include <atomic>

#include "system.h"

namespace heapatlas::unwind {
namespace {

constexpr int kLevels = 4;
constexpr unsigned kFirstBits = 13;
constexpr unsigned kBitsALevel = 4;

using Slot = std::atomic<std::uint32_t>;

struct Level {
  std::atomic<Slot*> slots{nullptr};
  std::atomic<std::uint32_t> used{0};
};

Level levels[kLevels];
ring::Header* shared = nullptr;
ring::StackNode* nodes = nullptr;
ReserveNodes reserve = nullptr;

constexpr unsigned bits(int level) { return kFirstBits + kBitsALevel * static_cast<unsigned>(level); }
constexpr std::size_t levelBytes(int level) { return sizeof(Slot) << bits(level); }

std::uint64_t hash(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags) {
  std::uint64_t h = (pc ^ static_cast<std::uint64_t>(parent) << 40 ^ flags) * 0x9E3779B97F4A7C15ull;
  h ^= h >> 29;
  return (h + parent) * 0xBF58476D1CE4E5B9ull;
}

Slot* slotsOf(int level) {
  Slot* slots = levels[level].slots.load(std::memory_order_acquire);
  if (slots != nullptr) return slots;
  auto* fresh = static_cast<Slot*>(takePages(levelBytes(level)));
  if (fresh == nullptr) return nullptr;
  if (levels[level].slots.compare_exchange_strong(slots, fresh, std::memory_order_acq_rel)) return fresh;
  returnPages(fresh, levelBytes(level));
  return slots;
}

// The file must hold the node before the count says so: the collector reads everything below the count.
std::uint32_t newNode(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags) {
  std::uint32_t id = shared->nodeCount.load(std::memory_order_relaxed);
  do {
    if (id >= ring::kMaxNodes || !reserve(id + 1)) return 0;
  } while (!shared->nodeCount.compare_exchange_weak(id, id + 1, std::memory_order_relaxed));
  nodes[id] = {pc, parent, flags};
  return id;
}

}  // namespace

void startTrie(ring::Header* header, ring::StackNode* shadow, ReserveNodes reserveNodes) {
  for (int i = 0; i < kLevels; ++i) {
    // Not given back: in a forked child a capture that a signal handler interrupted may still go on in there.
    Slot* old = levels[i].slots.load();
    if (old != nullptr) zeroPages(old, levelBytes(i));
    levels[i].used.store(0);
  }
  shared = header;
  nodes = shadow;
  reserve = reserveNodes;
  shared->nodeCount.store(1);
}

void countCutStack() { shared->stackFallbacks.fetch_add(1, std::memory_order_relaxed); }

void forgetNodes() {
  for (int i = 0; i < kLevels; ++i) {
    Slot* slots = levels[i].slots.load(std::memory_order_acquire);
    if (slots == nullptr) continue;
    levels[i].used.store(0, std::memory_order_relaxed);
    zeroPages(slots, levelBytes(i));
  }
}

std::uint32_t internNode(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags) {
  const std::uint64_t h = hash(parent, pc, flags);
  std::uint32_t fresh = 0;
  for (int level = 0; level < kLevels; ++level) {
    Slot* slots = slotsOf(level);
    if (slots == nullptr) return 0;
    const std::uint64_t mask = (1ull << bits(level)) - 1;
    const bool open = levels[level].used.load(std::memory_order_relaxed) < mask / 2 || level == kLevels - 1;
    for (std::uint64_t at = h >> 20 & mask;; at = (at + 1) & mask) {
      std::uint32_t id = slots[at].load(std::memory_order_acquire);
      if (id == 0) {
        if (!open) break;
        if (fresh == 0) fresh = newNode(parent, pc, flags);
        if (fresh == 0) return 0;
        if (slots[at].compare_exchange_strong(id, fresh, std::memory_order_acq_rel)) {
          levels[level].used.fetch_add(1, std::memory_order_relaxed);
          return fresh;
        }
      }
      const ring::StackNode& node = nodes[id];
      if (node.pc == pc && node.parent == parent && node.flags == flags) return id;
    }
  }
  return 0;
}

}  // namespace heapatlas::unwind
