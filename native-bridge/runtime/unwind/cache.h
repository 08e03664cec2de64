// One thread's stacks: what it keeps of those captured before, and the room for a walk.
// Main entry: ThreadStacks::capture, called by the hooks on every recorded event; its hit path is inlined there.
// A leaf holds the innermost frames of a stack with the words that lead to their caller, which is one of the Callers of
// the stack that the thread is on. A hit is two comparisons: the leaf's words and the caller's. It is decided by
// contents alone: a leaf's caller may have been left and come to again meanwhile, as long as it is the same.
// A leaf has two places: stacks that take turns at the same frame are both kept.
//
// A signal handler may capture in the middle of a capture: it finds busySp_ set and walks without the cache, in a room
// of its own. A handler that leaves by longjmp leaves busySp_ behind: a later capture further out shows that.
#pragma once

#include <atomic>

#include "callers.h"
#include "generations.h"
#include "stack_reads.h"
#include "unwind.h"
#include "walk.h"

namespace heapatlas::unwind {

// Lives in memory that the caller provides (zero filled, a page's alignment, sizeof long) and is used by one thread.
// Memory is touched as the cache fills.
class ThreadStacks {
 public:
  static ThreadStacks* create(void* memory, StackBounds bounds);
  // For a cache that several threads use in turn: forgets all, the next stacks lie elsewhere.
  void moveTo(StackBounds bounds);
  // Id of the trie node of the innermost frame; 0 when not even the caller is known.
  [[gnu::always_inline]] inline std::uint32_t capture(const Registers& registers) noexcept;

 private:
  static constexpr std::uint32_t kOwnWords = 4;

  struct alignas(64) Leaf {
    std::uint64_t sp;  // 0: nobody's
    std::uint64_t pc;
    std::uint64_t base;
    std::uint64_t restSp;  // of the caller behind the leaf's frames
    std::uint64_t restBase;
    std::uint32_t node;
    std::uint32_t restNode;
    std::uint32_t generation;
    std::uint16_t rest;     // number of the caller
    std::uint8_t stack;     // which of callers_
    std::int8_t needsBase;  // -1 or 0: the stack depends on the base pointer
    std::uint32_t written;  // the lower, the older
    std::uint64_t values[kOwnWords];
    std::uint16_t offsets[kOwnWords];  // in words from sp; the last one is repeated where there are fewer
    Rule rule;                         // of the innermost frame

    std::uint64_t baseMask() const { return static_cast<std::uint64_t>(std::int64_t{needsBase}); }
  };
  static_assert(sizeof(Leaf) == 128);

  struct Room {
    Frame frames[kMaxFrames];
    StackReads reads;
  };

  // What a walk found: frames [0, frames) of the room, and behind them the outermost `rest` callers.
  struct Outcome {
    std::uint32_t frames;
    std::uint32_t steps;  // frames whose words prove what is behind them
    std::uint32_t rest;
    bool unknown;  // the tables did not say
    bool cut;
  };

  static constexpr unsigned kLeafBits = 11;
  static constexpr std::uint32_t kLeaves = 1 << kLeafBits;
  static constexpr std::uint32_t kStacks = 16;  // the thread's own, and those elsewhere: coroutines, signal stacks

  static std::uint32_t slotOf(std::uint64_t sp, std::uint64_t pc);
  static std::uint64_t changesInOwn(const Leaf& leaf, std::uint64_t sp);
  bool isFor(const Leaf& leaf, const Registers& registers, std::uint32_t stack) const;
  bool holds(const Leaf& leaf, const Registers& registers) const;
  bool holdsElsewhere(const Leaf& leaf, const Registers& registers, std::uint32_t stack);
  std::uint32_t missed(std::uint32_t slot, std::uint64_t pc, std::uint64_t sp, std::uint64_t bp) noexcept;
  std::uint32_t captureNested(std::uint64_t pc, std::uint64_t sp, std::uint64_t bp) noexcept;
  std::uint32_t walkAlone(Room& room, const Registers& registers);
  std::uint32_t walkToCallers(std::uint32_t slot, const Registers& registers, std::uint32_t stack,
                              std::uint32_t generation);
  Rule ruleOf(std::uint32_t slot, const Registers& registers, std::uint32_t generation) const;
  bool isBehind(const Registers& registers, std::uint64_t sp) const;
  std::uint32_t stackAround(std::uint64_t sp);
  Outcome run(Walk& walk, Rule rule, bool keepRules, const Callers* callers);
  std::uint32_t intern(Room& room, const Outcome& outcome, std::uint32_t rest) const;
  void keepLeaf(std::uint32_t slot, const Registers& registers, std::uint32_t frames, std::uint32_t stack,
                std::uint32_t rest, const Rule& rule);

  std::uint64_t busySp_;
  std::uint64_t nestedSp_;
  std::uint32_t leavesWritten_;
  std::uint32_t lastStack_;  // of those elsewhere: the one that was taken last
  Leaf leaves_[kLeaves];
  Callers callers_[kStacks];
  Room room_;
  Room nestedRoom_;
};

// The multiplier is none of the well-known ones: with the golden ratio, return addresses whose distance is a Fibonacci
// number fall together.
[[gnu::always_inline]] inline std::uint32_t ThreadStacks::slotOf(std::uint64_t sp, std::uint64_t pc) {
  return static_cast<std::uint32_t>(((sp << 20) ^ pc) * 0xd1342543de82ef95ull >> (64 - kLeafBits));
}

// Whether the leaf was made with these registers, for a caller that is there now; what the words say is left open.
[[gnu::always_inline]] inline bool ThreadStacks::isFor(const Leaf& leaf, const Registers& registers,
                                                       std::uint32_t stack) const {
  const Callers& callers = callers_[stack];
  const Callers::Caller& rest = callers[leaf.rest];
  const std::uint64_t different = (leaf.sp ^ registers.sp) | (leaf.pc ^ registers.pc) |
                                  ((leaf.base ^ registers.bp) & leaf.baseMask()) | (leaf.restSp ^ rest.sp) |
                                  (leaf.restBase ^ rest.base) | (leaf.restNode ^ rest.node) | (leaf.stack ^ stack) |
                                  (leaf.generation ^ codeGeneration.load(std::memory_order_acquire));
  return different == 0 && leaf.rest < callers.count();
}

// Reads the stack: sp and pc must be the leaf's.
[[gnu::always_inline]] inline std::uint64_t ThreadStacks::changesInOwn(const Leaf& leaf, std::uint64_t sp) {
  const auto* stack = reinterpret_cast<const std::uint64_t*>(sp);
  static_assert(kOwnWords == 4);
  return (stack[leaf.offsets[0]] ^ leaf.values[0]) | (stack[leaf.offsets[1]] ^ leaf.values[1]) |
         (stack[leaf.offsets[2]] ^ leaf.values[2]) | (stack[leaf.offsets[3]] ^ leaf.values[3]);
}

[[gnu::always_inline]] inline bool ThreadStacks::holds(const Leaf& leaf, const Registers& registers) const {
  const Callers& own = callers_[0];
  return isFor(leaf, registers, 0) && changesInOwn(leaf, registers.sp) == 0 && own.unchanged(own[leaf.rest]);
}

[[gnu::always_inline]] inline std::uint32_t ThreadStacks::capture(const Registers& registers) noexcept {
  if (busySp_ != 0) [[unlikely]]
    return captureNested(registers.pc, registers.sp, registers.bp);
  busySp_ = registers.sp;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::uint32_t slot = slotOf(registers.sp, registers.pc);
  const Leaf& leaf = leaves_[slot];
  std::uint32_t node = leaf.node;
  if (!holds(leaf, registers)) [[unlikely]]
    node = missed(slot, registers.pc, registers.sp, registers.bp);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  busySp_ = 0;
  return node;
}

}  // namespace heapatlas::unwind
