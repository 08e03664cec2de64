#include "symbols/symbol_table.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>

#include "symbols/demangle.h"

namespace heapatlas::symbols {
namespace {

// Hand-written code often says no size; no such function is longer.
constexpr std::uint64_t kLongestUnsized = 4096;

std::size_t leadingUnderscores(const char* name) { return std::strspn(name, "_"); }

}  // namespace

SymbolTable::SymbolTable(Dwfl_Module* module) {
  read(module);
  keepTheBestOfEachAddress();
  for (std::size_t index = 0; index < functions_.size(); ++index) {
    const Function& function = functions_[index];
    std::uint64_t size = function.size;
    if (size == 0) {
      const bool last = index + 1 == functions_.size();
      size = last ? kLongestUnsized : std::min(kLongestUnsized, functions_[index + 1].address - function.address);
    }
    if (function.address + size > function.address) ranges_.add(function.address, function.address + size, index);
  }
  ranges_.seal();
}

void SymbolTable::read(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int index = 1; index < count; ++index) {
    GElf_Sym symbol;
    GElf_Addr address = 0;
    GElf_Word section = 0;
    const char* name = dwfl_module_getsym_info(module, index, &symbol, &address, &section, nullptr, nullptr);
    const unsigned type = GELF_ST_TYPE(symbol.st_info);
    if (name == nullptr || name[0] == '\0' || section == SHN_UNDEF || section == SHN_ABS) continue;
    if (type != STT_FUNC && type != STT_GNU_IFUNC) continue;
    functions_.push_back({address, symbol.st_size, name, GELF_ST_BIND(symbol.st_info) == STB_LOCAL});
  }
}

// One function may have several names: the one that programs call it by has the fewest underscores in front.
void SymbolTable::keepTheBestOfEachAddress() {
  const auto key = [](const Function& one) {
    return std::tuple(one.address, one.size == 0, leadingUnderscores(one.name), one.local, std::strlen(one.name),
                      std::string_view(one.name));
  };
  std::sort(functions_.begin(), functions_.end(),
            [&key](const Function& one, const Function& other) { return key(one) < key(other); });
  const auto end = std::unique(functions_.begin(), functions_.end(),
                               [](const Function& one, const Function& other) { return one.address == other.address; });
  functions_.erase(end, functions_.end());
  functions_.shrink_to_fit();
}

std::string SymbolTable::nameAt(std::uint64_t address) const {
  const std::size_t index = ranges_.find(address);
  if (index >= functions_.size()) return {};
  const std::string_view name = functions_[index].name;
  // A version may be part of it: memcpy@@GLIBC_2.14.
  return demangled(std::string(name.substr(0, name.find('@'))).c_str());
}

}  // namespace heapatlas::symbols
