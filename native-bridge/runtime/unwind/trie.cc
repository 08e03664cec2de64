// The index behind trie.h: open addressing in levels, each four times the one before; a small program touches few
// pages. Only the top level takes new slots, and every look-up that creates one moves a few slots of the level below
// up, so that soon all look-ups end at the top. A slot holds the whole key: a look-up touches one cache line and never
// the shared nodes. It is written by one 16-byte exchange.
#include "trie.h"

#include <atomic>

#include "system.h"

namespace heapatlas::unwind {
namespace {

constexpr int kLevels = 8;
constexpr unsigned kFirstBits = 12;
constexpr unsigned kBitsALevel = 2;
constexpr std::uint32_t kMovedAtATime = 16;

constexpr unsigned kFlagBits = 2;
static_assert((kNodeExact | kNodeCut) < 1u << kFlagBits);

// code: pc and flags; 0: empty. ids: the node's in the upper half, its parent's in the lower one.
struct alignas(16) Slot {
  std::atomic<std::uint64_t> code;
  std::atomic<std::uint64_t> ids;
};
static_assert(sizeof(Slot) == 16);

struct Level {
  std::atomic<Slot*> slots{nullptr};
  std::atomic<std::uint32_t> used{0};
  // Slots whose move to the next level was begun, and those where it has been done.
  std::atomic<std::uint32_t> moving{0};
  std::atomic<std::uint32_t> moved{0};
};

Level levels[kLevels];
std::atomic<int> topLevel{0};
ring::Header* shared = nullptr;
ring::StackNode* nodes = nullptr;
ReserveNodes reserve = nullptr;

constexpr unsigned bits(int level) { return kFirstBits + kBitsALevel * static_cast<unsigned>(level); }
constexpr std::size_t levelBytes(int level) { return sizeof(Slot) << bits(level); }

struct Key {
  std::uint64_t code;
  std::uint32_t parent;
  std::uint64_t hash;
};

Key keyOf(std::uint32_t parent, std::uint64_t code) {
  std::uint64_t h = (code ^ static_cast<std::uint64_t>(parent) << 38) * 0xd1342543de82ef95ull;
  h ^= h >> 32;
  return {code, parent, h * 0xBF58476D1CE4E5B9ull};
}

// False when another thread took the slot.
bool fill(Slot& slot, std::uint64_t code, std::uint64_t ids) {
  __extension__ using Both = unsigned __int128;
  return __sync_bool_compare_and_swap(reinterpret_cast<Both*>(&slot), Both{0}, Both{ids} << 64 | code);
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
std::uint32_t newNode(const Key& key) {
  std::uint32_t id = shared->nodeCount.load(std::memory_order_relaxed);
  do {
    if (id >= ring::kMaxNodes || !reserve(id + 1)) return 0;
  } while (!shared->nodeCount.compare_exchange_weak(id, id + 1, std::memory_order_relaxed));
  nodes[id] = {key.code >> kFlagBits, key.parent, static_cast<std::uint32_t>(key.code & ((1u << kFlagBits) - 1))};
  return id;
}

// The id of the key in this level, 0 when it is not there; `at` is then the free slot that ends the search.
std::uint32_t findIn(const Slot* slots, int level, const Key& key, std::uint64_t& at) {
  const std::uint64_t mask = (1ull << bits(level)) - 1;
  for (at = key.hash >> (64 - bits(level));; at = (at + 1) & mask) {
    const std::uint64_t code = slots[at].code.load(std::memory_order_acquire);
    if (code == 0) return 0;
    const std::uint64_t ids = slots[at].ids.load(std::memory_order_relaxed);
    if (code == key.code && static_cast<std::uint32_t>(ids) == key.parent) return static_cast<std::uint32_t>(ids >> 32);
  }
}

// Puts the key there under `id`, a new one where that is 0, unless another thread was faster.
std::uint32_t putIn(Slot* slots, int level, const Key& key, std::uint64_t at, std::uint32_t id) {
  if (id == 0) id = newNode(key);
  if (id == 0) return 0;
  while (!fill(slots[at], key.code, std::uint64_t{id} << 32 | key.parent)) {
    const std::uint32_t found = findIn(slots, level, key, at);
    if (found != 0) return found;
  }
  levels[level].used.fetch_add(1, std::memory_order_relaxed);
  return id;
}

bool isEmptied(int level) { return levels[level].moved.load(std::memory_order_acquire) >> bits(level) != 0; }

void moveSome(int level, Slot* to) {
  const Slot* from = levels[level].slots.load(std::memory_order_acquire);
  const std::uint32_t first = levels[level].moving.fetch_add(kMovedAtATime, std::memory_order_relaxed);
  if (from == nullptr || first >> bits(level) != 0) return;
  for (std::uint32_t i = first; i < first + kMovedAtATime; ++i) {
    const std::uint64_t code = from[i].code.load(std::memory_order_acquire);
    const std::uint64_t ids = from[i].ids.load(std::memory_order_relaxed);
    if (code == 0 || ids >> 32 == 0) continue;
    const Key key = keyOf(static_cast<std::uint32_t>(ids), code);
    std::uint64_t at = 0;
    if (findIn(to, level + 1, key, at) == 0) putIn(to, level + 1, key, at, static_cast<std::uint32_t>(ids >> 32));
  }
  levels[level].moved.fetch_add(kMovedAtATime, std::memory_order_release);
}

// The level that takes new slots. It is at most half full, the last one aside.
int levelToFill() {
  int top = topLevel.load(std::memory_order_acquire);
  if (top + 1 < kLevels && levels[top].used.load(std::memory_order_relaxed) >= 1u << (bits(top) - 1)) {
    if (topLevel.compare_exchange_strong(top, top + 1, std::memory_order_acq_rel)) ++top;
  }
  return top;
}

}  // namespace

void startTrie(ring::Header* header, ring::StackNode* shadow, ReserveNodes reserveNodes) {
  for (int i = 0; i < kLevels; ++i) {
    // Not given back: in a forked child a capture that a signal handler interrupted may still go on in there.
    Slot* old = levels[i].slots.load();
    if (old != nullptr) zeroPages(old, levelBytes(i));
    levels[i].used.store(0);
    levels[i].moving.store(0);
    levels[i].moved.store(0);
  }
  topLevel.store(0);
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
  const Key key = keyOf(parent, pc << kFlagBits | flags);
  const int top = levelToFill();
  Slot* slots = slotsOf(top);
  if (slots == nullptr) return 0;
  std::uint64_t at = 0;
  std::uint32_t id = findIn(slots, top, key, at);
  if (id != 0) return id;
  for (int level = top; level-- > 0 && id == 0;) {
    const Slot* lower = levels[level].slots.load(std::memory_order_acquire);
    std::uint64_t ignored = 0;
    if (lower != nullptr && !isEmptied(level)) id = findIn(lower, level, key, ignored);
  }
  id = putIn(slots, top, key, at, id);
  if (top > 0 && !isEmptied(top - 1)) moveSome(top - 1, slots);
  return id;
}

}  // namespace heapatlas::unwind
