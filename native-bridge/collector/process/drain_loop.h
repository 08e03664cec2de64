// The drain thread: finds rings, drains them, sees processes come and go.
// Entry: DrainLoop, made by main; stop ends it. Must hold: never waits on a client; wakes at least every 2 ms while a
// process runs, and not at all while none does and nothing changes in the folder.
// Threads: owns one; it takes each process's mutex for a batch at a time.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "input/node_folder.h"
#include "process/recordings.h"
#include "process/registry.h"
#include "process/watched_process.h"

namespace heapatlas::collector {

class DrainLoop {
 public:
  // log gets one sentence for each ring that cannot be read.
  DrainLoop(NodeFolder& folder, Registry& registry, Recordings& recordings,
            std::function<void(const std::string&)> log);
  ~DrainLoop();
  DrainLoop(const DrainLoop&) = delete;
  DrainLoop& operator=(const DrainLoop&) = delete;

  void stop();
  // Looks for new rings at once, and answers when a whole pass over all processes has been made since.
  void passNow();
  // The latest rings that could not be read, and why.
  struct Refusal {
    std::uint32_t pid = 0;
    std::string why;
  };
  std::vector<Refusal> refusals() const;
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
  void refuse(const std::string& path, const std::string& why);
  void reapRefused();

  NodeFolder& folder_;
  Registry& registry_;
  Recordings& recordings_;
  std::function<void(const std::string&)> log_;
  static constexpr std::size_t kMaxRefusals = 100;
  std::vector<std::shared_ptr<WatchedProcess>> live_;
  std::set<std::string> known_;    // opened or refused
  std::set<std::string> refused_;  // still there
  mutable std::mutex refusalsMutex_;
  std::deque<Refusal> refusals_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> idleSince_{0};
  std::atomic<std::uint64_t> passes_{0};
  bool pending_ = false;  // a ring is there whose header is not whole yet
  int wakeFd_ = -1;
  std::thread thread_;
};

}  // namespace heapatlas::collector
