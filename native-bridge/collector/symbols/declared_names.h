// Names of C++ functions as their declarations say them, in the demangler's spelling. For functions that are local to
// a file, or whose types are: these have no linkage name in the debug information, and none at all in the symbol table
// once they are inlined.
// Entry: DeclaredNames::function, called by DebugInfo. Must hold: the file is untrusted, so a name's length is bounded.
#pragma once

#include <elfutils/libdw.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "symbols/scopes.h"

namespace heapatlas::symbols {

class DeclaredNames {
 public:
  // die: a subprogram or an inlined one. With its scopes and parameters where it is C++, else as it is called.
  std::string function(Dwarf_Die die);
  // The same for a declaration, whether there is a linkage name or not.
  std::string spelled(Dwarf_Die declaration);

 private:
  bool affords(std::string_view text);
  std::string declared(Dwarf_Die function);
  std::string signature(Dwarf_Die declaration);
  std::string qualified(Dwarf_Die die);
  std::string unnamed(Dwarf_Die die);
  std::string parameters(Dwarf_Die function);
  std::string type(Dwarf_Die of, const std::string& declarator);
  std::string typeOf(Dwarf_Die entity, const std::string& declarator);
  std::string pointer(Dwarf_Die of, const std::string& sign);
  static std::string bounds(Dwarf_Die array);

  Scopes scopes_;
  std::ptrdiff_t left_ = 0;  // characters
};

}  // namespace heapatlas::symbols
