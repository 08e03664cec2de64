// Functions and lines of an address in a process's code.
// Entry: framesOf, for whatever shows or records a stack. Must hold: never called under a process's mutex (a first look
// into a module may take seconds).
#pragma once

#include <cstdint>
#include <vector>

#include "input/ring_file.h"
#include "symbols/symbolizer.h"

namespace heapatlas::collector {

// The loaded object that holds an address; of several, which followed one another, the latest.
ModuleSnapshot moduleOf(const RingFile& file, std::uint64_t pc);
symbols::ModuleKey keyOf(const ModuleSnapshot& module, std::uint32_t pid);
// The innermost first; never empty. exact: see Symbolizer::resolve.
std::vector<symbols::SymbolFrame> framesOf(symbols::Symbolizer& symbolizer, const RingFile& file, std::uint64_t pc,
                                           bool exact);

}  // namespace heapatlas::collector
