// One watched process: its ring, its heap, its threads and its figures over time, under one mutex.
// Entry: drain, called by the drain thread; View, taken by the service for a query.
// Must hold: the drain thread holds the mutex for one batch (1–2 ms) at a time and lets waiting queries go first; once
// ended() the figures never change again.
// Threads: the drain thread writes; any thread reads through a View.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "input/ring_file.h"
#include "node/proc.h"
#include "order/coverage.h"
#include "order/ring_drain.h"
#include "order/thread_table.h"
#include "process/heap.h"
#include "series/series.h"

namespace heapatlas::collector {

enum class RunState { Running, Stopped, Ended };

struct ProcessLimits {
  std::uint64_t tableBytes = ~0ull;  // memory of one live table
};

class WatchedProcess {
 public:
  WatchedProcess(std::uint64_t id, RingFile file, ProcessLimits limits = {});
  ~WatchedProcess();
  WatchedProcess(const WatchedProcess&) = delete;
  WatchedProcess& operator=(const WatchedProcess&) = delete;

  // The drain thread's. Reads what is there; the number of records. Ends the process when it has left.
  std::uint64_t drain();
  // State, resident memory and the like; seldom. True when what WatchProcesses shows has changed.
  bool refresh();
  // A newer image of the same pid has appeared: this one was left by exec.
  void superseded() { superseded_ = true; }
  int pidFd() const { return pidFd_; }

  std::uint64_t id() const { return id_; }
  const ProcessIdentity& identity() const { return file_.identity(); }
  const RingFile& file() const { return file_; }
  bool ended() const { return state_.load() == RunState::Ended; }
  RunState state() const { return state_.load(); }
  // Waits for at most that long; true when it has ended.
  bool waitEnded(std::uint64_t nanos);
  void requestMode(ring::Mode mode, std::uint64_t sampleMean);

  // Exclusive access to the figures.
  class View {
   public:
    explicit View(WatchedProcess& process);
    Heap& heap() const { return process_.heap_; }
    const ThreadTable& threads() const { return process_.threads_; }
    const Series& series() const { return process_.series_; }
    const CoverageCounters& coverage() const { return process_.coverage_; }
    const node::ProcessFacts& facts() const { return process_.facts_; }
    const std::vector<std::string>& notices() const { return process_.notices_; }
    ring::Mode mode() const { return process_.drain_.mode(); }
    const RingFile& file() const { return process_.file_; }
    std::uint64_t now() const { return process_.drain_.clock().nowNanos(); }
    std::uint64_t nanosOf(std::uint64_t ticks) const { return process_.drain_.clock().nanos(ticks); }
    std::uint64_t lost() const;
    bool exact() const;
    bool restarted() const { return process_.restarted_; }
    std::vector<node::Region>& lastRegions() const { return process_.lastRegions_; }

   private:
    WatchedProcess& process_;
    std::unique_lock<std::mutex> lock_;
  };

 private:
  bool passUnderLock();
  void finish();
  bool hasLeft() const;
  void sample(std::uint64_t nanos);
  void letQueriesGo();
  bool exactUnderLock() const;
  std::uint64_t lostUnderLock() const;

  const std::uint64_t id_;
  mutable std::mutex mutex_;
  std::condition_variable endedSignal_;
  std::atomic<std::uint32_t> queries_{0};
  RingFile file_;
  Heap heap_;
  ThreadTable threads_;
  CoverageCounters coverage_;
  RingDrain drain_;
  Series series_;
  node::ProcFs procfs_;
  node::ProcessFacts facts_;
  std::vector<std::string> notices_;
  std::vector<node::Region> lastRegions_;
  std::atomic<RunState> state_{RunState::Running};
  std::uint64_t rssBytes_ = 0;
  std::uint64_t finishedSince_ = 0;  // monotonic; when Header::finished was first seen
  std::uint32_t modulesAtNotices_ = 0;
  int pidFd_ = -1;
  bool superseded_ = false;
  bool restarted_ = false;  // another collector read this ring before: what was live then is not known
};

}  // namespace heapatlas::collector
