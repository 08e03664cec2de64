// The table behind rules.h: open addressing by pc, dense, for its cache lines are what a look-up costs. It grows by
// levels, each four times the one before: new rules go to the top level, and old ones follow when they are asked for.
// A slot's key carries the generation of the rules; it is stored after the rule, and a reader looks at it again behind
// the rule, for the pages may have been zeroed and the slot taken anew in between.
#include "rules.h"

#include <atomic>
#include <bit>

#include "eh_frame.h"
#include "objects.h"
#include "system.h"

namespace heapatlas::unwind {
namespace {

constexpr unsigned kFirstBits = 12;
constexpr unsigned kBitsALevel = 2;
constexpr int kLevels = 5;
constexpr std::uint64_t kClaimed = ~0ull;
constexpr std::uint64_t kCodeEnd = (1ull << 47) - 1;

struct Slot {
  std::atomic<std::uint64_t> key;  // 0: empty
  std::atomic<std::uint64_t> rule;
};

struct Level {
  std::atomic<Slot*> slots{nullptr};
  std::atomic<std::uint32_t> used{0};
};

Level levels[kLevels];
std::atomic<int> topLevel{0};
std::atomic<std::uint64_t> generation{0};

constexpr unsigned bits(int level) { return kFirstBits + kBitsALevel * static_cast<unsigned>(level); }
constexpr std::size_t levelBytes(int level) { return sizeof(Slot) << bits(level); }

Slot* slotsOf(int level) {
  Slot* slots = levels[level].slots.load(std::memory_order_acquire);
  if (slots != nullptr) return slots;
  auto* fresh = static_cast<Slot*>(takePages(levelBytes(level)));
  if (fresh == nullptr) return nullptr;
  if (levels[level].slots.compare_exchange_strong(slots, fresh, std::memory_order_acq_rel)) return fresh;
  returnPages(fresh, levelBytes(level));
  return slots;
}

struct Key {
  std::uint64_t word;
  std::uint64_t hash;
};

Key keyOf(std::uint64_t pc, bool exact) {
  const std::uint64_t place = pc << 1 | (exact ? 1u : 0u);
  return {generation.load(std::memory_order_acquire) << 48 | place, place * 0xd1342543de82ef95ull};
}

bool isFull(int level) { return levels[level].used.load(std::memory_order_relaxed) >= (3u << bits(level)) / 4; }

// The level that takes new rules.
int levelToFill() {
  int top = topLevel.load(std::memory_order_acquire);
  if (top + 1 < kLevels && isFull(top)) {
    if (topLevel.compare_exchange_strong(top, top + 1, std::memory_order_acq_rel)) ++top;
  }
  return top;
}

// True when the rule is there; else `at` is the free slot that ends the search.
[[gnu::always_inline]] inline bool findIn(Slot* slots, int level, const Key& key, std::uint64_t& at, Rule& rule) {
  const std::uint64_t mask = (1ull << bits(level)) - 1;
  for (at = key.hash >> (64 - bits(level));; at = (at + 1) & mask) {
    const std::uint64_t found = slots[at].key.load(std::memory_order_acquire);
    if (found == 0) return false;
    if (found != key.word) continue;
    rule = std::bit_cast<Rule>(slots[at].rule.load(std::memory_order_acquire));
    if (slots[at].key.load(std::memory_order_relaxed) == key.word) return true;
  }
}

bool findBelow(int top, const Key& key, Rule& rule) {
  for (int level = top; level-- > 0;) {
    Slot* slots = levels[level].slots.load(std::memory_order_acquire);
    std::uint64_t at = 0;
    if (slots != nullptr && findIn(slots, level, key, at, rule)) return true;
  }
  return false;
}

// Keeps the rule in the free slot unless the level is full or another thread was faster.
void keep(int level, Slot& slot, const Key& key, const Rule& rule) {
  std::uint64_t empty = 0;
  if (isFull(level) || !slot.key.compare_exchange_strong(empty, kClaimed, std::memory_order_acq_rel)) return;
  slot.rule.store(std::bit_cast<std::uint64_t>(rule), std::memory_order_relaxed);
  slot.key.store(key.word, std::memory_order_release);
  levels[level].used.fetch_add(1, std::memory_order_relaxed);
}

Rule compile(std::uint64_t pc, bool exact, const LoadedObject& object) {
  return object.frameHeader == 0 ? Rule{} : ruleFromTables(object, pc, exact ? pc : pc - 1);
}

}  // namespace

Rule ruleFor(std::uint64_t pc, bool exact) {
  if (pc >= kCodeEnd) return {};
  const Key key = keyOf(pc, exact);
  const int top = levelToFill();
  Slot* slots = slotsOf(top);
  std::uint64_t at = 0;
  Rule rule;
  if (slots != nullptr && findIn(slots, top, key, at, rule)) return rule;
  if (!findBelow(top, key, rule)) {
    LoadedObject object{};
    // Code of no object may be an object's tomorrow: its rule is not kept.
    if (!objectAt(exact ? pc : pc - 1, object)) return {};
    rule = compile(pc, exact, object);
  }
  if (slots != nullptr) keep(top, slots[at], key, rule);
  return rule;
}

void prefetchRule(std::uint64_t pc) {
  const int top = topLevel.load(std::memory_order_relaxed);
  const Slot* slots = levels[top].slots.load(std::memory_order_relaxed);
  if (slots != nullptr) __builtin_prefetch(&slots[keyOf(pc, false).hash >> (64 - bits(top))]);
}

Rule ruleUncached(std::uint64_t pc, bool exact) {
  LoadedObject object{};
  if (!objectNow(exact ? pc : pc - 1, object)) return {};
  return compile(pc, exact, object);
}

void forgetRules() {
  generation.store((generation.load(std::memory_order_relaxed) + 1) & 0x7fff, std::memory_order_release);
  for (int level = 0; level < kLevels; ++level) {
    Slot* slots = levels[level].slots.load(std::memory_order_acquire);
    if (slots == nullptr) continue;
    levels[level].used.store(0, std::memory_order_relaxed);
    zeroPages(slots, levelBytes(level));
  }
}

}  // namespace heapatlas::unwind
