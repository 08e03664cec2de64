// Reads .eh_frame: from the .eh_frame_hdr of one loaded object and a pc to the rule that steps over that frame.
// Main entry: ruleFromTables. Called by rules.cc on the first sight of a pc. Source: DWARF 5 §6.4, LSB 5 core §10.6.
#pragma once

#include "rules.h"

namespace heapatlas::unwind {

// header: run-time address of .eh_frame_hdr. pc: address inside the function, already moved back for a call.
Rule ruleFromTables(std::uint64_t header, std::uint64_t pc);

}  // namespace heapatlas::unwind
