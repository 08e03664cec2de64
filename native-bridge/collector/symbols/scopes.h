// Which namespaces, classes and functions a DIE stands in. DWARF points downwards only, so a unit is walked once.
// Entry: Scopes::around, called by DeclaredNames. Must hold: the DIE's Dwarf outlives this.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace heapatlas::symbols {

class Scopes {
 public:
  // The innermost one; none for what stands in the unit itself.
  std::optional<Dwarf_Die> around(Dwarf_Die die);
  // Whether the unit of a DIE has types. With -g1 it has none, and declarations without scopes and parameters.
  bool describesTypes(Dwarf_Die die);

 private:
  struct Scope {
    Dwarf_Off begin, end;  // of all that stands in it; end is exclusive
    std::size_t parent;
    Dwarf_Die die;
  };
  struct Unit {
    std::vector<Scope> scopes;  // in the order of begin
    bool types = false;
  };
  Unit& unitOf(Dwarf_Die die);
  static void walk(Unit& unit, std::size_t parent, Dwarf_Die die, Dwarf_Off end, int depth);

  std::map<const void*, Unit> units_;  // by the address of the unit's own DIE
};

}  // namespace heapatlas::symbols
