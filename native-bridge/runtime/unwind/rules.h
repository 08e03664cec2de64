// How to step over one frame, compiled from .eh_frame for one pc, and the table that keeps these rules.
// Main entry: ruleFor, called by the walk on every frame. Lock free; memory comes from mmap alone.
// A rule holds until forgetRules, which is called whenever code was unloaded.
#pragma once

#include <cstdint>

namespace heapatlas::unwind {

enum class Cfa : std::uint8_t {
  Unknown,      // the tables do not say, or in a way that is not followed
  StackPlus,    // sp + offset
  BasePlus,     // bp + offset
  StackLoad,    // the word at sp + offset
  BaseLoad,     // the word at bp + offset: a realigned stack
  SignalFrame,  // the registers lie in the ucontext at sp
  End,          // the outermost frame
};

// Where the caller's base pointer is. The caller's pc always lies at CFA - 8, or the rule is Unknown.
enum class SavedBase : std::uint8_t { Same, AtCfaOffset, AtBaseOffset, Unknown };

struct Rule {
  std::int32_t cfaOffset = 0;
  std::int16_t baseOffset = 0;
  Cfa cfa = Cfa::Unknown;
  SavedBase base = SavedBase::Unknown;
};
static_assert(sizeof(Rule) == 8);

// exact: pc is an instruction about to run; otherwise a return address, whose call lies before it.
Rule ruleFor(std::uint64_t pc, bool exact);

// The same while objects are being unloaded: nothing is kept, nothing that was kept is used.
Rule ruleUncached(std::uint64_t pc, bool exact);

void forgetRules();

}  // namespace heapatlas::unwind
