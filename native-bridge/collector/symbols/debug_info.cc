#include "symbols/debug_info.h"

#include <dwarf.h>

#include <filesystem>
#include <string_view>

#include "symbols/demangle.h"

namespace heapatlas::symbols {
namespace {

// Real nesting (namespaces, classes, blocks, inlined calls) stays far below; a crafted file may not exhaust the stack.
constexpr int kDeepest = 200;

template <typename Visit>
void forEachRange(Dwarf_Die* die, Visit visit) {
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  std::ptrdiff_t offset = 0;
  while ((offset = dwarf_ranges(die, offset, &base, &low, &high)) > 0) {
    // Ranges at 0 are functions that the linker threw away.
    if (low != 0 && low < high) visit(low, high);
  }
}

std::string absolute(const char* name, const std::string& directory) {
  if (name == nullptr || name[0] == '\0' || std::string_view(name) == "???") return {};
  std::filesystem::path path(name);
  if (path.is_relative() && !directory.empty()) path = std::filesystem::path(directory) / path;
  return path.lexically_normal().string();
}

const char* text(Dwarf_Die* die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Attribute* found = dwarf_attr_integrate(die, name, &attribute);
  return found == nullptr ? nullptr : dwarf_formstring(found);
}

void nameFunction(Dwarf_Die* die, SourceFrame& frame) {
  const char* linkage = text(die, DW_AT_linkage_name);
  if (linkage == nullptr) linkage = text(die, DW_AT_MIPS_linkage_name);
  frame.mangled = linkage != nullptr && std::string_view(linkage).starts_with("_Z");
  if (linkage == nullptr) linkage = dwarf_diename(die);
  if (linkage != nullptr) frame.function = demangled(linkage);
}

// Where the call stands that was inlined as die; it is the position of the frame around it.
void placeCall(Dwarf_Die* unit, Dwarf_Die* die, const std::string& directory, SourceFrame& caller) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, DW_AT_call_line, &attribute) != nullptr && dwarf_formudata(&attribute, &value) == 0) {
    caller.line = static_cast<std::uint32_t>(value);
  }
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (dwarf_attr(die, DW_AT_call_file, &attribute) != nullptr && dwarf_formudata(&attribute, &value) == 0 &&
      dwarf_getsrcfiles(unit, &files, &count) == 0 && value < count) {
    caller.file = absolute(dwarf_filesrc(files, value, nullptr, nullptr), directory);
  }
}

void placeAddress(Dwarf_Die* unit, std::uint64_t address, const std::string& directory, SourceFrame& frame) {
  Dwarf_Line* line = dwarf_getsrc_die(unit, address);
  if (line == nullptr) return;
  int number = 0;
  if (dwarf_lineno(line, &number) == 0 && number > 0) frame.line = static_cast<std::uint32_t>(number);
  frame.file = absolute(dwarf_linesrc(line, nullptr, nullptr), directory);
}

bool holds(Dwarf_Die* die, std::uint64_t address) { return dwarf_haspc(die, address) == 1; }

// The block or inlined call inside parent that holds address.
bool childAt(Dwarf_Die* parent, std::uint64_t address, Dwarf_Die* found) {
  Dwarf_Die child;
  for (int status = dwarf_child(parent, &child); status == 0; status = dwarf_siblingof(&child, &child)) {
    switch (dwarf_tag(&child)) {
      case DW_TAG_inlined_subroutine:
      case DW_TAG_lexical_block:
      case DW_TAG_try_block:
      case DW_TAG_catch_block:
        if (holds(&child, address)) {
          *found = child;
          return true;
        }
        break;
      default:
        break;
    }
  }
  return false;
}

}  // namespace

DebugInfo::DebugInfo(Dwarf* dwarf) {
  if (dwarf == nullptr) return;
  Dwarf_CU* unit = nullptr;
  Dwarf_CU* next = nullptr;
  Dwarf_Die die;
  Dwarf_Die split;
  std::uint8_t kind = 0;
  while (dwarf_get_units(dwarf, unit, &next, nullptr, &kind, &die, &split) == 0) {
    unit = next;
    if (kind != DW_UT_compile && kind != DW_UT_skeleton) continue;
    const std::size_t index = units_.size();
    bool any = false;
    forEachRange(&die, [&](std::uint64_t low, std::uint64_t high) {
      unitRanges_.add(low, high, index);
      any = true;
    });
    if (!any) continue;
    // Functions of split debug information stand in the .dwo file, when libdw finds it.
    units_.push_back(Unit{kind == DW_UT_skeleton && split.addr != nullptr ? split : die, false, {}, {}, {}});
    if (const char* directory = text(&die, DW_AT_comp_dir)) units_.back().directory = directory;
  }
  unitRanges_.seal();
}

void DebugInfo::collectFunctions(Unit& unit, Dwarf_Die parent, int depth) {
  if (depth > kDeepest) return;
  Dwarf_Die child;
  for (int status = dwarf_child(&parent, &child); status == 0; status = dwarf_siblingof(&child, &child)) {
    switch (dwarf_tag(&child)) {
      case DW_TAG_subprogram: {
        const std::size_t index = unit.functions.size();
        bool any = false;
        forEachRange(&child, [&](std::uint64_t low, std::uint64_t high) {
          unit.ranges.add(low, high, index);
          any = true;
        });
        if (any) unit.functions.push_back(child);
        collectFunctions(unit, child, depth + 1);
        break;
      }
      case DW_TAG_namespace:
      case DW_TAG_module:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
      case DW_TAG_union_type:
      case DW_TAG_lexical_block:
        collectFunctions(unit, child, depth + 1);
        break;
      default:
        break;
    }
  }
}

void DebugInfo::indexFunctions(Unit& unit) {
  unit.indexed = true;
  collectFunctions(unit, unit.die, 0);
  unit.ranges.seal();
}

// The function and the calls inlined into it that hold address, the outermost first.
std::vector<Dwarf_Die> DebugInfo::inlineChain(Dwarf_Die function, std::uint64_t address) {
  std::vector<Dwarf_Die> chain = {function};
  Dwarf_Die at = function;
  Dwarf_Die inner;
  for (int depth = 0; depth < kDeepest && childAt(&at, address, &inner); ++depth) {
    if (dwarf_tag(&inner) == DW_TAG_inlined_subroutine) chain.push_back(inner);
    at = inner;
  }
  return chain;
}

std::vector<SourceFrame> DebugInfo::frames(std::uint64_t address) {
  const std::size_t unitIndex = unitRanges_.find(address);
  if (unitIndex >= units_.size()) return {};
  Unit& unit = units_[unitIndex];
  if (!unit.indexed) indexFunctions(unit);
  SourceFrame leaf;
  placeAddress(&unit.die, address, unit.directory, leaf);
  const std::size_t functionIndex = unit.ranges.find(address);
  if (functionIndex >= unit.functions.size()) {
    return leaf.line == 0 ? std::vector<SourceFrame>{} : std::vector<SourceFrame>{leaf};
  }
  std::vector<Dwarf_Die> chain = inlineChain(unit.functions[functionIndex], address);
  std::vector<SourceFrame> frames;
  SourceFrame frame = std::move(leaf);
  for (std::size_t index = chain.size(); index-- > 0;) {
    nameFunction(&chain[index], frame);
    frame.inlined = index > 0;
    frames.push_back(std::move(frame));
    frame = SourceFrame{};
    if (index > 0) placeCall(&unit.die, &chain[index], unit.directory, frame);
  }
  return frames;
}

}  // namespace heapatlas::symbols
