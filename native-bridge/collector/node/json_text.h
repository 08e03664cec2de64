// A string as JSON. Entry: quoted. Must hold: any bytes give valid JSON; bytes that are no ASCII pass as they are.
#pragma once

#include <string>
#include <string_view>

namespace heapatlas::node {

inline std::string quoted(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (byte < 32) {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += letter;
    }
  }
  return out + '"';
}

}  // namespace heapatlas::node
