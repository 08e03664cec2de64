// Turns stack nodes into frames with functions and lines, for replies.
// Entry: StackNames::stack, called for every site or allocation that a reply shows. Must hold: never called under a
// process's mutex (a first look into a module may take seconds); the runtime's own frames are left out.
// Threads: any.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "collector.pb.h"
#include "process/code_names.h"
#include "process/process.h"
#include "symbols/symbolizer.h"

namespace heapatlas::collector {

class StackNames {
 public:
  explicit StackNames(symbols::Symbolizer& symbolizer) : symbolizer_(symbolizer) {}
  // Addresses of code without a function's name, of the stacks of one answer.
  using Unnamed = absl::flat_hash_set<std::uint64_t>;
  heapatlas::v1::Stack stack(const Process& process, std::uint32_t node, Unnamed* unnamed = nullptr);
  // Of one node alone; as its process's recording names it, or else as the program's files do.
  std::vector<heapatlas::v1::Frame> framesAt(const Process& process, const ring::StackNode& node);
  // Whether a frame's function contains the text.
  static bool mentions(const heapatlas::v1::Stack& stack, const std::string& text);
  symbols::Symbolizer& symbolizer() { return symbolizer_; }
  // Where its files may be looked for; 0: nowhere.
  static std::uint32_t pidOf(const Process& process);
  static void fill(heapatlas::v1::Frame& frame, const symbols::SymbolFrame& symbol);

 private:
  std::vector<heapatlas::v1::Frame> framesIn(const Process& process, const ModuleSnapshot& module,
                                             const ring::StackNode& node);

  symbols::Symbolizer& symbolizer_;
};

}  // namespace heapatlas::collector
