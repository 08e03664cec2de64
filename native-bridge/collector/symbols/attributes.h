// Attributes of a DIE, read so that what is missing or malformed is just not there.
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>

namespace heapatlas::symbols {

// libdw takes DIEs that it could change.
inline int tagOf(Dwarf_Die die) { return dwarf_tag(&die); }
inline const char* nameOf(Dwarf_Die die) { return dwarf_diename(&die); }

// Those of the DIE itself.
inline std::optional<Dwarf_Die> referred(Dwarf_Die die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Die target;
  if (dwarf_attr(&die, name, &attribute) == nullptr || dwarf_formref_die(&attribute, &target) == nullptr) return {};
  return target;
}

inline std::optional<std::uint64_t> number(Dwarf_Die die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(&die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) return {};
  return value;
}

inline bool flagged(Dwarf_Die die, unsigned name) {
  Dwarf_Attribute attribute;
  bool value = false;
  return dwarf_attr(&die, name, &attribute) != nullptr && dwarf_formflag(&attribute, &value) == 0 && value;
}

// Also those of what it is a copy or a definition of.
inline const char* text(Dwarf_Die die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Attribute* found = dwarf_attr_integrate(&die, name, &attribute);
  return found == nullptr ? nullptr : dwarf_formstring(found);
}

inline const char* linkageName(Dwarf_Die function) {
  const char* name = text(function, DW_AT_linkage_name);
  return name != nullptr ? name : text(function, DW_AT_MIPS_linkage_name);
}

}  // namespace heapatlas::symbols
