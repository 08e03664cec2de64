// The state of the watched process image: its ring file, its mode, its locks. One a process; made anew after a fork.
// Main entries: start (at the library's constructor, or at the first event before it), finish, back.
// Called by the slow paths only; the hot path reads `hot.mode` and what its Thread holds.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::runtime {

// hot.mode: mode 0..2 | gap 3 | epoch 4..63, so that a thread which slept through two switches sees them.
// 0 means nothing is set up, which is also what a forked child reads, because the kernel wipes the page.
inline constexpr std::uint64_t kUnset = 0;
inline constexpr std::uint64_t kPassThrough = 1;  // no ring can be had in this process image
inline constexpr std::uint64_t kOff = 2;
inline constexpr std::uint64_t kSampled = 3;
inline constexpr std::uint64_t kFull = 4;
inline constexpr std::uint64_t kFullNoStacks = 5;
inline constexpr std::uint64_t kModeMask = 7;
inline constexpr std::uint64_t kGap = 8;  // the coalesced table takes the heap events

constexpr std::uint64_t hotMode(ring::Mode mode, std::uint64_t epoch) {
  return (static_cast<std::uint64_t>(mode) + kOff) | epoch << 4;
}
constexpr std::uint64_t plainMode(std::uint64_t hotWord) { return hotWord & kModeMask; }
constexpr std::uint64_t epochOf(std::uint64_t hotWord) { return hotWord >> 4; }
constexpr bool isFull(std::uint64_t hotWord) { return plainMode(hotWord) >= kFull; }
constexpr bool isRecording(std::uint64_t hotWord) { return plainMode(hotWord) > kOff; }
constexpr ring::Mode ringMode(std::uint64_t hotWord) {
  const std::uint64_t mode = hotWord & kModeMask;
  return mode < kOff ? ring::Mode::Off : static_cast<ring::Mode>(mode - kOff);
}
static_assert(plainMode(hotMode(ring::Mode::Full, 9)) == kFull && epochOf(hotMode(ring::Mode::Full, 9) | kGap) == 9);
static_assert(ringMode(kFullNoStacks | kGap) == ring::Mode::FullNoStacks);

// What a forked child must find zeroed, locks included: whoever held one does not exist there.
struct alignas(4096) Wiped {
  std::atomic<std::uint64_t> mode;
  std::atomic<std::uint32_t> startLock;                      // holder's thread id
  std::atomic<std::uint32_t> modeLock;                       // serialises mode and gap switches; holder's thread id
  std::atomic<std::uint32_t> namesLock;                      // holder's thread id
  std::atomic<std::uint32_t> walkLock;                       // one walk over the program's tables at a time (got.cc)
  std::atomic<std::uint32_t> modulesBacked;                  // rows of modules whose memory is there
  std::atomic<std::uint32_t> nodesBacked;                    // stack nodes, the same
  std::atomic<std::uint32_t> sharedReady;                    // 1: the writer of ring 0 is prepared
  std::atomic<std::uint64_t> shardsBacked;                   // one bit a shard of the coalesced table
  std::atomic<std::uint64_t> breakSeen;                      // end of the brk heap as last recorded
  std::atomic<std::uint64_t> sampleMean;                     // bytes, of the epoch
  std::atomic<std::uint64_t> order;                          // see order.h; 0: no thread has recorded yet
  std::uint64_t orderPosition;                               // records in orderRing when its thread ceased to be alone
  std::uint32_t orderRing;                                   // of the thread that is, or was, alone; under orderLock
  std::atomic<std::uint32_t> orderLock;                      // holder's thread id
  std::atomic<std::uint32_t> neverAlone;                     // 1: each address's first event must have a ticket
  std::atomic<std::uint32_t> missed;                         // 1: a gap lost events, so that the map must begin anew
  std::atomic<std::uint32_t> claimHint;                      // a ring that was free a moment ago
  std::atomic<std::uint32_t> ringsOwned;                     // of those behind ring 0
  std::atomic<std::uint32_t> ringsRefused;                   // 1: there was no memory for one more
  std::atomic<std::uint64_t> memoryRefusedAt;                // CLOCK_MONOTONIC of the latest refusal; 0: it was given
  std::atomic<std::uint64_t> reapedAt;                       // CLOCK_MONOTONIC of the latest look for abandoned rings
  std::atomic<std::uint32_t> slicesBacked[ring::kMaxRings];  // of the ring, the first ones
};
extern Wiped hot;

// What a start is told: by the environment where the library is preloaded, by the collector where it is attached. A
// forked child starts with what its parent was told.
struct Settings {
  char folder[4032];
  char session[64];
  ring::Mode mode;
};

struct Process {
  ring::Header* header;
  ring::RingControl* controls;
  ring::Module* modules;
  ring::Name* names;
  ring::StackNode* nodes;
  ring::Shard* shards;
  ring::Record* records;  // of ring 0
  std::uint64_t image;    // unlike that of every other ring file which this process or its parent had
  std::uint32_t pid;
  bool locksWanted;  // HEAPATLAS_LOCKS=1
  bool attached;     // the start was told by the collector
};
extern Process process;

// True when a ring is there for this process image. False: pass everything through for now. Keeps errno.
bool start();
// In a forked child: what a hook still points to that a signal handler interrupted, when the handler forks and returns,
// must be memory. parents: Process::header before the fork.
void enterChild(ring::Header* parents);
// A ring file for a process that runs already; nothing is recorded before watch(). 0, or an errno.
int startAttached(const Settings& wanted, std::uint64_t bytesBefore);
// From here on, every event in all threads.
void watch();
// The mode that the collector wants, in force from here on; returns hot.mode. Never in the middle of a gap, whose table
// holds events of one epoch.
std::uint64_t followCollector();
// Nothing from here on; a thread that is inside a hook ends it. False when it was not attached.
bool unwatch();
// Header::finished = 2, once no thread is inside a hook, or soon.
void finishDetached();
// Header::finished; undone when an exec fails. A vfork child runs in its parent's memory and is not the process.
void finish(bool done);

// Memory of the ring file, allocated before it is used: a full file system is `false` here and never a SIGBUS.
bool back(void* address, std::size_t bytes);
// Whether the memory of modules, of stack nodes, [0, upTo) is there; asked by the unwinder before it writes one.
bool backModules(std::uint32_t upTo);
bool backNodes(std::uint32_t upTo);

}  // namespace heapatlas::runtime
