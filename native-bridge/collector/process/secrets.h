// Hides what a recording should not carry to somebody else: the values of variables and options that may be secret.
// Entry: masked, maskedArgument. Must hold: judged by the name alone, and rather once too often.
#pragma once

#include <string>
#include <string_view>

namespace heapatlas::collector {

// NAME=value, with *** for the value where the name speaks of a secret.
std::string masked(std::string_view variable);
// The same for an argument --name=value, and for a URL's user:password@.
std::string maskedArgument(std::string_view argument);

}  // namespace heapatlas::collector
