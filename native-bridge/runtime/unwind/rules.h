// How to step over one frame, compiled from .eh_frame for one pc, and the table that keeps these rules.
// Main entry: ruleFor, called by the walk on every frame. Lock free for readers; never allocates but by mmap.
// A rule is valid for its generation only: unloading code makes a new one.
#pragma once

#include <cstdint>

namespace heapatlas::unwind {

enum class Cfa : std::uint8_t {
  Unknown,     // the tables do not say, or in a way that is not followed
  StackPlus,   // sp + offset
  BasePlus,    // bp + offset
  BaseDeref,   // *(bp + offset): a realigned stack
  SignalFrame, // registers lie in the ucontext at sp
  End,         // the outermost frame
};

enum class SavedBase : std::uint8_t { Same, AtCfaOffset, AtBaseOffset, Unknown };

struct Rule {
  std::uint64_t pc;       // 0: empty slot
  std::int32_t cfaOffset;
  std::int16_t baseOffset;
  Cfa cfa;
  SavedBase base;
};
static_assert(sizeof(Rule) == 16);

// exact: pc is an instruction about to run; otherwise a return address, whose call lies before it.
Rule ruleFor(std::uint64_t pc, bool exact);

void forgetRules();

}  // namespace heapatlas::unwind
