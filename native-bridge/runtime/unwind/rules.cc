// The table behind rules.h: open addressing by pc in levels, each sixteen times the one before, so that a small program
// touches few pages. A slot's key carries the generation of the rules; it is stored after the rule, and a reader looks
// at it again behind the rule, for the pages may have been zeroed and the slot taken anew in between.
#include "rules.h"

#include <atomic>
#include <bit>

#include "eh_frame.h"
#include "objects.h"
#include "system.h"

namespace heapatlas::unwind {
namespace {

constexpr unsigned kLevelBits[] = {12, 16, 20};
constexpr int kLevels = 3;
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
std::atomic<std::uint64_t> generation{0};

constexpr std::size_t levelBytes(int level) { return sizeof(Slot) << kLevelBits[level]; }

Slot* slotsOf(int level) {
  Slot* slots = levels[level].slots.load(std::memory_order_acquire);
  if (slots != nullptr) return slots;
  auto* fresh = static_cast<Slot*>(takePages(levelBytes(level)));
  if (fresh == nullptr) return nullptr;
  if (levels[level].slots.compare_exchange_strong(slots, fresh, std::memory_order_acq_rel)) return fresh;
  returnPages(fresh, levelBytes(level));
  return slots;
}

// Keeps the rule in the slot unless another thread was faster.
bool keep(Level& level, Slot& slot, std::uint64_t key, const Rule& rule) {
  std::uint64_t empty = 0;
  if (!slot.key.compare_exchange_strong(empty, kClaimed, std::memory_order_acq_rel)) return false;
  slot.rule.store(std::bit_cast<std::uint64_t>(rule), std::memory_order_relaxed);
  slot.key.store(key, std::memory_order_release);
  level.used.fetch_add(1, std::memory_order_relaxed);
  return true;
}

Rule compile(std::uint64_t pc, bool exact, const LoadedObject& object) {
  return object.frameHeader == 0 ? Rule{} : ruleFromTables(object, pc, exact ? pc : pc - 1);
}

}  // namespace

Rule ruleFor(std::uint64_t pc, bool exact) {
  if (pc >= kCodeEnd) return {};
  const std::uint64_t key = generation.load(std::memory_order_acquire) << 48 | pc << 1 | (exact ? 1u : 0u);
  const std::uint64_t hash = (pc << 1 | (exact ? 1u : 0u)) * 0x9E3779B97F4A7C15ull;
  Slot* open = nullptr;
  int level = 0;
  for (; level < kLevels; ++level) {
    Slot* slots = slotsOf(level);
    if (slots == nullptr) break;
    const std::uint64_t mask = (1ull << kLevelBits[level]) - 1;
    for (std::uint64_t at = hash >> (64 - kLevelBits[level]);; at = (at + 1) & mask) {
      const std::uint64_t found = slots[at].key.load(std::memory_order_acquire);
      if (found == key) {
        const std::uint64_t rule = slots[at].rule.load(std::memory_order_acquire);
        if (slots[at].key.load(std::memory_order_relaxed) == key) return std::bit_cast<Rule>(rule);
      }
      if (found != 0) continue;
      if (levels[level].used.load(std::memory_order_relaxed) < mask / 2) open = &slots[at];
      break;
    }
    if (open != nullptr) break;
  }
  LoadedObject object{};
  // Code of no object may be an object's tomorrow: its rule is not kept.
  if (!objectAt(exact ? pc : pc - 1, object)) return {};
  const Rule rule = compile(pc, exact, object);
  if (open != nullptr) keep(levels[level], *open, key, rule);
  return rule;
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
