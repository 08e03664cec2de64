#include "symbols/declared_names.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "symbols/attributes.h"
#include "symbols/children.h"
#include "symbols/demangle.h"

namespace heapatlas::symbols {
namespace {

// Of characters. Each step costs more than it writes, which bounds how deep names may refer to each other.
constexpr std::ptrdiff_t kLongestName = 16384;
constexpr std::ptrdiff_t kStep = 32;
constexpr const char* kLeftOut = "...";

bool isCPlusPlus(Dwarf_Die die) {
  Dwarf_Die unit;
  if (dwarf_diecu(&die, &unit, nullptr, nullptr) == nullptr) return false;
  switch (dwarf_srclang(&unit)) {
    case DW_LANG_C_plus_plus:
    case DW_LANG_C_plus_plus_03:
    case DW_LANG_C_plus_plus_11:
    case DW_LANG_C_plus_plus_14:
      return true;
    default:
      return false;
  }
}

bool isClass(int tag) { return tag == DW_TAG_class_type || tag == DW_TAG_structure_type || tag == DW_TAG_union_type; }

// Where a function or a class is declared, from a copy of it.
Dwarf_Die declarationOf(Dwarf_Die die) {
  for (int hops = 0; hops < kDeepest; ++hops) {
    std::optional<Dwarf_Die> next = referred(die, DW_AT_abstract_origin);
    if (!next) next = referred(die, DW_AT_specification);
    if (!next) break;
    die = *next;
  }
  return die;
}

std::optional<Dwarf_Die> withoutAliases(std::optional<Dwarf_Die> type, bool qualifiersToo) {
  for (int hops = 0; type && hops < kDeepest; ++hops) {
    const int tag = tagOf(*type);
    const bool qualifier = tag == DW_TAG_const_type || tag == DW_TAG_volatile_type || tag == DW_TAG_restrict_type;
    if (tag != DW_TAG_typedef && !(qualifier && qualifiersToo)) break;
    type = referred(*type, DW_AT_type);
  }
  return type;
}

// GCC and Clang write the base types as they stand in their own messages.
std::string baseType(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSpellings = {{
      {"long int", "long"},
      {"long unsigned int", "unsigned long"},
      {"short int", "short"},
      {"short unsigned int", "unsigned short"},
      {"long long int", "long long"},
      {"long long unsigned int", "unsigned long long"},
      {"__int128 unsigned", "unsigned __int128"},
  }};
  for (const auto& [written, spelling] : kSpellings) {
    if (name == written) return std::string(spelling);
  }
  return std::string(name);
}

// What stands behind the parameters of a member function: const and the kind of object it may be called on.
std::string qualifiersOf(Dwarf_Die function) {
  std::string text;
  const auto self = referred(function, DW_AT_object_pointer);
  const auto place = self ? withoutAliases(referred(*self, DW_AT_type), true) : std::nullopt;
  // Two at most: const and volatile.
  auto object = place ? referred(*place, DW_AT_type) : std::nullopt;
  for (int hops = 0; object && hops < 2; ++hops) {
    if (tagOf(*object) == DW_TAG_const_type) text += " const";
    if (tagOf(*object) == DW_TAG_volatile_type) text += " volatile";
    object = referred(*object, DW_AT_type);
  }
  if (flagged(function, DW_AT_reference)) text += " &";
  if (flagged(function, DW_AT_rvalue_reference)) text += " &&";
  return text;
}

}  // namespace

std::string DeclaredNames::function(Dwarf_Die die) {
  left_ = kLongestName;
  return declared(die);
}

std::string DeclaredNames::spelled(Dwarf_Die declaration) {
  left_ = kLongestName;
  return signature(declaration);
}

bool DeclaredNames::affords(std::string_view text) {
  left_ -= kStep + static_cast<std::ptrdiff_t>(text.size());
  return left_ >= 0;
}

std::string DeclaredNames::declared(Dwarf_Die function) {
  if (const char* linkage = linkageName(function)) return demangled(linkage);
  function = declarationOf(function);
  const char* name = nameOf(function);
  if (name == nullptr || !isCPlusPlus(function) || !scopes_.describesTypes(function)) return demangled(name);
  std::optional<Dwarf_Die> scope = scopes_.around(function);
  // What other files can call without a mangled name is extern "C".
  if (flagged(function, DW_AT_external) && !(scope && isClass(tagOf(*scope)))) return demangled(name);
  return signature(function);
}

std::string DeclaredNames::signature(Dwarf_Die declaration) {
  return qualified(declaration) + parameters(declaration) + qualifiersOf(declaration);
}

std::string DeclaredNames::qualified(Dwarf_Die die) {
  die = declarationOf(die);
  const char* written = nameOf(die);
  const std::string_view name = written == nullptr ? "" : written;
  if (!affords(name)) return kLeftOut;
  std::string text = name.empty() ? unnamed(die) : std::string(name);
  const std::optional<Dwarf_Die> scope = scopes_.around(die);
  if (!scope) return text;
  if (tagOf(*scope) != DW_TAG_subprogram) return qualified(*scope) + "::" + text;
  // What the demangler makes of a template begins with what it returns.
  return (linkageName(*scope) ? signature(declarationOf(*scope)) : declared(*scope)) + "::" + text;
}

// As GCC writes it within names of templates; a lambda is a class that can be called.
std::string DeclaredNames::unnamed(Dwarf_Die die) {
  if (tagOf(die) == DW_TAG_namespace) return "(anonymous namespace)";
  std::string text = "<unnamed>";
  forEachChild(die, kUnitEnd, [&](Dwarf_Die child, Dwarf_Off) {
    const char* name = tagOf(child) == DW_TAG_subprogram ? nameOf(child) : nullptr;
    if (name != nullptr && std::string_view(name).starts_with("operator()")) text = "<lambda" + parameters(child) + ">";
  });
  return text;
}

std::string DeclaredNames::parameters(Dwarf_Die function) {
  std::string text;
  const auto add = [&](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
  const auto addParameter = [&](Dwarf_Die child, Dwarf_Off) {
    const int tag = tagOf(child);
    if (tag == DW_TAG_unspecified_parameters) add("...");
    if (tag != DW_TAG_formal_parameter || flagged(child, DW_AT_artificial)) return;
    // What a parameter's own const says concerns the callee alone.
    const auto plain = withoutAliases(referred(child, DW_AT_type), true);
    add(plain ? type(*plain, "") : kLeftOut);
  };
  forEachChild(function, kUnitEnd, [&](Dwarf_Die child, Dwarf_Off end) {
    if (tagOf(child) == DW_TAG_GNU_formal_parameter_pack) {
      forEachChild(child, end, addParameter);
    } else {
      addParameter(child, end);
    }
  });
  return "(" + text + ")";
}

// declarator: what stands around the name that is not there, as in char (*)[3].
std::string DeclaredNames::type(Dwarf_Die of, const std::string& declarator) {
  if (!affords({})) return kLeftOut;
  switch (tagOf(of)) {
    case DW_TAG_typedef: {
      auto plain = withoutAliases(of, false);
      const bool unnamed = plain && isClass(tagOf(*plain)) && nameOf(*plain) == nullptr;
      return unnamed ? qualified(of) + declarator : typeOf(of, declarator);
    }
    case DW_TAG_const_type:
      return typeOf(of, " const" + declarator);
    case DW_TAG_volatile_type:
      return typeOf(of, " volatile" + declarator);
    case DW_TAG_restrict_type:
      return typeOf(of, " __restrict" + declarator);
    case DW_TAG_pointer_type:
      return pointer(of, "*" + declarator);
    case DW_TAG_reference_type:
      return pointer(of, "&" + declarator);
    case DW_TAG_rvalue_reference_type:
      return pointer(of, "&&" + declarator);
    case DW_TAG_ptr_to_member_type: {
      const auto owner = referred(of, DW_AT_containing_type);
      return pointer(of, (owner ? qualified(*owner) : kLeftOut) + "::*" + declarator);
    }
    case DW_TAG_array_type:
      return typeOf(of, (declarator.empty() ? "" : " " + declarator) + " " + bounds(of));
    case DW_TAG_subroutine_type:
      return typeOf(of, " " + declarator + parameters(of) + qualifiersOf(of));
    case DW_TAG_base_type:
    case DW_TAG_unspecified_type: {
      const char* name = nameOf(of);
      return (name != nullptr && affords(name) ? baseType(name) : kLeftOut) + declarator;
    }
    default:
      return qualified(of) + declarator;
  }
}

std::string DeclaredNames::typeOf(Dwarf_Die entity, const std::string& declarator) {
  const auto of = referred(entity, DW_AT_type);
  return of ? type(*of, declarator) : "void" + declarator;
}

std::string DeclaredNames::pointer(Dwarf_Die of, const std::string& sign) {
  auto target = withoutAliases(referred(of, DW_AT_type), true);
  const int tag = target ? tagOf(*target) : DW_TAG_invalid;
  if (tag == DW_TAG_array_type || tag == DW_TAG_subroutine_type) return typeOf(of, "(" + sign + ")");
  return typeOf(of, tagOf(of) == DW_TAG_ptr_to_member_type ? " " + sign : sign);
}

std::string DeclaredNames::bounds(Dwarf_Die array) {
  std::string text;
  forEachChild(array, kUnitEnd, [&](Dwarf_Die child, Dwarf_Off) {
    if (tagOf(child) != DW_TAG_subrange_type) return;
    const auto last = number(child, DW_AT_upper_bound);
    const auto count = last ? *last + 1 : number(child, DW_AT_count);
    text += "[" + (count ? std::to_string(*count) : "") + "]";
  });
  return text;
}

}  // namespace heapatlas::symbols
