// See process.h.
#include "process/process.h"

#include <chrono>
#include <utility>

namespace heapatlas::collector {

Process::Process(std::uint64_t id, RingFile file, ProcessLimits limits)
    : file_(std::move(file)), heap_(limits.tableBytes), id_(id) {}

bool Process::waitEnded(std::uint64_t nanos) {
  std::unique_lock<std::mutex> lock(mutex_);
  return endedSignal_.wait_for(lock, std::chrono::nanoseconds(nanos), [this] { return !live(); });
}

void Process::requestMode(ring::Mode mode, std::uint64_t sampleMean) {
  if (sampleMean != 0) file_.header().sampleMean.store(sampleMean, std::memory_order_relaxed);
  file_.header().wantedMode.store(static_cast<std::uint32_t>(mode), std::memory_order_release);
}

std::vector<node::Region> Process::regions() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return lastRegions_;
}

std::vector<std::uint32_t> Process::tids() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::uint32_t> tids;
  for (const ThreadFigures& thread : threads_.all()) tids.push_back(thread.tid);
  return tids;
}

Process::View::View(Process& process) : process_(process) {
  process.queries_.fetch_add(1);
  lock_ = std::unique_lock<std::mutex>(process.mutex_);
  process.queries_.fetch_sub(1);
}

Losses Process::View::losses() const {
  const ring::Header& header = file().header();
  return {coverage().gapEvents, coverage().overrun, heap().totals().refused,
          header.lostEvents.load(std::memory_order_relaxed), header.skippedEvents.load(std::memory_order_relaxed)};
}

bool Process::View::exact() const {
  const ring::Header& header = file().header();
  const bool full = mode() == ring::Mode::Full || mode() == ring::Mode::FullNoStacks;
  return full && !restarted() && coverage().mapSince == 0 && coverage().overrun == 0 && coverage().overwritten == 0 &&
         coverage().overflowed == 0 && heap().totals().refused == 0 && !file().broken() &&
         header.attachedLate.load(std::memory_order_relaxed) == 0 &&
         header.lostEvents.load(std::memory_order_relaxed) == 0 && header.gap.load(std::memory_order_relaxed) == 0;
}

}  // namespace heapatlas::collector
