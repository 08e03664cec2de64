// Symbolic evaluation of the DWARF expressions by which a frame's address (CFA) or a saved register is given.
// Main entry: evaluate, called while a rule is compiled. Only what a rule can hold is followed: a constant offset from
// the stack or base pointer, or the word loaded from there; anything else is Unknown. Source: DWARF 5 §2.5.
#pragma once

#include <cstdint>

#include "table_reader.h"

namespace heapatlas::unwind {

struct Term {
  enum class Kind : std::uint8_t { Unknown, Constant, Stack, Base, StackLoad, BaseLoad } kind = Kind::Unknown;
  std::int64_t offset = 0;  // the constant; added to the register; where the loaded word lies from the register
};

// expression: stands at its begin and ends with it. pc: of the frame, for expressions that depend on it (a procedure
// linkage table's entry).
Term evaluate(TableReader expression, std::uint64_t pc);

}  // namespace heapatlas::unwind
