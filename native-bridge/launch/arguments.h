// The command line of heapatlas-launch.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "failure.h"

namespace heapatlas::launch {

struct Arguments {
  std::string report;
  std::string workingDirectory;
  bool stopOnEntry = false;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> unset;    // variables that the program does not inherit
  std::vector<std::string> program;  // the program as it was named, then its arguments
};

inline constexpr const char* kUsage =
    "usage: heapatlas-launch --report FILE [--cwd FOLDER] [--stop-on-entry] [--env NAME=VALUE]… "
    "[--unset NAME]… -- PROGRAM ARGUMENT…";

// --report is filled in even when a later argument is wrong, so that the failure can be reported there.
std::variant<Arguments, Failure> parse(int argc, char** argv, std::string& report);

}  // namespace heapatlas::launch
