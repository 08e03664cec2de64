// See residency.h.
#include "process/residency.h"

#include <algorithm>
#include <chrono>

#include "input/clock.h"

namespace heapatlas::collector {
namespace {

constexpr std::uint64_t kPatienceNanos = 10'000'000;
constexpr std::uint64_t kPauseShare = 10;  // a pause is so many times as long as the reading before it

}  // namespace

std::vector<node::Region> Residency::regions(const node::ProcFs& procfs, std::uint32_t pid) {
  const std::lock_guard<std::mutex> lock(mutex_);
  bool fresh = false;
  if (!coming_.valid() && monotonicNanos() >= notBefore_) {
    begun_ = monotonicNanos();
    coming_ = std::async(std::launch::async, [procfs, pid] { return read(procfs, pid); });
    fresh = true;
  }
  if (awaitReading() && fresh) return known_;
  std::vector<node::Region> regions = procfs.maps(pid);
  auto known = known_.begin();
  for (node::Region& region : regions) {
    known = std::lower_bound(known, known_.end(), region.from,
                             [](const node::Region& one, std::uint64_t from) { return one.from < from; });
    if (known == known_.end() || known->from != region.from || known->name != region.name) continue;
    region.rssBytes = known->rssBytes;
    region.pssBytes = known->pssBytes;
    region.swapBytes = known->swapBytes;
    region.hugeBytes = known->hugeBytes;
    region.numaPages = known->numaPages;
  }
  return regions;
}

// True when a reading has come.
bool Residency::awaitReading() {
  if (!coming_.valid()) return false;
  const std::uint64_t waited = monotonicNanos() - begun_;
  const std::chrono::nanoseconds left(kPatienceNanos - std::min(waited, kPatienceNanos));
  if (coming_.wait_for(left) != std::future_status::ready) return false;
  Reading reading = coming_.get();
  known_ = std::move(reading.regions);
  notBefore_ = monotonicNanos() + kPauseShare * reading.tookNanos;
  return true;
}

Residency::Reading Residency::read(const node::ProcFs& procfs, std::uint32_t pid) {
  const std::uint64_t start = monotonicNanos();
  Reading reading{procfs.regions(pid), 0};
  reading.tookNanos = monotonicNanos() - start;
  return reading;
}

}  // namespace heapatlas::collector
