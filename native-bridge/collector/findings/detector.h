// Finds releases that no program may make: of a block that was released already, and of what is no block's beginning.
// Entry: released, called by Journal for every release; unknownRelease, for one that met no live block; take, by
// WatchedProcess after each batch. Must hold: nothing is raised where an allocation may have gone unseen; what the
// detector remembers costs an ordinary release one store, and an ordinary allocation nothing.
// Threads: one owner at a time (the process's mutex).
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "findings/finding.h"
#include "input/ring_file.h"
#include "order/coverage.h"
#include "process/heap.h"
#include "recording/event.h"

namespace heapatlas::collector {

class Detector {
 public:
  static constexpr std::size_t kMostFindings = 1000;  // of a process; later ones are not kept
  static constexpr std::size_t kRemembered = 8192;    // releases, the latest ones, 32 bytes each

  Detector(const RingFile& file, const Heap& heap, const CoverageCounters& coverage)
      : file_(file), heap_(heap), coverage_(coverage) {}

  // Blocks may live that were never seen.
  void expectUnknownBlocks() { unknownBlocks_ = true; }
  [[gnu::always_inline]] void released(const Finding::Release& by, const LiveBlock& block) {
    std::uint64_t& count = remembered_[kRemembered].address;
    remembered_[count++ % kRemembered] = {block.address, block.entry.bits, by.nanos, by.stack, by.thread};
  }
  // event: its index among those that are kept; what: kind of release.
  void unknownRelease(recording::What what, const Finding::Release& by, std::uint64_t address, std::uint64_t event);
  // What was released before says nothing any more.
  void forget() { remembered_.reset(remember()); }
  // Those that were raised since the last call; each one's position is an index of an event.
  std::vector<Finding> take() { return std::exchange(fresh_, {}); }
  bool hasFresh() const { return !fresh_.empty(); }

 private:
  struct Remembered {
    std::uint64_t address;
    std::uint64_t entry;
    std::uint64_t nanos;
    std::uint32_t stack;
    std::uint32_t thread;
  };
  struct Free {
    void operator()(Remembered* memory) const { std::free(memory); }
  };
  // Around and around; one more, whose address counts them, so that a release writes next to the one before it.
  static Remembered* remember();
  const Remembered* latestOf(std::uint64_t address) const;
  bool seesAll() const;
  bool mayHoldUnknown() const;
  bool covers(const LiveBlock& block, std::uint64_t address) const;

  const RingFile& file_;
  const Heap& heap_;
  const CoverageCounters& coverage_;
  std::unique_ptr<Remembered[], Free> remembered_{remember()};
  bool unknownBlocks_ = false;
  std::size_t raised_ = 0;
  std::vector<Finding> fresh_;
};

}  // namespace heapatlas::collector
