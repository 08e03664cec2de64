// One clear sentence for the person who asked for a program, and the exit status that goes with it.
// Returned by every step that can fail before the program runs; main reports it and leaves.
#pragma once

#include <string>

namespace heapatlas::launch {

inline constexpr int kCannotInject = 1;  // the program is fine, but nothing can be loaded into it
inline constexpr int kUsedWrongly = 2;   // no such program, not executable, wrong options

struct Failure {
  int status = kUsedWrongly;
  std::string sentence;
};

}  // namespace heapatlas::launch
