// One thread's stacks: the cache of verified stacks and the room for a walk.
// Main entry: ThreadStacks::capture, called by the hooks on every recorded event; its hit path is inlined there.
// A leaf is the innermost frame of a stack: it holds the words that lead to its caller, and names the caller's entry.
// An entry holds the words of one frame and of all behind it, so that a hit is two comparisons; when outer frames
// changed, the entry is made anew once and its leaves are linked to it one by one, without a walk. A leaf has two
// places: stacks that take turns at the same frame are both kept.
//
// An entry's words are a run in a circular store; the runs of a stack's callers are the tails of its own. An entry is
// alive while position_ - entry.position <= kWords; its position is never used again, so it is also its version.
//
// A signal handler may capture in the middle of a capture: it finds busySp_ set and walks without the cache, in a room
// of its own. A handler that leaves by longjmp leaves busySp_ behind: a later capture further out shows that.
#pragma once

#include <emmintrin.h>

#include <atomic>
#include <cstring>

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
  static constexpr std::uint32_t kOwnWords = 3;  // a frame's CFA, return address and saved base pointer

  struct alignas(64) Leaf {
    std::uint64_t sp;
    std::uint64_t pc;
    std::uint64_t base;
    std::uint64_t baseMask;      // all ones if the stack depends on the base pointer, else 0
    std::uint64_t restPosition;  // of the caller's entry; 0: nobody's
    std::uint64_t values[kOwnWords];
    std::uint32_t offsets[kOwnWords];  // in words from sp; the last one is repeated where there are fewer
    std::uint32_t rest;                // index of the caller's entry
    std::uint32_t generation;
    std::uint32_t node;
    std::uint32_t restNode;
    std::uint32_t unused;
    std::uint64_t restSp;
    std::uint64_t restPc;
  };
  static_assert(sizeof(Leaf) == 128);

  struct alignas(64) Entry {
    std::uint64_t sp;
    std::uint64_t pc;  // with kExactBit where a signal interrupted the frame
    std::uint64_t base;
    std::uint64_t baseMask;       // all ones if the stack depends on the base pointer, else 0
    const std::uint64_t* origin;  // offsets of the words count from here
    std::uint64_t position;       // of the first word in the store
    std::uint32_t generation;
    std::uint32_t foreignGeneration;  // 0: all words lie in the thread's own stack
    std::uint32_t node;
    std::uint16_t words;
    std::uint16_t frames;
  };
  static_assert(sizeof(Entry) == 64);

  struct Room {
    Frame frames[kMaxFrames];
    StackReads reads;
  };

  // What a walk found: frames [0, frames) of the room, and the entry that stands for those behind them.
  struct Outcome {
    std::uint32_t frames;
    std::uint32_t steps;  // frames whose words prove what is behind them
    Entry* rest;
    bool unknown;  // the tables did not say
    bool cut;
  };

  struct Generations {
    std::uint32_t code;
    std::uint32_t foreign;
  };

  static constexpr unsigned kEntryBits = 11;
  static constexpr std::uint32_t kEntries = 1 << kEntryBits;
  static constexpr std::uint32_t kWords = 1 << 15;
  static constexpr std::uint32_t kPadding = 3;       // the words are compared four at a time
  static constexpr std::uint32_t kWordsInline = 64;  // compared without a look at the result in between
  static constexpr std::uint32_t kMaxRun = kMaxFrames * 3 + kPadding;

  static std::uint32_t slotOf(std::uint64_t sp, std::uint64_t pc);
  static std::uint64_t changesInOwn(const Leaf& leaf, std::uint64_t sp);
  bool holds(const Leaf& leaf, const Registers& registers) const;
  bool isFor(const Entry& entry, std::uint64_t sp, std::uint64_t pc, std::uint64_t base) const;
  static bool equalWords(const std::uint32_t* offsets, const std::uint64_t* values, const std::uint64_t* origin,
                         std::uint32_t words);
  bool unchanged(const Entry& entry) const;
  bool unchangedOwn(const Entry& entry) const;
  bool unchangedForeign(const Entry& entry) const;
  std::uint32_t missed(std::uint32_t slot, std::uint64_t pc, std::uint64_t sp, std::uint64_t bp) noexcept;
  bool relink(Leaf& leaf, const Registers& registers);
  Leaf& leafToReplace(std::uint32_t slot);
  std::uint32_t captureNested(std::uint64_t pc, std::uint64_t sp, std::uint64_t bp) noexcept;
  std::uint32_t walkAlone(Room& room, const Registers& registers);
  bool isBehind(const Registers& registers, std::uint64_t sp) const;
  Outcome run(Walk& walk, bool useCallers);
  Entry* callerOf(Walk& walk);
  static std::uint32_t intern(Room& room, const Outcome& outcome);
  const Entry* keepCallers(const Registers& registers, const Outcome& outcome, const Generations& generations);
  void keepLeaf(std::uint32_t slot, const Registers& registers, const Entry& rest, std::uint32_t generation);
  static void replace(Entry& entry, const Entry& fresh);
  std::uint64_t reserve(std::uint32_t words);
  bool writeWords(const Registers& registers, const Outcome& outcome, std::uint64_t position, std::uint32_t total);

  std::uint64_t busySp_;
  std::uint64_t nestedSp_;
  std::uint64_t position_;  // words ever reserved in the store
  Leaf leaves_[kEntries];
  Entry callers_[kEntries];
  std::uint32_t offsets_[kWords];
  alignas(16) std::uint64_t values_[kWords];
  Room room_;
  Room nestedRoom_;
};

// The multiplier is none of the well-known ones: with the golden ratio, return addresses whose distance is a Fibonacci
// number fall together.
[[gnu::always_inline]] inline std::uint32_t ThreadStacks::slotOf(std::uint64_t sp, std::uint64_t pc) {
  return static_cast<std::uint32_t>(((sp << 20) ^ pc) * 0xd1342543de82ef95ull >> (64 - kEntryBits));
}

[[gnu::always_inline]] inline bool ThreadStacks::isFor(const Entry& entry, std::uint64_t sp, std::uint64_t pc,
                                                       std::uint64_t base) const {
  const std::uint64_t different = (entry.sp ^ sp) | (entry.pc ^ pc) | ((entry.base ^ base) & entry.baseMask) |
                                  (entry.generation ^ codeGeneration.load(std::memory_order_acquire));
  return different == 0 && position_ - entry.position <= kWords;
}

// words: a multiple of four.
[[gnu::always_inline]] inline bool ThreadStacks::equalWords(const std::uint32_t* offsets, const std::uint64_t* values,
                                                            const std::uint64_t* origin, std::uint32_t words) {
  // Two words of the stack beside each other.
  const auto pairAt = [origin](const std::uint32_t* at) {
    std::uint64_t both = 0;
    std::memcpy(&both, at, sizeof both);
    const auto* first = reinterpret_cast<const double*>(origin + static_cast<std::uint32_t>(both));
    const auto* second = reinterpret_cast<const double*>(origin + (both >> 32));
    return _mm_castpd_si128(_mm_loadh_pd(_mm_load_sd(first), second));
  };
  const auto valuesAt = [](const std::uint64_t* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
  __m128i even = _mm_setzero_si128();
  __m128i odd = even;
  for (const std::uint32_t* end = offsets + words; offsets != end; offsets += 4, values += 4) {
    even = _mm_or_si128(even, _mm_xor_si128(pairAt(offsets), valuesAt(values)));
    odd = _mm_or_si128(odd, _mm_xor_si128(pairAt(offsets + 2), valuesAt(values + 2)));
  }
  return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(even, odd), _mm_setzero_si128())) == 0xffff;
}

[[gnu::always_inline]] inline bool ThreadStacks::unchanged(const Entry& entry) const {
  if (entry.words > kWordsInline || entry.foreignGeneration != 0) [[unlikely]]
    return entry.foreignGeneration != 0 ? unchangedForeign(entry) : unchangedOwn(entry);
  const std::uint64_t first = entry.position % kWords;
  return equalWords(offsets_ + first, values_ + first, entry.origin, (entry.words + kPadding) & ~kPadding);
}

// Reads the stack: sp and pc must be the leaf's.
[[gnu::always_inline]] inline std::uint64_t ThreadStacks::changesInOwn(const Leaf& leaf, std::uint64_t sp) {
  const auto* stack = reinterpret_cast<const std::uint64_t*>(sp);
  return (stack[leaf.offsets[0]] ^ leaf.values[0]) | (stack[leaf.offsets[1]] ^ leaf.values[1]) |
         (stack[leaf.offsets[2]] ^ leaf.values[2]);
}

[[gnu::always_inline]] inline bool ThreadStacks::holds(const Leaf& leaf, const Registers& registers) const {
  const Entry& rest = callers_[leaf.rest];
  const std::uint64_t different = (leaf.sp ^ registers.sp) | (leaf.pc ^ registers.pc) |
                                  ((leaf.base ^ registers.bp) & leaf.baseMask) | (leaf.restPosition ^ rest.position) |
                                  (leaf.generation ^ codeGeneration.load(std::memory_order_acquire));
  if (different != 0 || position_ - leaf.restPosition > kWords) return false;
  return changesInOwn(leaf, registers.sp) == 0 && unchanged(rest);
}

[[gnu::always_inline]] inline std::uint32_t ThreadStacks::capture(const Registers& registers) noexcept {
  if (busySp_ != 0) [[unlikely]]
    return captureNested(registers.pc, registers.sp, registers.bp);
  busySp_ = registers.sp;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::uint32_t slot = slotOf(registers.sp, registers.pc);
  const Leaf& leaf = leaves_[slot];
  const std::uint32_t node =
      holds(leaf, registers) ? leaf.node : missed(slot, registers.pc, registers.sp, registers.bp);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  busySp_ = 0;
  return node;
}

}  // namespace heapatlas::unwind
