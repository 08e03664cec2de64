// Turns stack nodes into frames with functions and lines, for replies.
// Entry: StackNames::stack, called for every site or allocation that a reply shows. Must hold: never called under a
// process's mutex (a first look into a module may take seconds); the runtime's own frames are left out.
// Threads: any.
#pragma once

#include <cstdint>
#include <mutex>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "collector.pb.h"
#include "process/watched_process.h"
#include "symbols/symbolizer.h"

namespace heapatlas::collector {

class StackNames {
 public:
  heapatlas::v1::Stack stack(const WatchedProcess& process, std::uint32_t node);
  // Whether a frame's function contains the text.
  static bool mentions(const heapatlas::v1::Stack& stack, const std::string& text);
  // Addresses of a process that were shown without a function's name.
  std::uint64_t unresolved(std::uint64_t process) const;
  symbols::Symbolizer& symbolizer() { return symbolizer_; }
  static symbols::ModuleKey keyOf(const ModuleSnapshot& module, std::uint32_t pid);
  static void fill(heapatlas::v1::Frame& frame, const symbols::SymbolFrame& symbol);

 private:
  symbols::Symbolizer symbolizer_;
  mutable std::mutex mutex_;
  absl::flat_hash_map<std::uint64_t, absl::flat_hash_set<std::uint64_t>> unresolved_;
};

}  // namespace heapatlas::collector
