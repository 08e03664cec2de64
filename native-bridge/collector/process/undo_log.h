// What the latest events of a replay changed, so that they can be taken back one by one.
// Entry: keep, before an event is applied; takeBack, behind it. Must hold: what takeBack leaves is what keep found, to
// the byte: figures are put back as copies, not computed, because sums of doubles and peaks have no inverse.
// Not for events of pools, nor for Forget: then the log begins anew.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "order/coverage.h"
#include "order/thread_table.h"
#include "process/heap.h"
#include "recording/event.h"

namespace heapatlas::collector {

class UndoLog {
 public:
  static constexpr std::size_t kMostEvents = 1u << 16;

  UndoLog(Heap& heap, ThreadTable& threads, CoverageCounters& coverage)
      : heap_(heap), threads_(threads), coverage_(coverage) {}

  static bool canKeep(const recording::Event& event);
  void keep(const recording::Event& event);
  // The latest event.
  void takeBack();
  // Events that can be taken back.
  std::size_t size() const { return changes_.size(); }
  void clear() { changes_.clear(); }

 private:
  struct Change {
    std::uint64_t address = 0;
    bool ofTable = false;
    std::optional<LiveBlock> block;  // that lay there
    HeapTotals totals;
    std::uint32_t context = 0;
    Figures site;
    Figures labelledSite;
    std::vector<PeakFigures> labels;  // by kind; of a block that has some
    std::uint32_t threadIndex = 0;
    ThreadFigures thread;
    std::uint64_t events = 0;
    std::uint64_t unknownFrees = 0;
    std::uint64_t overwritten = 0;
  };

  Heap& heap_;
  ThreadTable& threads_;
  CoverageCounters& coverage_;
  std::deque<Change> changes_;
};

}  // namespace heapatlas::collector
