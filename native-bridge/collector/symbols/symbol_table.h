// Function symbols of a module, from .symtab, .dynsym and minidebuginfo, by address.
// Entry: SymbolTable::nameAt, called by ModuleFile. libdwfl's own look-up walks all symbols for each address.
// Must hold: names point into libdwfl's memory, so the module outlives this.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <string>
#include <vector>

#include "symbols/range_index.h"

namespace heapatlas::symbols {

class SymbolTable {
 public:
  explicit SymbolTable(Dwfl_Module* module);
  // Demangled; empty when no function holds the address. address: as libdwfl has placed the module.
  std::string nameAt(std::uint64_t address) const;
  bool empty() const { return functions_.empty(); }

 private:
  struct Function {
    std::uint64_t address;
    std::uint64_t size;  // 0: unknown, it ends where the next begins
    const char* name;
    bool local;
  };
  void read(Dwfl_Module* module);
  void keepTheBestOfEachAddress();

  std::vector<Function> functions_;
  RangeIndex ranges_;
};

}  // namespace heapatlas::symbols
