// The DWARF side of one module: which function, inlined ones included, and which line an address belongs to.
// Entry: DebugInfo::frames, called by ModuleFile. Units are indexed once, functions of a unit when it is first asked
// for. Must hold: the file is untrusted, so descent is bounded in depth and every libdw call may fail.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>
#include <vector>

#include "symbols/declared_names.h"
#include "symbols/range_index.h"

namespace heapatlas::symbols {

// A function at an address; the innermost first in a list. line and file are where this frame stands.
struct SourceFrame {
  std::string function;  // empty when the debug information has no name for it
  std::string bareName;  // as declared; empty when function is its linkage name, demangled
  std::string file;
  std::uint32_t line = 0;
  bool inlined = false;
};

class DebugInfo {
 public:
  // dwarf stays the caller's and outlives this; null when the module has none.
  explicit DebugInfo(Dwarf* dwarf);
  // address as the DWARF has it. Empty when no unit or function holds it; one frame without a function name when only
  // the line is known.
  std::vector<SourceFrame> frames(std::uint64_t address);
  bool hasUnits() const { return !units_.empty(); }

 private:
  struct Unit {
    Dwarf_Die die;
    bool indexed = false;
    std::string directory;
    std::vector<Dwarf_Die> functions;
    RangeIndex ranges;
  };
  void indexFunctions(Unit& unit);
  void collectFunctions(Unit& unit, Dwarf_Die parent, Dwarf_Off end, int depth);
  void nameFunction(Dwarf_Die die, SourceFrame& frame);
  static std::vector<Dwarf_Die> inlineChain(Dwarf_Die function, std::uint64_t address);

  std::vector<Unit> units_;
  RangeIndex unitRanges_;
  DeclaredNames names_;
};

}  // namespace heapatlas::symbols
