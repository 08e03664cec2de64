// Reads the rings of one process, brings their records into one order and folds them into its heap.
// Entry: beginPass, work, endPass, called by WatchedProcess. A pass ends at the heads that were read at its begin;
// rings are merged by time, estimated between the bounds that are certain: the Time records around an event, and the
// moments at which the heads were read. A ring whose next event's ticket is not due, or does not fit (a release before
// its allocation, an allocation over a live block), or comes behind another ring's unread ones, is held until another
// ring has brought the event that must come first; where that lies behind the heads, it is parked until the next pass.
// Must hold: a ring's tail never passes its head; nothing that a ring says can lead outside of it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "input/clock.h"
#include "input/ring_file.h"
#include "order/coverage.h"
#include "order/disorder.h"
#include "order/journal.h"
#include "order/thread_table.h"
#include "order/tickets.h"
#include "process/heap.h"

namespace heapatlas::collector {

class RingDrain {
 public:
  using TickSource = std::function<std::uint64_t()>;
  RingDrain(const RingFile& file, Heap& heap, ThreadTable& threads, CoverageCounters& coverage, TickClock clock,
            TickSource ticks = ticksNow);

  // Reads all heads. False when there is nothing to read.
  bool beginPass();
  // Folds up to about so many records; true when the pass is at its end.
  bool work(std::size_t records);
  // Settles what waited. final: nothing more will ever come, and nothing is parked.
  void endPass(bool final);
  // A ring waits for what the next pass may bring.
  bool parked() const { return parked_; }

  // Records read by the latest pass.
  std::uint64_t passRecords() const { return passRecords_; }
  std::uint64_t latestNanos() const { return latestNanos_; }
  ring::Mode mode() const { return ring::modeOf(modeWord_); }
  std::uint64_t modeWord() const { return modeWord_; }
  const TickClock& clock() const { return clock_; }
  TickClock& clock() { return clock_; }
  Journal& journal() { return journal_; }
  std::size_t waitingAddresses() const { return disorder_.addresses(); }
  // For a block of which no more is known than its stack and its tag.
  std::uint32_t contextOf(std::uint32_t node, std::uint32_t tag) {
    return heap_.context(node, 0, heap_.labels().intern({tag}), 0);
  }

 private:
  static constexpr std::uint32_t kCacheSlots = 2048;
  struct CachedContext {
    std::uint32_t node = 0;
    std::uint32_t labels = 0;
    std::uint32_t context = 0;
    std::uint32_t generation = 0;
  };
  struct Lane {
    std::uint64_t position = 0;      // of the next record
    std::uint64_t end = 0;           // of this pass
    std::uint64_t parkedAt = ~0ull;  // position at which it was parked last
    std::uint64_t low = 0;           // bounds of the current segment …
    std::uint64_t high = 0;
    std::uint64_t segmentStart = 0;  // … and its records
    std::uint64_t segmentEnd = 0;
    double ticksEach = 0;     // of a record in the segment
    std::uint64_t nanos = 0;  // of low
    std::uint32_t ring = 0;
    std::uint32_t thread = 0;
    LabelNames names{};        // of the thread's labels …
    std::uint32_t labels = 0;  // … as an index of LabelSets
    std::uint32_t pool = 0;    // name of the pool that its next pool records are of
    std::uint32_t generation = 1;
    float sampleMean = 0;         // of the cached contexts
    std::uint64_t epoch = 0;      // of the next record …
    std::uint64_t epochMean = 0;  // … and its mean of samples
    std::unique_ptr<CachedContext[]> cache;

    void spread(std::uint64_t from, std::uint64_t to) {
      segmentStart = from;
      segmentEnd = to;
      ticksEach = to == from ? 0 : static_cast<double>(high - low) / static_cast<double>(to - from);
    }
    std::uint64_t time() const {
      return low + static_cast<std::uint64_t>(ticksEach * static_cast<double>(position - segmentStart));
    }
  };
  struct Turn {
    std::uint64_t time;
    Lane* lane;
    friend bool operator>(const Turn& a, const Turn& b) { return a.time > b.time; }
  };

  // A lane that waits until a block begins to live at an address, or ceases to, for its ticket's turn, or until another
  // ring has been read so far.
  enum class Until { Live, Dead, Turn, Read };
  // What it waits for may have been done, and not yet published, when the heads were read.
  static bool mayComeBehindHeads(Until until) { return until == Until::Turn || until == Until::Read; }
  struct Held {
    Lane* lane;
    std::uint64_t address;
    Until until;
  };

  Lane& laneOf(std::uint32_t ring);
  void openSegment(Lane& lane);
  // Folds records of a lane up to its end, the budget, or the moment when another lane is earlier.
  // False: the lane is held now, at a record that does not fit.
  bool run(Lane& lane, std::uint64_t until, std::size_t budget);
  bool foldInTurn(Lane& lane, const ring::Record& record);
  bool takesUnknown(const Lane& lane, const ring::Record& record);
  bool fold(Lane& lane, const ring::Record& record);
  bool foldOther(Lane& lane, const ring::Record& record);
  bool allocate(Lane& lane, const ring::Record& record, float sampleMean);
  bool release(Lane& lane, const ring::Record& record, bool moves);
  bool hold(Lane& lane, std::uint64_t address, Until until);
  bool isRead(const ring::Record& after) const;
  bool awaitsReading() const;
  void noteChange(std::uint64_t address) { wake_ = wake_ || (!held_.empty() && heldFilter_[filterSlot(address)]); }
  bool stillWaits(const Held& held) const;
  void wakeHeld(const Lane& cause);
  bool park();
  void forceEarliestHeld();
  // Equal for addresses that share a ticket counter.
  static std::size_t filterSlot(std::uint64_t address) { return ring::ticketCounter(address) % 256; }
  void restore(Lane& lane, const ring::Record& record);
  void foldThread(Lane& lane, const ring::Record& record);
  void foldLabel(Lane& lane, std::uint64_t value);
  void foldPool(Lane& lane, const ring::Record& record);
  void foldMode(Lane& lane, const ring::Record& record);
  void followProgram();
  void expectUnknownBlocks();
  // No other thread had recorded anything before it: a thread that is not alone takes tickets.
  bool isOnlyOne(const ring::Record& record) const { return oneRing_ && record.ticket() == 0; }
  float meanOf(const Lane& lane) const;
  Origin originOf(const Lane& lane, const ring::Record& record) const;
  Waiting waitingEvent(const Lane& lane, const ring::Record& record, Step step) const;
  std::uint32_t contextFor(Lane& lane, std::uint32_t node, float sampleMean);
  void publish(Lane& lane);

  const RingFile& file_;
  Heap& heap_;
  ThreadTable& threads_;
  CoverageCounters& coverage_;
  TickClock clock_;
  TickSource ticks_;
  Journal journal_;
  Disorder disorder_;
  Tickets tickets_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Turn> turns_;  // a heap, the earliest on top
  std::vector<Held> held_;
  std::array<bool, 256> heldFilter_{};  // of the held lanes' addresses
  bool wake_ = false;                   // an address of a held lane may have changed
  bool forced_ = false;                 // the next record is taken even if it does not fit
  bool oneRing_ = false;                // that has ever had records, and not the shared one
  bool parked_ = false;                 // in this pass
  std::uint32_t passesParked_ = 0;      // in a row
  bool unknownBlocks_ = false;          // many releases may be of blocks that were never seen
  std::uint32_t pass_ = 0;
  std::uint64_t ticksBeforeLastHeads_ = 0;
  std::uint64_t ticksBeforeHeads_ = 0;
  std::uint64_t ticksAfterHeads_ = 0;
  std::uint64_t passRecords_ = 0;
  std::uint64_t latestNanos_ = 0;
  std::uint64_t modeWord_;  // as the program's header says
  std::uint64_t epoch_;     // of what the heap holds; what other epochs recorded is past
};

}  // namespace heapatlas::collector
