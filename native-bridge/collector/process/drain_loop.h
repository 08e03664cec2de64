// The drain thread: finds rings, drains them, sees processes come and go.
// Entry: DrainLoop, made by main; stop ends it. Must hold: never waits on a client; wakes at least every 2 ms while a
// process runs, and not at all while none does and nothing changes in the folder.
// Threads: owns one; it takes each process's mutex for a batch at a time.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "input/node_folder.h"
#include "process/registry.h"

namespace heapatlas::collector {

class DrainLoop {
 public:
  // log gets one sentence for each ring that cannot be read.
  DrainLoop(NodeFolder& folder, Registry& registry, std::function<void(const std::string&)> log);
  ~DrainLoop();
  DrainLoop(const DrainLoop&) = delete;
  DrainLoop& operator=(const DrainLoop&) = delete;

  void stop();
  // Looks for new rings at once, and answers when a whole pass over all processes has been made since.
  void passNow();
  // Since when no process is watched, monotonic nanoseconds; 0 while one is.
  std::uint64_t idleSince() const { return idleSince_.load(); }

 private:
  void loop();
  void discover();
  std::optional<RingFile> open(const std::string& path);
  void add(RingFile file);
  std::uint64_t drainAll();
  void refreshAll();
  void wait(std::uint64_t nanos, bool anyRunning);

  NodeFolder& folder_;
  Registry& registry_;
  std::function<void(const std::string&)> log_;
  std::set<std::string> known_;  // opened or refused
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> idleSince_{0};
  std::atomic<std::uint64_t> passes_{0};
  bool pending_ = false;  // a ring is there whose header is not whole yet
  int wakeFd_ = -1;
  std::thread thread_;
};

}  // namespace heapatlas::collector
