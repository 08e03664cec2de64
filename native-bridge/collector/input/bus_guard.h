// Keeps the collector alive when a watched program cuts its ring file short: the page that is gone reads as zeros.
// Entry: BusGuard, one per mapped ring file; installed by RingFile. Must hold: a SIGBUS outside of every guarded span
// kills as it always did.
#pragma once

#include <cstddef>

namespace heapatlas::collector {

class BusGuard {
 public:
  // Throws std::runtime_error when kMaxSpans files are guarded already.
  BusGuard(void* start, std::size_t bytes);
  ~BusGuard();
  BusGuard(const BusGuard&) = delete;
  BusGuard& operator=(const BusGuard&) = delete;

  // A page of the span was missing, and was replaced.
  bool broken() const;

  static constexpr std::size_t kMaxSpans = 1024;

 private:
  std::size_t slot_ = 0;
};

}  // namespace heapatlas::collector
