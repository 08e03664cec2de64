// The one JSON line that tells the caller how the program ended, in the file that --report names.
#pragma once

#include <string>

#include "child.h"
#include "failure.h"

namespace heapatlas::launch {

class Report {
 public:
  // Opened before the program starts, in the launcher's own folder; the program does not inherit it.
  explicit Report(const std::string& path);
  ~Report();
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  bool isOpen() const { return descriptor_ >= 0; }
  bool write(const Outcome& outcome) const;
  bool write(const Failure& failure) const;

 private:
  bool writeLine(const std::string& line) const;
  int descriptor_;
};

}  // namespace heapatlas::launch
