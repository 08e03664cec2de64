// One process of which the collector has figures: its heap, its threads and its figures over time, under one mutex.
// Entry: View, taken by the service for a query. Who changes the figures, and when: WatchedProcess, ReplayedProcess.
// Must hold: once it has ended the figures never change again.
// Threads: one writes; any thread reads through a View.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "findings/finding.h"
#include "input/ring_file.h"
#include "node/memory.h"
#include "node/proc.h"
#include "order/coverage.h"
#include "order/thread_table.h"
#include "process/heap.h"
#include "series/series.h"
#include "symbols/symbolizer.h"

namespace heapatlas::collector {

class Past;

enum class RunState { Running, Stopped, Ended, Replayed };

struct ProcessLimits {
  std::uint64_t tableBytes = ~0ull;  // memory of one live table
};

class Process {
 public:
  virtual ~Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  std::uint64_t id() const { return id_; }
  const ProcessIdentity& identity() const { return file_.identity(); }
  const RingFile& file() const { return file_; }
  RunState state() const { return state_.load(); }
  bool ended() const { return state() == RunState::Ended; }
  // Whether there is a process of the system that can be asked, and told.
  bool live() const { return state() == RunState::Running || state() == RunState::Stopped; }
  // Waits for at most that long; true when it is live no more.
  bool waitEnded(std::uint64_t nanos);
  void requestMode(ring::Mode mode, std::uint64_t sampleMean);
  // Its mappings, in address order; none where they are not known. Throws NodeError. Not under a View.
  virtual std::vector<node::Region> regions();
  // As it is now, or as it was kept last before where a replay stands. Throws NodeError. Not under a View.
  virtual node::MemoryBytes readMemory(std::uint64_t address, std::uint64_t count) = 0;
  // Of its threads, by their index.
  virtual std::vector<std::uint32_t> tids();
  // What is written down of it; null where nothing is.
  virtual std::shared_ptr<Past> past() { return nullptr; }
  // Frames of an address of code, as they were written down; null where they were not.
  virtual const std::vector<symbols::SymbolFrame>* recordedFrames(std::uint64_t, bool) const { return nullptr; }

  // What is known of the whole time, also of what lies behind the instant at which a replayed one stands.
  struct Course {
    Series series;
    std::vector<GapSpan> gaps;
  };

  // Exclusive access to the figures.
  class View {
   public:
    explicit View(Process& process);
    Heap& heap() const { return process_.heap_; }
    const ThreadTable& threads() const { return process_.threads_; }
    const Series& series() const { return process_.series_; }
    Course course() const { return process_.course(); }
    const CoverageCounters& coverage() const { return process_.coverage_; }
    // In the order in which they were raised.
    const std::vector<Finding>& findings() const { return process_.findings_; }
    const node::ProcessFacts& facts() const { return process_.facts_; }
    const std::vector<std::string>& notices() const { return process_.notices_; }
    ring::Mode mode() const { return process_.mode(); }
    const RingFile& file() const { return process_.file_; }
    std::uint64_t now() const { return process_.now(); }
    Losses losses() const;
    bool exact() const;
    bool restarted() const { return process_.restarted_; }

   private:
    Process& process_;
    std::unique_lock<std::mutex> lock_;
  };

 protected:
  Process(std::uint64_t id, RingFile file, ProcessLimits limits);

  // All under the mutex.
  virtual std::uint64_t now() const = 0;
  virtual ring::Mode mode() const = 0;
  virtual Course course() const { return {series_, coverage_.gaps}; }

  mutable std::mutex mutex_;
  std::condition_variable endedSignal_;
  std::atomic<std::uint32_t> queries_{0};  // that wait for the mutex
  RingFile file_;
  Heap heap_;
  ThreadTable threads_;
  CoverageCounters coverage_;
  Series series_;
  std::vector<Finding> findings_;
  node::ProcessFacts facts_;
  std::vector<std::string> notices_;
  std::vector<node::Region> lastRegions_;
  std::atomic<RunState> state_{RunState::Running};
  bool restarted_ = false;  // another collector read this ring before: what was live then is not known

 private:
  const std::uint64_t id_;
};

}  // namespace heapatlas::collector
