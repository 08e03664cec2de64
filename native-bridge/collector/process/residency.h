// What of a process's mappings is resident. The kernel walks all page tables to say it, a second and more for a heap of
// 40 GB, so a reading has a thread of its own, takes a small part of the time, and nobody waits long for it.
// Entry: Residency::regions, called for views. Must hold: where the mappings lie is as of now; what is resident of them
// is as of the last reading, which is as of now too where it is quick.
// Threads: any thread calls; a reading runs on one of its own, which the destructor waits for.
#pragma once

#include <cstdint>
#include <future>
#include <mutex>
#include <vector>

#include "node/proc.h"

namespace heapatlas::collector {

class Residency {
 public:
  // In address order. Throws NodeError.
  std::vector<node::Region> regions(const node::ProcFs& procfs, std::uint32_t pid);

 private:
  struct Reading {
    std::vector<node::Region> regions;
    std::uint64_t tookNanos = 0;
  };
  static Reading read(const node::ProcFs& procfs, std::uint32_t pid);
  bool awaitReading();

  std::mutex mutex_;
  std::future<Reading> coming_;
  std::uint64_t begun_ = 0;      // the reading that comes; monotonic
  std::uint64_t notBefore_ = 0;  // the next one
  std::vector<node::Region> known_;
};

}  // namespace heapatlas::collector
