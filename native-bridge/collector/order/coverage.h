// What is known about the completeness of a process's figures. Every hop counts here what it could not keep.
// Entry: filled by the order room, read by the service for every reply.
#pragma once

#include <cstdint>
#include <vector>

namespace heapatlas::collector {

struct GapSpan {
  std::uint64_t from = 0;  // nanoseconds since the process's start
  std::uint64_t to = 0;
  std::uint64_t events = 0;
};

// Events by what became of them; see Losses in collector.proto.
struct Losses {
  std::uint64_t foldedInGaps = 0;
  std::uint64_t damagedRecords = 0;
  std::uint64_t refusedByTable = 0;
  std::uint64_t droppedByRuntime = 0;
  std::uint64_t skippedBesideHeap = 0;
  std::uint64_t sum() const {
    return foldedInGaps + damagedRecords + refusedByTable + droppedByRuntime + skippedBesideHeap;
  }
};

struct CoverageCounters {
  std::uint64_t events = 0;     // that took effect one by one, which those of gaps did not
  std::uint64_t gapEvents = 0;  // coalesced: their net effect is in the map, their detail is gone
  std::uint64_t overrun = 0;    // records that were overwritten, or that no program writes: a damaged ring
  std::uint64_t unknownFrees = 0;
  std::uint64_t overwritten = 0;  // allocations over a live block whose release never came
  std::uint64_t reordered = 0;    // events that waited for another ring
  std::uint64_t overflowed = 0;   // events of a gap that found no room even in the coalesced table
  std::uint64_t mapSince = 0;     // when a switch of the mode, or a loss, began the map anew, nanoseconds; 0: never
  std::uint64_t offSince = 0;     // when recording was switched off; 0: it is on, or was never
  std::uint64_t gapCount = 0;     // ever
  std::vector<GapSpan> gaps;      // the latest kMaxGaps

  static constexpr std::size_t kMaxGaps = 1000;
  void addGap(const GapSpan& gap) {
    if (gaps.size() == kMaxGaps) gaps.erase(gaps.begin());
    gaps.push_back(gap);
    ++gapCount;
  }
};

}  // namespace heapatlas::collector
