// heapatlas-launch: checks that a program can be watched, starts it with the given environment, and reports its end.
// Called by the DAP server (also through an IDE's terminal). Exit status: the program's own, 128 + signal when it was
// killed; 1 when nothing can be injected into it, 2 when it was asked for wrongly.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "arguments.h"
#include "child.h"
#include "program.h"
#include "report.h"

namespace heapatlas::launch {
namespace {

int fail(const Failure& failure, const Report* report) {
  std::fprintf(stderr, "heapatlas: %s.\n", failure.sentence.c_str());
  if (report != nullptr && report->isOpen() && !report->write(failure)) {
    std::fprintf(stderr, "heapatlas: the report file cannot be written: %s.\n", std::strerror(errno));
  }
  return failure.status;
}

// The steps between the command line and the running program; each returns the failure that ends them.
std::variant<Outcome, Failure> start(const Arguments& arguments, Report* report) {
  if (!arguments.workingDirectory.empty() && chdir(arguments.workingDirectory.c_str()) != 0) {
    return Failure{kUsedWrongly, "the working folder '" + arguments.workingDirectory +
                                     "' cannot be entered: " + std::strerror(errno)};
  }
  for (const std::string& name : arguments.unset) unsetenv(name.c_str());
  for (const auto& [name, value] : arguments.environment) setenv(name.c_str(), value.c_str(), 1);
  if (arguments.stopOnEntry) setenv("HEAPATLAS_STOP", "1", 1);
  const auto found = find(arguments.program.front());
  if (const auto* failure = std::get_if<Failure>(&found)) return *failure;
  const auto& path = *std::get_if<std::string>(&found);
  if (Failure failure = check(path); !failure.sentence.empty()) return failure;
  return run(path, arguments.program, [report](pid_t child) {
    // What cannot be written then is said when the end cannot be written either.
    if (report != nullptr) report->begin(child);
  });
}

int main(int argc, char** argv) {
  std::string reportPath;
  const auto parsed = parse(argc, argv, reportPath);
  std::optional<Report> report;
  if (!reportPath.empty()) report.emplace(reportPath);
  if (report && !report->isOpen()) {
    return fail({kUsedWrongly, "the report file '" + reportPath + "' cannot be written: " + std::strerror(errno)},
                nullptr);
  }
  Report* out = report ? &*report : nullptr;
  if (const auto* failure = std::get_if<Failure>(&parsed)) return fail(*failure, out);
  const auto ended = start(*std::get_if<Arguments>(&parsed), out);
  if (const auto* failure = std::get_if<Failure>(&ended)) return fail(*failure, out);
  const auto& outcome = *std::get_if<Outcome>(&ended);
  if (!out->write(outcome))
    std::fprintf(stderr, "heapatlas: the report file '%s' cannot be written.\n", reportPath.c_str());
  return outcome.signal != 0 ? 128 + outcome.signal : outcome.exitStatus;
}

}  // namespace
}  // namespace heapatlas::launch

int main(int argc, char** argv) { return heapatlas::launch::main(argc, argv); }
