// The threads that a process's rings told of; index 0 stands for "not known".
// Entry: start, name, exit, called by RingDrain. Must hold: at most kMaxThreads are kept, later ones are index 0.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "order/coverage.h"
#include "recording/event.h"

namespace heapatlas::collector {

struct ThreadFigures {
  std::uint32_t tid = 0;
  std::string name;
  bool running = true;
  std::uint64_t events = 0;
  std::uint64_t allocatedBytes = 0;
  std::uint64_t lastAllocation = 0;  // address; its block may have been released since
};

class ThreadTable {
 public:
  static constexpr std::size_t kMaxThreads = 1u << 20;

  ThreadTable() : threads_(1) { threads_[0].running = false; }
  std::uint32_t start(std::uint32_t tid) {
    if (threads_.size() == kMaxThreads) return 0;
    threads_.push_back({tid, "", true, 0, 0, 0});
    return static_cast<std::uint32_t>(threads_.size() - 1);
  }
  ThreadFigures& operator[](std::uint32_t index) { return threads_[index < threads_.size() ? index : 0]; }
  const std::vector<ThreadFigures>& all() const { return threads_; }
  std::uint32_t running() const {
    return static_cast<std::uint32_t>(std::ranges::count_if(threads_, &ThreadFigures::running));
  }

 private:
  std::vector<ThreadFigures> threads_;
};

// What an event adds to the figures beside the heap: by this alone they change, live and replayed alike.
inline void count(const recording::Event& event, ThreadTable& threads, CoverageCounters& coverage) {
  coverage.unknownFrees += event.what == recording::What::ReleaseUnknown;
  coverage.overwritten += event.what == recording::What::Overwritten;
  if (!isRecord(event.what)) return;
  ++coverage.events;
  ThreadFigures& thread = threads[event.thread];
  ++thread.events;
  if (event.what == recording::What::ThreadExit) thread.running = false;
  if (!isAllocation(event.what)) return;
  thread.allocatedBytes += event.size;
  thread.lastAllocation = event.address;
}

}  // namespace heapatlas::collector
