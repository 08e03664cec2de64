// The threads that a process's rings told of; index 0 stands for "not known".
// Entry: start, name, exit, called by RingDrain. Must hold: at most kMaxThreads are kept, later ones are index 0.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

 private:
  std::vector<ThreadFigures> threads_;
};

}  // namespace heapatlas::collector
