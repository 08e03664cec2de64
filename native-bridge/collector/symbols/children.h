// Going down through the DIEs of a unit.
// Must hold: the file is untrusted. Its sibling references may point backwards or out of the parent, so every step
// goes forwards and stays before the parent's end; whoever goes down stops at kDeepest.
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <limits>

namespace heapatlas::symbols {

// Real nesting (namespaces, classes, blocks, inlined calls) stays far below; a crafted file may not exhaust the stack.
inline constexpr int kDeepest = 200;
inline constexpr Dwarf_Off kUnitEnd = std::numeric_limits<Dwarf_Off>::max();

// visit(child, end) for each child of a DIE that ends before end.
template <typename Visit>
void forEachChild(Dwarf_Die parent, Dwarf_Off end, Visit visit) {
  Dwarf_Die child;
  Dwarf_Die next;
  for (int status = dwarf_child(&parent, &child); status == 0; child = next) {
    status = dwarf_siblingof(&child, &next);
    Dwarf_Off childEnd = status == 0 ? dwarf_dieoffset(&next) : end;
    if (childEnd <= dwarf_dieoffset(&child) || childEnd > end) return;
    visit(child, childEnd);
  }
}

}  // namespace heapatlas::symbols
