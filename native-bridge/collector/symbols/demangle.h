// Names of symbols as people write them. Entry: demangled, called for every name that comes out of a module's file.
// Must hold: a name that cannot be demangled comes back as it was, except for the compiler's clone suffixes.
#pragma once

#include <string>

namespace heapatlas::symbols {

std::string demangled(const char* symbol);

}  // namespace heapatlas::symbols
