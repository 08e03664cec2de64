// Writes functions and lines of code addresses into a recording, so that it can be read where the program's files are
// not. Entry: SymbolLog::add, by the thread that looks names up. Must hold: a string is written once; what was added
// before a failure stays readable.
// Threads: one owner at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "recording.pb.h"
#include "recording/frame_file.h"
#include "symbols/symbolizer.h"

namespace heapatlas::recording {

class SymbolLog {
 public:
  // Makes the file. Throws RecordingError.
  explicit SymbolLog(const std::string& path) : file_(path) {}
  bool knows(std::uint64_t pc, bool exact) const { return known_.contains(keyOf(pc, exact)); }
  void add(std::uint64_t pc, bool exact, const std::vector<symbols::SymbolFrame>& frames);
  // What was added since is on the disk when it returns. Throws RecordingError.
  void seal();

 private:
  static std::uint64_t keyOf(std::uint64_t pc, bool exact) { return pc << 1 | static_cast<std::uint64_t>(exact); }
  std::uint32_t indexOf(const std::string& text);

  FrameWriter file_;
  absl::flat_hash_set<std::uint64_t> known_;
  absl::flat_hash_map<std::string, std::uint32_t> strings_;
  heapatlas::v1::Strings newStrings_;
  heapatlas::v1::Symbols newSymbols_;
};

}  // namespace heapatlas::recording
