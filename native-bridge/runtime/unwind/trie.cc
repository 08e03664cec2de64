// The index behind trie.h: open addressing over node ids, each level sixteen times the one before.
#include "trie.h"

#include <sys/mman.h>

#include <atomic>

namespace heapatlas::unwind {
namespace {

constexpr int kLevels = 4;
constexpr unsigned kFirstBits = 13;
constexpr unsigned kBitsALevel = 4;

struct Level {
  std::atomic<std::atomic<std::uint32_t>*> slots{nullptr};
  std::atomic<std::uint32_t> used{0};
};
Level levels[kLevels];
ring::Header* shared = nullptr;
ring::StackNode* nodes = nullptr;
ReserveNodes reserve = nullptr;

constexpr unsigned bits(int level) { return kFirstBits + kBitsALevel * static_cast<unsigned>(level); }

std::uint64_t hash(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags) {
  std::uint64_t h = (pc ^ static_cast<std::uint64_t>(parent) << 40 ^ flags) * 0x9E3779B97F4A7C15ull;
  h ^= h >> 29;
  return (h + parent) * 0xBF58476D1CE4E5B9ull;
}

std::atomic<std::uint32_t>* slotsOf(int level) {
  auto* slots = levels[level].slots.load(std::memory_order_acquire);
  if (slots != nullptr) return slots;
  const std::size_t bytes = sizeof(std::uint32_t) << bits(level);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  auto* fresh = static_cast<std::atomic<std::uint32_t>*>(memory);
  if (levels[level].slots.compare_exchange_strong(slots, fresh, std::memory_order_acq_rel)) return fresh;
  munmap(memory, bytes);
  return slots;
}

std::uint32_t newNode(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags) {
  const std::uint32_t id = shared->nodeCount.fetch_add(1, std::memory_order_relaxed);
  if (id >= ring::kMaxNodes) {
    shared->nodeCount.store(ring::kMaxNodes, std::memory_order_relaxed);
    return 0;
  }
  if (!reserve(id + 1)) return 0;
  nodes[id] = {pc, parent, flags};
  return id;
}

}  // namespace

void startTrie(ring::Header* header, ring::StackNode* shadow, ReserveNodes reserveNodes) {
  for (int i = 0; i < kLevels; ++i) {
    auto* old = levels[i].slots.exchange(nullptr);
    if (old != nullptr) munmap(old, sizeof(std::uint32_t) << bits(i));
    levels[i].used.store(0);
  }
  shared = header;
  nodes = shadow;
  reserve = reserveNodes;
  shared->nodeCount.store(1);
}

std::uint32_t internNode(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags) {
  const std::uint64_t h = hash(parent, pc, flags);
  std::uint32_t fresh = 0;
  for (int level = 0; level < kLevels; ++level) {
    auto* slots = slotsOf(level);
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
