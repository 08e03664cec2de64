// What programs say of themselves, as text that a message may carry. Entry: validUtf8, called where such text goes into
// one: a reader refuses a whole message for one byte that is none of a character.
#pragma once

#include <string>

namespace heapatlas::collector {

// Bytes that no character begins with, or that end in the middle of one, become question marks.
std::string validUtf8(std::string text);
// The same, and control characters too: for names, which stand in a line.
std::string printable(std::string text);

}  // namespace heapatlas::collector
