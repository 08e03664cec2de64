// A process that is replayed from its recording. It stands still before one of its events, and its figures are those of
// then. It stands beside WatchedProcess, because it is what the recording room must not know: a heap, and a View of it.
// Entry: moveTo and moveToTime, called for Seek. Must hold: the figures depend on the position and the time alone, not
// on the way there. So whatever a mark or totals say at the beginning of a chunk is taken over on every way that passes
// there, and a way back is a new way, unless what changed was kept (see UndoLog).
// Threads: any; all under the process's mutex.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "process/definitions.h"
#include "process/past.h"
#include "process/process.h"
#include "process/undo_log.h"
#include "recording/reader.h"

namespace heapatlas::collector {

class ReplayedProcess final : public Process {
 public:
  // At the recording's end. Throws recording::RecordingError.
  static std::shared_ptr<ReplayedProcess> open(std::uint64_t id, const std::string& folder, ProcessLimits limits = {});

  struct Moment {
    std::uint64_t position = 0;
    std::uint64_t nanos = 0;
    std::uint64_t endNanos = 0;                    // of the recording
    std::optional<recording::Event> event;         // at the position; empty at the end
    std::uint64_t birth = recording::kNoPosition;  // of the block that it ends
  };
  Moment moment();
  // What of the recording could not be read.
  std::vector<std::string> missing() const;
  // Said at every instant; before anybody else knows the process.
  void addNotice(const std::string& sentence);
  // Beyond the ends: the end.
  void moveTo(std::uint64_t position);
  // Before the first event at or behind a time.
  void moveToTime(std::uint64_t nanos);

  std::vector<node::Region> regions() override;
  node::MemoryBytes readMemory(std::uint64_t address, std::uint64_t count) override;
  std::vector<std::uint32_t> tids() override;
  std::shared_ptr<Past> past() override { return past_; }
  const Definitions::CodeFrames* recordedFrames(std::uint64_t pc, bool exact) const override {
    return definitions_.framesOf(pc, exact);
  }

 private:
  ReplayedProcess(std::uint64_t id, const std::string& folder, ProcessLimits limits,
                  std::unique_ptr<recording::Reader> reader, Definitions definitions);
  std::uint64_t now() const override { return nanos_; }
  Course course() const override;
  ring::Mode mode() const override { return ring::modeOf(file_.header().modeInForce.load()); }

  void goTo(std::uint64_t position);
  void restartFor(std::size_t chunk);
  void forwardTo(std::uint64_t position);
  void replay(std::size_t from, std::size_t to, std::size_t keepFrom);
  bool load(std::size_t chunk);
  void enter(std::size_t chunk, bool withTotals);
  void leaveLast();
  void apply(const recording::Event& event, const LiveBlock& block);
  void applyToTable(const recording::Event& event, const LiveBlock& block);
  void applyToTable(const recording::Net& net);
  void apply(const heapatlas::v1::Mark& mark);
  void applyDifferences(const heapatlas::v1::Mark& mark);
  ThreadFigures& known(std::uint32_t thread);
  std::uint64_t timeOf(std::uint64_t position);
  std::uint64_t endNanos() const;
  void showTime();
  void showCounters();

  std::unique_ptr<recording::Reader> reader_;
  Definitions definitions_;
  std::shared_ptr<Past> past_;
  UndoLog undo_{heap_, threads_, coverage_};  // of the chunk at hand
  std::uint64_t position_ = 0;
  std::uint64_t nanos_ = 0;
  recording::Rows rows_;  // of one chunk
  std::size_t rowsOf_ = ~std::size_t{0};
  std::size_t pointsShown_ = 0;
  std::vector<GapSpan> gapsToEnd_;
  std::vector<std::string> lastingNotices_;
};

}  // namespace heapatlas::collector
