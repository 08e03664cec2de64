// All processes that this collector knows, live or ended lately.
// Entry: add, called by the drain loop; find and changesAfter, by the service.
// Must hold: an id is never used twice; at most kMaxEnded ended processes are kept; the one that ended first goes
// first. What a session has had is counted for as long as one of its processes is known, so there are never more
// counts than processes. Threads: any; one mutex, never held while a process's own is taken.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "process/process.h"

namespace heapatlas::collector {

class Registry {
 public:
  static constexpr std::size_t kMaxEnded = 64;
  using Process = std::shared_ptr<collector::Process>;

  // Ids count up from behind this one.
  explicit Registry(std::uint64_t lastId = 0) : lastId_(lastId) {}

  std::uint64_t nextId();
  void add(Process process);
  // What WatchProcesses shows of this process has changed; an ended one may push an older one out.
  void changed(const Process& process);
  Process find(std::uint64_t id) const;
  std::vector<Process> all() const;
  std::vector<Process> live() const;
  // The processes that a session has ever had, those among them that are known no more; 0: none of it is known.
  std::uint64_t everOf(const std::string& session) const;

  // A change, by its place in the sequence of all changes.
  struct Change {
    std::uint64_t sequence;
    Process process;
  };
  // Latest changes behind a sequence number, one a process: in order, or by age from the beginning on. Waits for at
  // most that long when there is none.
  std::vector<Change> changesAfter(std::uint64_t sequence, std::uint64_t waitNanos);

 private:
  struct Slot {
    Process process;
    std::uint64_t sequence = 0;
  };
  struct Session {
    std::uint64_t ever = 0;
    std::uint64_t known = 0;
  };
  using Slots = std::map<std::uint64_t, Slot>;
  void forgetOldest();
  Slots::iterator oldestEnded();

  mutable std::mutex mutex_;
  std::condition_variable signal_;
  Slots slots_;  // by id, and therefore by age
  std::map<std::string, Session> sessions_;
  std::uint64_t sequence_ = 0;
  std::uint64_t lastId_;
};

}  // namespace heapatlas::collector
