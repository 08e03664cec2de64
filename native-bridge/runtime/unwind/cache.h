// One thread's stacks: the cache of verified stacks and the room for a walk.
// Main entry: capture (ThreadStacks::capture). Entries exist for the innermost frame of a stack (leaves) and for every
// frame behind it (callers), so that a stack of which only the inner frames changed is walked only that far.
//
// An entry's words are a run in a circular store; the runs of a stack's callers are the tails of its own. An entry is
// alive while store_.position - entry.position <= kWords.
//
// A signal handler may capture in the middle of a capture: it finds busySp_ set and walks without the cache, in a room
// of its own. A handler that leaves by longjmp leaves busySp_ behind: a later capture further out shows that.
#pragma once

#include "stack_reads.h"
#include "unwind.h"
#include "walk.h"

namespace heapatlas::unwind {

class Cache : public ThreadStacks {
 public:
  void open(StackBounds bounds);
  std::uint32_t find(const Registers& registers) noexcept;

 private:
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

  static constexpr unsigned kEntryBits = 10;
  static constexpr std::uint32_t kEntries = 1 << kEntryBits;
  static constexpr std::uint32_t kWords = 1 << 14;
  static constexpr std::uint32_t kPadding = 3;  // the words are compared four at a time
  static constexpr std::uint32_t kMaxRun = kMaxFrames * 3 + kPadding;

  static std::uint32_t slotOf(std::uint64_t sp, std::uint64_t pc);
  bool isFor(const Entry& entry, std::uint64_t sp, std::uint64_t pc, std::uint64_t base) const;
  bool unchanged(const Entry& entry) const;
  bool unchangedForeign(const Entry& entry) const;
  std::uint32_t missed(Entry& leaf, const Registers& registers);
  std::uint32_t findNested(const Registers& registers);
  std::uint32_t walkAlone(Room& room, const Registers& registers);
  bool isBehind(const Registers& registers, std::uint64_t sp) const;
  Outcome run(Walk& walk, bool useCallers);
  Entry* callerOf(Walk& walk);
  std::uint32_t intern(Room& room, const Outcome& outcome) const;
  void keep(Entry& leaf, const Registers& registers, const Outcome& outcome, const Generations& generations);
  static void replace(Entry& entry, Entry fresh);
  std::uint64_t reserve(std::uint32_t words);
  bool writeWords(const Registers& registers, const Outcome& outcome, std::uint64_t position, std::uint32_t total);

  std::uint64_t busySp_;
  std::uint64_t nestedSp_;
  std::uint64_t position_;  // words ever reserved in the store
  Entry leaves_[kEntries];
  Entry callers_[kEntries];
  std::uint32_t offsets_[kWords];
  alignas(16) std::uint64_t values_[kWords];
  Room room_;
  Room nestedRoom_;
};

}  // namespace heapatlas::unwind
