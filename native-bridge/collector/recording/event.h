// One event of a process as it was folded: what the recording keeps, in the order in which the table changed.
// Entry: made by the order room for a process that is recorded; read back by the replay and by searches.
// Must hold: applying a process's events in order to an empty heap gives the table that the collector held.
#pragma once

#include <cstdint>

namespace heapatlas::recording {

enum class What : std::uint8_t {
  Allocate = 0,          // malloc family
  AllocateNew = 1,       // operator new
  AllocateNewArray = 2,  // operator new[]
  Reallocate = 3,        // the new block of a realloc
  AllocateSampled = 4,   // stands for size / (1 - exp(-size / mean)) bytes
  Existing = 5,          // was live before the recording began; not counted as an allocation
  AllocateInGap = 6,     // net effect of a gap: live at its end
  Refused = 7,           // an allocation for which the table had no room: counted, not in the table
  Release = 8,           // free
  ReleaseDelete = 9,
  ReleaseDeleteArray = 10,
  ReleaseMoved = 11,  // the old block of a realloc
  ReleaseSampled = 12,
  ReleaseInGap = 13,    // net effect of a gap: released in it
  Overwritten = 14,     // taken out because a block was allocated over it: its release was never read
  Restore = 15,         // a realloc failed: the block of ReleaseMoved lives on
  ReleaseUnknown = 16,  // of a block that the session never saw
  Forget = 17,          // the table was emptied
  PoolAllocate = 18,    // a block of a pool, beside the heap's
  PoolRelease = 19,
  Map = 20,
  Unmap = 21,
  LockAcquire = 22,
  LockRelease = 23,
  LockShared = 24,
  CondWait = 25,
  CondSignal = 26,
  ThreadStart = 27,
  ThreadExit = 28,
  Fork = 29,
  Mode = 30,
  Last = 30,
};

// Whether a block of the heap begins, or ceases, to live.
constexpr bool allocates(What what) {
  return (what >= What::Allocate && what <= What::AllocateInGap) || what == What::Restore;
}
constexpr bool releases(What what) { return what >= What::Release && what <= What::Overwritten; }
// A record of the program, and not what the collector made of several.
constexpr bool isRecord(What what) {
  return what != What::Existing && what != What::AllocateInGap && what != What::ReleaseInGap &&
         what != What::Overwritten && what != What::Forget;
}
// What the program's own calls gave it.
constexpr bool isAllocation(What what) { return what <= What::AllocateSampled || what == What::Refused; }

// 40 bytes. context: of allocations and of the block that is released, an id of the heap's contexts. stack: a stack
// node, of releases, locks and mappings; of allocations the context says it; of a pool's events, the pool's name.
struct Event {
  std::uint64_t nanos = 0;
  std::uint64_t address = 0;
  std::uint64_t size = 0;  // of releases: of the block
  std::uint32_t context = 0;
  std::uint32_t stack = 0;
  std::uint32_t thread = 0;  // index of the thread table
  What what = What::Allocate;
};
static_assert(sizeof(Event) == 40);

inline constexpr std::uint64_t kNoPosition = ~0ull;

}  // namespace heapatlas::recording
