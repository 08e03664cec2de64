// Reads .eh_frame: from the .eh_frame_hdr of one loaded object and a pc to the rule that steps over that frame.
// Main entry: ruleFromTables, called by rules.cc on the first sight of a pc. Source: DWARF 5 §6.4, LSB 5 core §10.6.
// Whatever is not followed exactly gives Cfa::Unknown: a missing rule is a shorter stack, a guess is a wrong one. Must
// hold: nothing outside of the object is read, whatever its tables say.
#pragma once

#include "objects.h"
#include "rules.h"

namespace heapatlas::unwind {

// inside: the pc, moved back into the call for a return address.
Rule ruleFromTables(const LoadedObject& object, std::uint64_t pc, std::uint64_t inside);

}  // namespace heapatlas::unwind
