// One module's file, opened through libdwfl: its symbol tables, minidebuginfo and DWARF, also from a separate file.
// Entry: ModuleFile::open, called by Symbolizer. Must hold: only a regular file with the build id of the running
// object is read, wherever it stands: under the process's root, at its path, behind its mapping, in /usr/lib/debug.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "symbols/debug_info.h"
#include "symbols/symbol_table.h"
#include "symbols/symbolizer.h"

namespace heapatlas::symbols {

class ModuleFile {
 public:
  // Always answers; facts().found says whether a file could be used.
  static std::unique_ptr<ModuleFile> open(const ModuleKey& key);

  // Frames at a virtual address of the file, the innermost inlined one first, without pc and module; never empty.
  std::vector<SymbolFrame> frames(std::uint64_t fileAddress);
  const ModuleFacts& facts() const { return facts_; }

 private:
  struct CloseDwfl {
    void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
  };
  using DwflHandle = std::unique_ptr<Dwfl, CloseDwfl>;

  ModuleFile() = default;
  bool load(const std::string& file, const ModuleKey& key);
  bool loadVdso(const ModuleKey& key);
  bool take(Dwfl_Module* module, const std::string& file, const ModuleKey& key);
  void readFacts();

  DwflHandle dwfl_;
  Dwfl_Module* module_ = nullptr;
  Dwarf_Addr elfBias_ = 0;
  Dwarf_Addr dwarfBias_ = 0;
  std::unique_ptr<DebugInfo> debug_;
  std::unique_ptr<SymbolTable> symbols_;
  ModuleFacts facts_;
};

}  // namespace heapatlas::symbols
