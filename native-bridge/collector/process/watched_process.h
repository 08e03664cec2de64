// A process that is watched while it runs, by what it writes into its rings.
// Entry: drain, called by the drain thread.
// Must hold: the drain thread holds the mutex for one batch (1–2 ms) at a time and lets waiting queries go first; once
// ended() the figures never change again.
// Threads: the drain thread writes; any thread reads through a View.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "order/ring_drain.h"
#include "process/process.h"
#include "process/process_recording.h"
#include "process/residency.h"

namespace heapatlas::collector {

class WatchedProcess final : public Process {
 public:
  WatchedProcess(std::uint64_t id, RingFile file, ProcessLimits limits = {});
  ~WatchedProcess() override;

  // The drain thread's. Reads what is there; the number of records. Ends the process when it has left.
  std::uint64_t drain();
  // State, resident memory and the like; seldom. True when what WatchProcesses shows has changed.
  bool refresh();
  // A newer image of the same pid has appeared: this one was left by exec.
  void superseded() { superseded_ = true; }
  // Whether findings were raised since the last call. The drain thread's.
  bool takeNews() { return std::exchange(newFindings_, false); }
  int pidFd() const { return pidFd_; }

  // From now on; once.
  void record(std::unique_ptr<ProcessRecording> recording);
  // Exclusive use of the recording, which there must be.
  void withRecording(const std::function<void(ProcessRecording&, const RecordedState&)>& use);

  // As the kernel tells it; of a process that has ended, as it was told last.
  std::vector<node::Region> regions() override;
  node::MemoryBytes readMemory(std::uint64_t address, std::uint64_t count) override;
  // Reads it, and has it in the recording. Throws NodeError, and RecordingError where it cannot be kept.
  node::MemoryBytes keepMemory(std::uint64_t address, std::uint64_t count);
  std::shared_ptr<Past> past() override;

 private:
  std::uint64_t now() const override { return drain_.clock().nowNanos(); }
  ring::Mode mode() const override { return drain_.mode(); }
  bool beginPassUnderLock();
  bool passUnderLock();
  void takeFindings();
  void keepMemoryAround(const Finding& finding);
  bool batch();
  void finish();
  bool hasLeft() const;
  void sample(std::uint64_t nanos);
  void letQueriesGo();
  RecordedState recordedState();

  RingDrain drain_;
  std::unique_ptr<ProcessRecording> recording_;
  std::shared_ptr<Past> past_;  // what it wrote
  node::ProcFs procfs_;
  Residency residency_;
  std::uint64_t rssBytes_ = 0;
  std::uint64_t finishedSince_ = 0;  // monotonic; when Header::finished was first seen
  std::uint32_t modulesAtNotices_ = 0;
  bool memoryShort_ = false;   // as last looked at
  bool toldByKernel_ = false;  // what it runs, not by itself alone
  int pidFd_ = -1;
  bool superseded_ = false;
  bool newFindings_ = false;
};

}  // namespace heapatlas::collector
