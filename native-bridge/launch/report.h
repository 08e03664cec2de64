// The one JSON line that tells the caller which process the program is, and how it ended, in the file that --report
// names.
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
  // The line's beginning, as soon as the program's process is there.
  void begin(pid_t pid) { begun_ = writeText("{\"pid\":" + std::to_string(pid) + ","); }
  bool write(const Outcome& outcome) const;
  bool write(const Failure& failure) const;

 private:
  bool writeFields(const std::string& fields) const;
  bool writeText(const std::string& text) const;
  int descriptor_;
  bool begun_ = false;
};

}  // namespace heapatlas::launch
