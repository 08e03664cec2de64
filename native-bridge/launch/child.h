// Runs the program as a child in the launcher's own process group, so that a terminal sees one job, and waits for it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "failure.h"

namespace heapatlas::launch {

struct Outcome {
  pid_t pid = 0;
  int exitStatus = 0;  // valid when signal is 0
  int signal = 0;      // the signal that ended the program, 0 when it left by itself
  std::uint64_t cpuNanos = 0;
};

// SIGTERM, SIGINT, SIGHUP and SIGQUIT sent to the launcher are passed on, unless the terminal sent them to both.
// started: called once the child is there.
std::variant<Outcome, Failure> run(const std::string& path, const std::vector<std::string>& arguments,
                                   const std::function<void(pid_t)>& started);

}  // namespace heapatlas::launch
