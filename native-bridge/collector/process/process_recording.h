// What one process gives to its recording: the journal's events, and whatever these name.
// Entry: begin, afterBatch and end, called by WatchedProcess under its mutex. Must hold: what an event names is defined
// before the chunk that it is in; a mark stands between two batches, where counters and table belong together.
// Threads: the drain thread, under the process's mutex.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "input/ring_file.h"
#include "node/proc.h"
#include "order/coverage.h"
#include "order/ring_drain.h"
#include "order/thread_table.h"
#include "process/heap.h"
#include "process/process.h"
#include "recording/recorder.h"
#include "series/series.h"

namespace heapatlas::collector {

// A process as its recording sees it.
struct RecordedState {
  const RingFile& file;
  const Heap& heap;
  const ThreadTable& threads;
  const CoverageCounters& coverage;
  RingDrain& drain;
  const Series& series;
  const node::ProcessFacts& facts;
  const std::vector<std::string>& notices;
  const std::vector<node::Region>& regions;
  RunState state;
  bool restarted;
};

class ProcessRecording {
 public:
  // A node that was defined, for who looks up its name.
  struct NodeAddress {
    std::uint64_t pc;
    bool exact;
  };

  // Throws recording::RecordingError.
  ProcessRecording(const std::string& folder, const recording::Limits& limits);

  // The program may wait a little longer: leave its ring alone.
  bool full() const { return recorder_.full(); }
  // Writes down what is live already.
  void begin(const RecordedState& state);
  void afterBatch(const RecordedState& state);
  // Raised in this batch, its position an index of the journal's events: becomes the one in the recording.
  void found(Finding& finding);
  // Of an event that is not in the recording.
  void foundBefore(Finding finding);
  void end(const RecordedState& state, const std::string& why, bool processEnded);
  // Its facts may have changed.
  void refreshed(const RecordedState& state);
  // The mappings as they are now.
  void mappings(const std::vector<node::Region>& regions, std::uint64_t nanos);
  // Bytes of its memory as they were at, or a little behind, a position. Throws RecordingError beyond
  // recording::kMostMemoryBytes.
  void memory(std::uint64_t position, std::uint64_t nanos, std::uint64_t address,
              const std::vector<std::uint8_t>& data);
  // Those that were defined since the last call.
  std::vector<NodeAddress> takeNewAddresses() { return std::exchange(newAddresses_, {}); }
  bool ended() const { return ended_; }
  const std::string& folder() const { return folder_; }
  recording::Recorder& recorder() { return recorder_; }

 private:
  void takeEvents(const RecordedState& state);
  void cut(const RecordedState& state);
  void defineNew(const RecordedState& state);
  void defineNode(const RingFile& file, std::uint32_t node, heapatlas::v1::Nodes& nodes);
  void defineStacks(const RecordedState& state);
  void defineModules(const RecordedState& state);
  void defineNames(const RingFile& file);
  void defineLabels(const LabelSets& labels);
  void defineThreads(const RecordedState& state);
  void defineFacts(const RecordedState& state);
  void defineFindings();
  void defineCounters(const RecordedState& state, bool rests);
  void definePoints(const Series& series);
  heapatlas::v1::Mark mark(const RecordedState& state);

  const std::string folder_;
  recording::Recorder recorder_;
  bool ended_ = false;
  std::vector<bool> definedNodes_;
  std::vector<std::uint32_t> stacksToDefine_;
  std::vector<Finding> findings_;  // not yet defined
  std::vector<NodeAddress> newAddresses_;
  std::uint32_t definedContexts_ = 0;
  std::uint32_t definedLabels_ = 0;
  std::uint32_t definedNames_ = 0;
  std::vector<bool> modulesLoaded_;  // by the index of those that are defined
  std::vector<std::string> threadNames_;
  std::vector<std::uint64_t> threadEvents_;  // at the last mark
  std::uint64_t pointsUntil_ = 0;
  bool anyPoint_ = false;
  std::uint64_t gaps_ = 0;        // that the counters have told
  std::uint64_t countersAt_ = 0;  // when they were defined last
  std::string counters_;          // as defined last …
  std::string facts_;             // … and these …
  std::string mappings_;          // … and these
  std::uint64_t memoryBytes_ = 0;
  std::vector<std::string> environment_;
  std::string workingFolder_;
};

}  // namespace heapatlas::collector
