// See utf8.h.
#include "input/utf8.h"

#include <utility>

namespace heapatlas::collector {
namespace {

// Of the character that a byte begins; 0: none does.
std::size_t lengthOf(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

bool isCharacter(const std::string& text, std::size_t at, std::size_t length) {
  if (length == 0 || at + length > text.size()) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return false;
  }
  const unsigned char second = length > 2 ? byte(1) : 0x80;
  return !(byte(0) == 0xe0 && second < 0xa0) && !(byte(0) == 0xed && second >= 0xa0) &&
         !(byte(0) == 0xf0 && second < 0x90) && !(byte(0) == 0xf4 && second >= 0x90);
}

}  // namespace

std::string validUtf8(std::string text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = lengthOf(static_cast<unsigned char>(text[at]));
    const bool valid = isCharacter(text, at, length);
    if (!valid) text[at] = '?';
    at += valid ? length : 1;
  }
  return text;
}

std::string printable(std::string text) {
  for (char& each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte < 0x20 || byte == 0x7f) each = '?';
  }
  return validUtf8(std::move(text));
}

}  // namespace heapatlas::collector
