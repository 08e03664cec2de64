#include "symbols/demangle.h"

#include <cxxabi.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace heapatlas::symbols {
namespace {

// Compilers append these to the copies they make of a function; source code has no such name.
constexpr std::array<std::string_view, 9> kCloneSuffixes = {
    ".constprop.", ".isra.", ".part.", ".cold", ".lto_priv.", ".llvm.", ".localalias", ".__uniq.", ".clone."};
// The demangler's time and memory may grow faster than the name; no compiler writes longer ones that people can read.
constexpr std::size_t kLongestName = 16384;

std::string withoutCloneSuffix(std::string name) {
  std::size_t cut = name.size();
  for (std::string_view suffix : kCloneSuffixes) {
    const std::size_t at = name.find(suffix, 1);
    if (at != std::string::npos && at < cut) cut = at;
  }
  name.resize(cut);
  return name;
}

}  // namespace

std::string demangled(const char* symbol) {
  if (symbol == nullptr) return {};
  std::string name = withoutCloneSuffix(symbol);
  if (name.size() > kLongestName) {
    name.resize(kLongestName);
    return name;
  }
  if (!name.starts_with("_Z")) return name;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 && text ? std::string(text.get()) : name;
}

}  // namespace heapatlas::symbols
