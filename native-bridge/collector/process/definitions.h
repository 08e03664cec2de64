// What a recording's events name: stack nodes, modules, names, threads, contexts, labels, code, and the process itself.
// Entry: Definitions, read once by ReplayedProcess. Must hold: whatever the files say, an index is bounded before
// anything is kept for it; what they leave out is there, without a name, so that numbers mean the same.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "findings/finding.h"
#include "input/ring_file.h"
#include "node/memory.h"
#include "node/proc.h"
#include "order/coverage.h"
#include "process/heap.h"
#include "recording/reader.h"
#include "series/series.h"
#include "symbols/symbolizer.h"

namespace heapatlas::collector {

// Memory that looks like a ring file of a process which does nothing. Takes what is written.
class RingMemory {
 public:
  RingMemory();
  ~RingMemory();
  RingMemory(const RingMemory&) = delete;
  RingMemory& operator=(const RingMemory&) = delete;

  std::byte* base() { return base_; }
  ring::Header& header() { return *reinterpret_cast<ring::Header*>(base_); }
  // Each index is below the format's limit.
  ring::StackNode& node(std::uint32_t index) {
    return reinterpret_cast<ring::StackNode*>(base_ + ring::kNodesOffset)[index];
  }
  ring::Module& module(std::uint32_t index) {
    return reinterpret_cast<ring::Module*>(base_ + ring::kModulesOffset)[index];
  }
  ring::Name& name(std::uint32_t index) { return reinterpret_cast<ring::Name*>(base_ + ring::kNamesOffset)[index]; }

 private:
  std::byte* base_;
};

class Definitions {
 public:
  struct Thread {
    std::uint32_t tid = 0;
    std::vector<std::pair<std::uint64_t, std::string>> names;  // each from a time on
    // Its first name, too, before it was given.
    const std::string& nameAt(std::uint64_t nanos) const;
  };
  struct RegionsAt {
    std::uint64_t nanos = 0;
    std::vector<node::Region> regions;
  };
  using CodeFrames = std::vector<symbols::SymbolFrame>;

  // Throws recording::RecordingError when they do not say which process it is.
  explicit Definitions(recording::Reader& reader);

  // Names, modules, stack nodes and a header, as a live process's.
  std::byte* memory() const { return memory_->base(); }
  void showModulesAt(std::uint64_t nanos);
  // Contexts and sets of labels, by the numbers that the events say.
  void internInto(Heap& heap) const;
  const heapatlas::v1::ProcessFacts& factsAt(std::uint64_t nanos) const;
  // As they stood, before the first ones as these; null where none were written down.
  const heapatlas::v1::Counters* countersAt(std::uint64_t nanos) const;
  // The gaps that had ended.
  std::span<const GapSpan> gapsAt(std::uint64_t nanos) const;
  // Empty where none were written down.
  std::vector<node::Region> regionsAt(std::uint64_t nanos) const;
  // What is known at a position of memory that was kept: from the address on, up to the first byte that was not.
  node::MemoryBytes memoryAt(std::uint64_t position, std::uint64_t address, std::uint64_t count) const;
  const std::vector<Thread>& threads() const { return threads_; }
  const std::vector<SeriesPoint>& points() const { return points_; }
  const std::vector<Finding>& findings() const { return findings_; }
  // Null where the recording does not say.
  const CodeFrames* framesOf(std::uint64_t pc, bool exact) const;

 private:
  struct LoadedModule {
    std::uint64_t loaded = 0;
    std::uint64_t unloaded = 0;  // 0: it stays
  };

  void take(recording::FrameType type, const std::string& message);
  void takeNodes(const heapatlas::v1::Nodes& nodes);
  void takeModules(const heapatlas::v1::Modules& modules);
  void takeNames(const heapatlas::v1::Names& names);
  void takeThreads(const heapatlas::v1::Threads& threads);
  void takeContexts(const heapatlas::v1::Contexts& contexts);
  void takeLabels(const heapatlas::v1::LabelSets& sets);
  void takeStrings(const heapatlas::v1::Strings& strings);
  void takeSymbols(const heapatlas::v1::Symbols& symbols);
  void takeMappings(const heapatlas::v1::Mappings& mappings);
  void takeFindings(const heapatlas::v1::Findings& findings);
  void takeMemory(heapatlas::v1::MemoryPart part);
  void takeCounters(const heapatlas::v1::Counters& counters);
  void takePoints(const heapatlas::v1::Points& points);
  void fillHeader();
  const std::string& stringAt(std::uint32_t index) const;

  std::unique_ptr<RingMemory> memory_;
  std::vector<heapatlas::v1::ProcessFacts> facts_;
  std::vector<heapatlas::v1::Counters> counters_;  // without their gaps …
  std::vector<GapSpan> gaps_;                      // … which are these
  std::vector<RegionsAt> regions_;
  std::vector<heapatlas::v1::MemoryPart> memoryParts_;  // by ascending position
  std::uint64_t memoryBytes_ = 0;
  std::vector<Thread> threads_;
  std::vector<LoadedModule> modules_;
  std::vector<SeriesPoint> points_;
  std::vector<Finding> findings_;
  std::vector<Context> contexts_;
  std::vector<LabelNames> labels_;
  std::vector<std::string> strings_;
  absl::flat_hash_map<std::uint64_t, CodeFrames> code_;  // by the address, and in bit 0 whether it is exact
};

}  // namespace heapatlas::collector
