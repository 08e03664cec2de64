#include "symbols/scopes.h"

#include <algorithm>

#include "symbols/attributes.h"
#include "symbols/children.h"

namespace heapatlas::symbols {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool isScope(int tag) {
  switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_subprogram:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Scopes::walk(Unit& unit, std::size_t parent, Dwarf_Die die, Dwarf_Off end, int depth) {
  if (depth > kDeepest) return;
  forEachChild(die, end, [&](Dwarf_Die child, Dwarf_Off childEnd) {
    const int tag = tagOf(child);
    if (tag == DW_TAG_base_type) unit.types = true;
    if (dwarf_haschildren(&child) != 1) return;
    if (isScope(tag)) {
      unit.scopes.push_back({dwarf_dieoffset(&child), childEnd, parent, child});
      walk(unit, unit.scopes.size() - 1, child, childEnd, depth + 1);
    } else if (tag == DW_TAG_lexical_block) {
      walk(unit, parent, child, childEnd, depth + 1);
    }
  });
}

Scopes::Unit& Scopes::unitOf(Dwarf_Die die) {
  Dwarf_Die unitDie{};
  dwarf_diecu(&die, &unitDie, nullptr, nullptr);
  const auto [found, added] = units_.try_emplace(unitDie.addr);
  if (added && unitDie.addr != nullptr) walk(found->second, kNone, unitDie, kUnitEnd, 0);
  return found->second;
}

bool Scopes::describesTypes(Dwarf_Die die) { return unitOf(die).types; }

std::optional<Dwarf_Die> Scopes::around(Dwarf_Die die) {
  const std::vector<Scope>& scopes = unitOf(die).scopes;
  const Dwarf_Off offset = dwarf_dieoffset(&die);
  const auto after = std::lower_bound(scopes.begin(), scopes.end(), offset,
                                      [](const Scope& scope, Dwarf_Off value) { return scope.begin < value; });
  auto at = static_cast<std::size_t>(after - scopes.begin()) - 1;  // kNone when it stands before them all
  while (at != kNone && scopes[at].end <= offset) at = scopes[at].parent;
  return at == kNone ? std::nullopt : std::optional(scopes[at].die);
}

}  // namespace heapatlas::symbols
