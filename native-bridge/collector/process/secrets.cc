// See secrets.h.
#include "process/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace heapatlas::collector {
namespace {

constexpr std::array<std::string_view, 12> kSecretWords = {
    "SECRET", "TOKEN", "PASS", "PWD", "CREDENTIAL", "APIKEY", "_KEY", "KEY_", "-KEY", "COOKIE", "AUTH", "PRIVATE"};

bool speaksOfSecret(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  if (upper == "PWD" || upper == "OLDPWD") return false;  // the shell's working folders
  return upper == "KEY" || std::any_of(kSecretWords.begin(), kSecretWords.end(),
                                       [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

// scheme://user:password@host
std::string withoutPassword(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::string(text);
  const std::size_t from = scheme + 3;
  const std::string_view authority = text.substr(from, text.find_first_of("/?#", from) - from);
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return std::string(text);
  return std::string(text.substr(0, from + colon + 1)) + "***" + std::string(text.substr(from + at));
}

}  // namespace

std::string masked(std::string_view variable) {
  const std::size_t equals = variable.find('=');
  if (equals == std::string_view::npos) return std::string(variable);
  if (speaksOfSecret(variable.substr(0, equals))) return std::string(variable.substr(0, equals + 1)) + "***";
  return withoutPassword(variable);
}

std::string maskedArgument(std::string_view argument) {
  return argument.starts_with("-") ? masked(argument) : withoutPassword(argument);
}

}  // namespace heapatlas::collector
