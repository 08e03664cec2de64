#include "symbols/debug_info.h"

#include <filesystem>
#include <optional>
#include <string_view>

#include "symbols/attributes.h"
#include "symbols/children.h"

namespace heapatlas::symbols {
namespace {

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

// Where the call stands that was inlined as die; it is the position of the frame around it.
void placeCall(Dwarf_Die* unit, Dwarf_Die* die, const std::string& directory, SourceFrame& caller) {
  caller.line = static_cast<std::uint32_t>(number(*die, DW_AT_call_line).value_or(0));
  const std::optional<std::uint64_t> file = number(*die, DW_AT_call_file);
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (file && dwarf_getsrcfiles(unit, &files, &count) == 0 && *file < count) {
    caller.file = absolute(dwarf_filesrc(files, *file, nullptr, nullptr), directory);
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
std::optional<Dwarf_Die> childAt(Dwarf_Die parent, std::uint64_t address) {
  std::optional<Dwarf_Die> found;
  forEachChild(parent, kUnitEnd, [&](Dwarf_Die child, Dwarf_Off) {
    switch (tagOf(child)) {
      case DW_TAG_inlined_subroutine:
      case DW_TAG_lexical_block:
      case DW_TAG_try_block:
      case DW_TAG_catch_block:
        if (!found && holds(&child, address)) found = child;
        break;
      default:
        break;
    }
  });
  return found;
}

}  // namespace

void DebugInfo::nameFunction(Dwarf_Die die, SourceFrame& frame) {
  frame.function = names_.function(die);
  const char* linkage = linkageName(die);
  const bool mangled = linkage != nullptr && std::string_view(linkage).starts_with("_Z");
  const char* name = nameOf(die);
  if (!mangled && name != nullptr) frame.bareName = name;
}

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
    if (const char* directory = text(die, DW_AT_comp_dir)) units_.back().directory = directory;
  }
  unitRanges_.seal();
}

void DebugInfo::collectFunctions(Unit& unit, Dwarf_Die parent, Dwarf_Off end, int depth) {
  if (depth > kDeepest) return;
  forEachChild(parent, end, [&](Dwarf_Die child, Dwarf_Off childEnd) {
    switch (tagOf(child)) {
      case DW_TAG_subprogram: {
        const std::size_t index = unit.functions.size();
        bool any = false;
        forEachRange(&child, [&](std::uint64_t low, std::uint64_t high) {
          unit.ranges.add(low, high, index);
          any = true;
        });
        if (any) unit.functions.push_back(child);
        collectFunctions(unit, child, childEnd, depth + 1);
        break;
      }
      case DW_TAG_namespace:
      case DW_TAG_module:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
      case DW_TAG_union_type:
      case DW_TAG_lexical_block:
        collectFunctions(unit, child, childEnd, depth + 1);
        break;
      default:
        break;
    }
  });
}

void DebugInfo::indexFunctions(Unit& unit) {
  unit.indexed = true;
  collectFunctions(unit, unit.die, kUnitEnd, 0);
  unit.ranges.seal();
}

// The function and the calls inlined into it that hold address, the outermost first.
std::vector<Dwarf_Die> DebugInfo::inlineChain(Dwarf_Die function, std::uint64_t address) {
  std::vector<Dwarf_Die> chain = {function};
  Dwarf_Die at = function;
  for (int depth = 0; depth < kDeepest; ++depth) {
    std::optional<Dwarf_Die> inner = childAt(at, address);
    if (!inner) break;
    at = *inner;
    if (tagOf(at) == DW_TAG_inlined_subroutine) chain.push_back(at);
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
    nameFunction(chain[index], frame);
    frame.inlined = index > 0;
    frames.push_back(std::move(frame));
    frame = SourceFrame{};
    if (index > 0) placeCall(&unit.die, &chain[index], unit.directory, frame);
  }
  return frames;
}

}  // namespace heapatlas::symbols
