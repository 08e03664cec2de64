// The one way by which a program's events change its heap and are counted; where they are kept, each is written down as
// it is applied.
// Entry: called by RingDrain, Disorder and the resynchronisation after a gap; events, taken by WatchedProcess after
// each batch. Must hold: what is written down, applied in order to an empty heap, gives this heap. Threads: one owner
// at a time (the process's mutex).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "findings/detector.h"
#include "order/coverage.h"
#include "order/thread_table.h"
#include "process/heap.h"
#include "recording/event.h"

namespace heapatlas::collector {

// Who did something, and when.
struct Origin {
  std::uint64_t nanos = 0;
  std::uint32_t thread = 0;  // index in ThreadTable
  std::uint32_t stack = 0;   // of a release; an allocation's context says it
  recording::What what = recording::What::Allocate;
};

class Journal {
 public:
  Journal(const RingFile& file, Heap& heap, ThreadTable& threads, CoverageCounters& coverage)
      : heap_(heap), threads_(threads), coverage_(coverage), detector_(file, heap, coverage) {}

  // What is wrong with the events. A finding's position is the index that its event has in events().
  Detector& detector() { return detector_; }

  // From now on events are kept until they are taken.
  void keep() { events_ = std::make_unique<std::vector<recording::Event>>(); }
  void keepNoMore() { events_.reset(); }
  // What came since the last clear; there is one while events are kept.
  std::vector<recording::Event>& events() { return *events_; }

  // As Heap's.
  bool allocate(const Origin& by, std::uint64_t address, std::uint64_t size, std::uint32_t context) {
    const std::uint64_t refused = heap_.totals().refused;
    if (!heap_.allocate(address, size, context, by.nanos)) return false;
    const bool kept = heap_.totals().refused == refused;
    write(kept ? by.what : recording::What::Refused, by, address, size, context);
    return true;
  }
  // Over whatever lives there, whose release was never read.
  void allocateOver(const Origin& by, std::uint64_t address, std::uint64_t size, std::uint32_t context) {
    if (allocate(by, address, size, context)) return;
    release({by.nanos, by.thread, 0, recording::What::Overwritten}, address);
    allocate(by, address, size, context);
  }
  std::optional<LiveBlock> release(const Origin& by, std::uint64_t address) {
    std::optional<LiveBlock> block = heap_.release(address);
    if (!block) return block;
    detector_.released({by.nanos, by.thread, by.stack}, *block);
    write(by.what, by, address, block->size, block->entry.context());
    return block;
  }
  bool restore(const Origin& by, const LiveBlock& block) {
    if (!heap_.restore(block)) return false;
    write(recording::What::Restore, by, block.address, block.size, block.entry.context());
    return true;
  }
  void forget(std::uint64_t nanos) {
    heap_.forget();
    detector_.forget();
    write(recording::What::Forget, {.nanos = nanos}, 0, 0, 0);
  }
  void poolAllocated(const Origin& by, std::uint32_t pool, std::uint64_t address, std::uint64_t size,
                     std::uint32_t context) {
    heap_.pools().allocated(pool, address, size, context, by.nanos);
    write(recording::What::PoolAllocate, {by.nanos, by.thread, pool}, address, size, context);
  }
  void poolReleased(const Origin& by, std::uint32_t pool, std::uint64_t address) {
    heap_.pools().released(pool, address);
    write(recording::What::PoolRelease, {by.nanos, by.thread, pool}, address, 0, 0);
  }
  // Of what is no live block's beginning, as far as the session saw.
  void unknownRelease(const Origin& by, std::uint64_t address) {
    detector_.unknownRelease(by.what, {by.nanos, by.thread, by.stack}, address, events_ ? events_->size() : 0);
    write(recording::What::ReleaseUnknown, by, address, 0, 0);
  }
  // What changes nothing of the heap.
  void note(const Origin& by, std::uint64_t address, std::uint64_t size) { write(by.what, by, address, size, 0); }

 private:
  void write(recording::What what, const Origin& by, std::uint64_t address, std::uint64_t size, std::uint32_t context) {
    const recording::Event event{by.nanos, address, size, context, by.stack, by.thread, what};
    count(event, threads_, coverage_);
    if (events_ != nullptr) events_->push_back(event);
  }

  Heap& heap_;
  ThreadTable& threads_;
  CoverageCounters& coverage_;
  Detector detector_;
  std::unique_ptr<std::vector<recording::Event>> events_;
};

}  // namespace heapatlas::collector
