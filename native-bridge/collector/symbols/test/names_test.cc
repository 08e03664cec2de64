// Names made of declarations, against the compiler's own: what the demangler makes of the linkage names beside them,
// and the symbols of the same program compiled without inlining. The folder of the programs comes as an argument.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <set>
#include <sstream>

#include "symbols/attributes.h"
#include "symbols/children.h"
#include "symbols/declared_names.h"
#include "symbols/demangle.h"
#include "symbols/symbolizer.h"
#include "tools.h"

namespace heapatlas::symbols {
namespace {

std::string programs;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// What both spellings have in common: GCC writes the arguments of templates as its messages do.
std::string withoutTemplateArguments(std::string name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNoBrackets = {
      {{"operator<=>", "operator SHIP"},
       {"operator<<", "operator LEFT"},
       {"operator>>", "operator RIGHT"},
       {"operator->", "operator ARROW"},
       {"operator<", "operator LESS"},
       {"operator>", "operator MORE"}}};
  for (const auto& [sign, word] : kNoBrackets) name = replaced(name, sign, word);
  name = replaced(name, "[abi:cxx11]", "");
  std::string text;
  int depth = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    // {lambda(int)#1} and <lambda(int)> are one.
    if (name[at] == '<' || name[at] == '{') ++depth;
    if (depth == 0) text += name[at];
    if (name[at] == '>' || name[at] == '}') --depth;
  }
  return text;
}

// A template's name begins with what it returns, which no declaration's does.
bool alike(const std::string& demangledName, const std::string& declaredName) {
  const std::string whole = withoutTemplateArguments(demangledName);
  const std::string part = withoutTemplateArguments(declaredName);
  return whole == part || whole.ends_with(" " + part);
}

bool has(const std::string& name, std::string_view part) { return name.find(part) != std::string::npos; }

// Names of conversions say the type by its alias, and constructors that are inherited are their heir's.
bool knownToDiffer(const std::string& name) {
  return has(name, "::operator ") || has(name, "__uniq_ptr_data") || has(name, "std::ostream::") ||
         has(name, "operator new[]") || has(name, "operator delete[]") || has(name, "::_Guard(_Guard");
}

struct Comparison {
  DeclaredNames names;
  std::set<std::string> seen;
  std::size_t same = 0;

  void descend(Dwarf_Die parent, Dwarf_Off end, int depth) {
    ASSERT_LT(depth, kDeepest);
    forEachChild(parent, end, [&](Dwarf_Die die, Dwarf_Off dieEnd) {
      if (tagOf(die) == DW_TAG_subprogram && flagged(die, DW_AT_declaration)) compare(die);
      descend(die, dieEnd, depth + 1);
    });
  }
  void compare(Dwarf_Die die) {
    const char* linkage = linkageName(die);
    if (linkage == nullptr || !std::string_view(linkage).starts_with("_Z") || !seen.insert(linkage).second) return;
    const std::string known = demangled(linkage);
    if (knownToDiffer(known)) return;
    const std::string declared = names.spelled(die);
    EXPECT_TRUE(alike(known, declared)) << linkage << "\ndemangled: " << known << "\ndeclared:  " << declared;
    ++same;
  }
};

TEST(DeclaredNames, AreWhatTheDemanglerMakesOfTheLinkageNamesBesideThem) {
  const int descriptor = open((programs + "/containers-gcc").c_str(), O_RDONLY | O_CLOEXEC);
  Dwarf* dwarf = dwarf_begin(descriptor, DWARF_C_READ);
  ASSERT_NE(dwarf, nullptr);
  Comparison comparison;
  Dwarf_CU* unit = nullptr;
  Dwarf_CU* next = nullptr;
  Dwarf_Die die;
  while (dwarf_get_units(dwarf, unit, &next, nullptr, nullptr, &die, nullptr) == 0) {
    unit = next;
    comparison.descend(die, kUnitEnd, 0);
  }
  dwarf_end(dwarf);
  close(descriptor);
  std::printf("%zu names are alike\n", comparison.same);
  EXPECT_GT(comparison.same, 1000u);
}

std::set<std::string> inlinedNames(const std::string& file) {
  Symbolizer symbolizer;
  ModuleKey key;
  key.path = file;
  key.end = static_cast<std::uint64_t>(-1);
  std::set<std::string> names;
  for (std::uint64_t address : instructions(file)) {
    for (const SymbolFrame& frame : symbolizer.resolve(key, address, true)) {
      if (frame.inlined) names.insert(frame.function);
    }
  }
  return names;
}

bool isOfThisFile(const std::string& name) {
  // Some are inlined in any case, and a lambda's constructor has no name.
  if (has(name, "<lambda>") || name.starts_with("std::allocator<")) return false;
  return has(name, "(anonymous namespace)") || has(name, "<lambda") || name.starts_with("total(");
}

// Without inlining every function has a symbol, which GCC's mangler has named.
TEST(DeclaredNames, OfInlinedFunctionsLocalToAFileAreThoseOfTheirSymbolsWithoutInlining) {
  std::vector<std::string> symbols;
  std::istringstream text(output("nm -C " + programs + "/containers-apart | cut -c20-"));
  for (std::string line; std::getline(text, line);) symbols.push_back(line);
  std::size_t local = 0;
  for (const std::string& name : inlinedNames(programs + "/containers-gcc")) {
    EXPECT_TRUE(name.find("::") != std::string::npos || name.find('(') != std::string::npos) << name;
    if (!isOfThisFile(name)) continue;
    ++local;
    const bool found =
        std::any_of(symbols.begin(), symbols.end(), [&](const std::string& symbol) { return alike(symbol, name); });
    EXPECT_TRUE(found) << name;
  }
  std::printf("%zu inlined functions that are local to the file\n", local);
  EXPECT_GT(local, 20u);
}

TEST(DeclaredNames, StayBareWhereTheDebugInformationHasNoTypes) {
  const std::set<std::string> names = inlinedNames(programs + "/containers-g1");
  EXPECT_TRUE(names.contains("total") && names.contains("twice")) << testing::PrintToString(names);
}

}  // namespace
}  // namespace heapatlas::symbols

int main(int count, char** words) {
  testing::InitGoogleTest(&count, words);
  if (count < 2) return 2;
  heapatlas::symbols::programs = words[1];
  return RUN_ALL_TESTS();
}
