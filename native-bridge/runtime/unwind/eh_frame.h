// Reads .eh_frame: from the .eh_frame_hdr of one loaded object and a pc to the rule that steps over that frame.
// Main entry: ruleFromTables, called by rules.cc on the first sight of a pc. Source: DWARF 5 §6.4, LSB 5 core §10.6.
// The tables are trusted as the C++ runtime trusts them, but whatever is not followed exactly gives Cfa::Unknown: a
// missing rule is a shorter stack, a guess is a wrong one.
#pragma once

#include "rules.h"

namespace heapatlas::unwind {

// header: run-time address of .eh_frame_hdr. inside: the pc, moved back into the call for a return address.
Rule ruleFromTables(std::uint64_t header, std::uint64_t pc, std::uint64_t inside);

}  // namespace heapatlas::unwind
