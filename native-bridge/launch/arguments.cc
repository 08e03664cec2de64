#include "arguments.h"

#include <string_view>

namespace heapatlas::launch {
namespace {

Failure wrong(const std::string& what) { return {kUsedWrongly, what + "; " + kUsage}; }

}  // namespace

std::variant<Arguments, Failure> parse(int argc, char** argv, std::string& report) {
  Arguments out;
  int at = 1;
  for (; at < argc; ++at) {
    const std::string_view option = argv[at];
    if (option == "--") {
      ++at;
      break;
    }
    if (option == "--stop-on-entry") {
      out.stopOnEntry = true;
      continue;
    }
    if (option != "--report" && option != "--cwd" && option != "--env" && option != "--unset") {
      return wrong("unknown option '" + std::string(option) + "'");
    }
    if (at + 1 >= argc) return wrong("option '" + std::string(option) + "' needs a value");
    const std::string value = argv[++at];
    if (option == "--report") {
      report = out.report = value;
    } else if (option == "--cwd") {
      out.workingDirectory = value;
    } else if (option == "--unset") {
      out.unset.push_back(value);
    } else {
      const std::size_t equals = value.find('=');
      if (equals == std::string::npos || equals == 0) return wrong("'" + value + "' is not NAME=VALUE");
      out.environment.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    }
  }
  if (out.report.empty()) return wrong("option '--report' is missing");
  out.program.assign(argv + at, argv + argc);
  if (out.program.empty()) return wrong("no program is named behind '--'");
  return out;
}

}  // namespace heapatlas::launch
