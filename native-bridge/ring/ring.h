// The shared-memory format between the runtime inside a watched program and the collector of its node.
// One file a process image, `<node folder>/rings/<pid>-<random hex>.ring`, created by the runtime (0600, O_EXCL,
// O_NOFOLLOW), mapped MAP_SHARED by both sides, removed by the collector once the process is gone and drained.
//
//   0           4 KiB                 4 KiB + kMaxRings·256   …                 …                      …
//   ┌───────────┬─────────────────────┬──────────────────────┬─────────────────┬──────────────────────┬─ ─ ─
//   │ Header    │ RingControl[kMax]   │ Module[kMaxModules]  │ Name[kMaxNames] │ StackNode[kMaxNodes] │
//   └───────────┴─────────────────────┴──────────────────────┴─────────────────┴──────────────────────┴─ ─ ─
//    …                 …
//   ─┬─────────────────┬────────────┐
//    │ Coalesced table │ ring data  │
//   ─┴─────────────────┴────────────┘
//
// The file is sparse: the runtime asks for the memory of a part before its first use, so that a full /dev/shm is an
// error code and never a SIGBUS. Whatever the collector reads here is untrusted: indices are masked or bounded.
//
// Commit rule: a record is published by the release store of RingControl::head behind it; a StackNode by the first
// record that names it; a Module by the release store of Header::moduleCount, a Name by that of Header::nameCount.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace heapatlas::ring {

// A runtime that could not get the memory of its header leaves a file of so few bytes, which take no memory: the error.
inline constexpr int kLargestError = 4095;
constexpr std::int64_t refusedBytes(int error) { return error > 0 && error <= kLargestError ? error : 1; }

inline constexpr std::uint64_t kMagic = 0x31534c5441504148;  // "HAPATLS1", little endian
inline constexpr std::uint32_t kVersion = 4;

inline constexpr std::uint32_t kMaxRings = 1024;  // ring 0 is shared, under sharedRingLock, by threads beyond the rest
inline constexpr std::uint64_t kRingBytes = 1 << 20;  // data bytes of one ring
inline constexpr std::uint32_t kRecordBytes = 16;
inline constexpr std::uint32_t kRingRecords = kRingBytes / kRecordBytes;
inline constexpr std::uint32_t kSliceRecords = 1 << 10;
inline constexpr std::uint32_t kSlices = kRingRecords / kSliceRecords;  // of one ring
inline constexpr std::uint32_t kMaxModules = 2048;
inline constexpr std::uint32_t kMaxNames = 1 << 14;  // of tags, tenants, object types, arenas and pools
inline constexpr std::uint32_t kMaxNodes = 1 << 24;
inline constexpr std::uint32_t kShards = 64;             // of the coalesced table
inline constexpr std::uint32_t kShardEntries = 1 << 14;  // open addressing, linear probing, inside a shard

// What a record says. Heap kinds name the family of the call, so that a mismatched release can be seen.
enum class Kind : std::uint8_t {
  None = 0,           // never written
  Alloc = 1,          // malloc family. address, size, stack
  AllocNew = 2,       // operator new
  AllocNewArray = 3,  // operator new[]
  Free = 4,           // free. address, stack (0 when stacks of releases are off); written before the real call
  Delete = 5,
  DeleteArray = 6,
  ReallocFrom = 7,    // the old block of a realloc; written before the real call; the next heap record of this ring
  ReallocTo = 8,      // …is either ReallocTo (new address, size, stack)
  ReallocFailed = 9,  // …or this: the block of ReallocFrom (same address) lives on, unchanged
  Time = 10,          // payload0: time stamp counter. Records between two Time records happened between them
  Map = 11,           // mmap, mremap target, brk growth: address, size, stack
  Unmap = 12,         // munmap, mremap source, brk shrink: address, size
  LockAcquire = 13,   // address of the lock, stack; size: ticks waited (0 uncontended)
  LockRelease = 14,
  LockShared = 15,    // a read lock; released by LockRelease
  CondWait = 16,      // address, stack; size: ticks waited; written after the wait
  CondSignal = 17,    // address; size 1: broadcast
  ThreadStart = 18,   // address field unused; size: thread id; first record a thread writes in its ring
  ThreadName = 19,    // word0 bits 8..63 and word1: up to 15 characters of the name, zero filled
  ThreadExit = 20,    // size: thread id
  Tag = 21,           // probe: what a thread's records are labelled with from here on. size: labelled(), below
  GapBegin = 22,      // this ring stopped recording singly; the coalesced table takes over
  GapEnd = 23,        // size: events this ring coalesced meanwhile
  SampledAlloc = 24,  // sampled mode: address, requested size, stack; stands for size/(1-exp(-size/mean))
  SampledFree = 25,   // release of an address whose allocation was sampled
  Mode = 26,          // size: modeWord; address/8: the mean of samples. Written by each thread when it first sees it
  PoolAlloc = 27,  // probe: a custom allocator's own block, of the thread's current Label::Pool: address, size, stack
  PoolFree = 28,   // written before the block may be given out again
  Fork = 29,       // size: child's pid
  After = 30,      // what follows in this ring comes behind the first so many records of another one: after(), below
  Last = 30,
};

// In a lock word: somebody waits by futex; who releases the lock wakes one of them.
inline constexpr std::uint32_t kLockWaiters = 1u << 31;

// What the program's own probes say of the memory that a thread allocates. A Tag record sets one of them.
enum class Label : std::uint32_t { Tag = 0, Tenant = 1, ObjectType = 2, Arena = 3, Pool = 4 };
inline constexpr std::uint32_t kLabels = 5;
// The size of a Tag record. name: index of a Name, 0 none.
constexpr std::uint64_t labelled(Label label, std::uint32_t name) {
  return static_cast<std::uint64_t>(label) << 32 | name;
}

enum class Mode : std::uint32_t { Off = 0, Sampled = 1, Full = 2, FullNoStacks = 3 };
// The mode in force, and its epoch: a number that grows with every switch which changes what the heap's records mean.
constexpr std::uint64_t modeWord(Mode mode, std::uint64_t epoch) {
  return epoch << 2 | static_cast<std::uint64_t>(mode);
}
constexpr Mode modeOf(std::uint64_t word) { return static_cast<Mode>(word & 3); }
constexpr std::uint64_t epochOf(std::uint64_t word) { return word >> 2; }
inline constexpr std::uint64_t kFirstEpoch = 1;  // of a file

// One record.
//   word0: kind 0..5 | address>>3 6..49 | size bits 32..45 50..63
//   word1: size bits 0..31 at 0..31 | stack node id 32..55 | ticket 56..63
// Time instead: word0 = kind | 0, word1 = time stamp counter.
struct Record {
  std::uint64_t word0;
  std::uint64_t word1;

  static constexpr Record make(Kind kind, std::uint64_t address, std::uint64_t size, std::uint32_t stack) {
    return {static_cast<std::uint64_t>(kind) | (address >> 3) << 6 | (size >> 32) << 50,
            (size & 0xffffffffu) | static_cast<std::uint64_t>(stack % kMaxNodes) << 32};
  }
  static constexpr Record time(std::uint64_t ticks) { return {static_cast<std::uint64_t>(Kind::Time), ticks}; }
  static constexpr Record after(std::uint32_t ring, std::uint64_t position) {
    return make(Kind::After, position << 3, ring, 0);
  }
  constexpr Kind kind() const { return static_cast<Kind>(word0 & 63); }
  constexpr std::uint64_t address() const { return (word0 >> 6 & ((1ull << 44) - 1)) << 3; }
  constexpr std::uint64_t position() const { return address() >> 3; }  // of After; size() is the ring
  constexpr std::uint64_t size() const { return word0 >> 50 << 32 | (word1 & 0xffffffffu); }
  constexpr std::uint32_t stack() const { return static_cast<std::uint32_t>(word1 >> 32) % kMaxNodes; }
  constexpr std::uint8_t ticket() const { return static_cast<std::uint8_t>(word1 >> 56); }
  constexpr Record withTicket(std::uint8_t ticket) const {
    return {word0, word1 | static_cast<std::uint64_t>(ticket) << 56};
  }
};
static_assert(sizeof(Record) == kRecordBytes);
static_assert(Record::make(Kind::Alloc, 0x7fffdeadbee8, 0x2fffffffffff, 0xcdef01).address() == 0x7fffdeadbee8);
static_assert(Record::make(Kind::Alloc, 0x7fffdeadbee8, 0x2fffffffffff, 0xcdef01).size() == 0x2fffffffffff);
static_assert(Record::make(Kind::Alloc, 0x7fffdeadbee8, 0x2fffffffffff, 0xcdef01).withTicket(7).stack() == 0xcdef01);
static_assert(Record::make(Kind::Alloc, 0x7fffdeadbee8, 0x2fffffffffff, 0xcdef01).withTicket(255).ticket() == 255);

// Tickets of the heap's records: consecutive numbers of the counter of their address, 0 for none. Which addresses share
// a counter: equal granules of 16 bytes in pages of equal hash.
inline constexpr std::uint32_t kTicketCounters = 1 << 18;
constexpr std::uint32_t ticketCounter(std::uint64_t address) {
  const std::uint64_t page = (address >> 12) * 0x9e3779b97f4a7c15u >> 54;
  return static_cast<std::uint32_t>(page << 8 | (address >> 4 & 255));
}
constexpr std::uint8_t nextTicket(std::uint8_t ticket) {
  return ticket == 255 ? 1 : static_cast<std::uint8_t>(ticket + 1);
}
constexpr bool hasTicket(Kind kind) {
  return (kind >= Kind::Alloc && kind <= Kind::ReallocFailed) || kind == Kind::SampledAlloc ||
         kind == Kind::SampledFree;
}
static_assert((1023u << 8 | 255u) == kTicketCounters - 1);

// A node of the stack trie: the path to the root is the call stack, leaf first. Node 0 is the root (no caller known).
// A return address is stored as it stands on the stack (the byte behind the call); flags bit 0 says it is exact
// (a frame interrupted by a signal), bit 1 that unwinding stopped below this frame because the tables did not say.
struct StackNode {
  std::uint64_t pc;
  std::uint32_t parent;
  std::uint32_t flags;
};
static_assert(sizeof(StackNode) == 16);

struct alignas(256) RingControl {
  // Producer's line.
  std::atomic<std::uint64_t> head;   // records ever published; see slotOf
  std::atomic<std::uint32_t> owner;  // thread id that writes here, 0 when the ring is free
  std::uint32_t reserved0;
  std::uint64_t reserved1[6];
  // Consumer's line.
  std::atomic<std::uint64_t> tail;       // records ever consumed; those of its slice that are read are not free yet
  std::atomic<std::uint64_t> tailEpoch;  // of the records behind tail, for the collector's successor
  std::uint64_t reserved2[6];
  // The producer's too: which slice of the data holds the positions of p / kSliceRecords % kSlices. Good for positions
  // from the tail's slice to the head.
  std::atomic<std::uint8_t> slices[kSlices];
  std::uint64_t reserved3[8];
};
static_assert(sizeof(RingControl) == 256 && offsetof(RingControl, tail) == 64 && offsetof(RingControl, slices) == 128);

// sequence: a position / kSliceRecords.
inline std::uint8_t sliceOf(const RingControl& control, std::uint64_t sequence) {
  return control.slices[sequence % kSlices].load(std::memory_order_relaxed) % kSlices;
}
inline void setSlice(RingControl& control, std::uint64_t sequence, std::uint8_t slice) {
  control.slices[sequence % kSlices].store(slice, std::memory_order_relaxed);
}
// Index in the ring's data of the record at a position.
inline std::uint32_t slotOf(const RingControl& control, std::uint64_t position) {
  return sliceOf(control, position / kSliceRecords) * kSliceRecords +
         static_cast<std::uint32_t>(position % kSliceRecords);
}
// Records that may still be published; 0 also for a head or tail that was scribbled on.
inline std::uint64_t roomOf(std::uint64_t head, std::uint64_t tail) {
  const std::uint64_t used = head - tail / kSliceRecords * kSliceRecords;
  return used <= kRingRecords ? kRingRecords - used : 0;
}

// A loaded object, by its executable and other segments' span.
struct Module {
  std::uint64_t start;  // lowest mapped address
  std::uint64_t end;    // exclusive
  std::uint64_t bias;   // run-time address minus the file's virtual address
  std::uint64_t loadedTicks;
  std::atomic<std::uint64_t> unloadedTicks;  // 0 while it is loaded
  std::uint32_t buildIdBytes;
  std::uint8_t buildId[20];
  char path[448];  // zero terminated; cut when longer
};
static_assert(sizeof(Module) == 512);

// What a probe calls something. Names[0] is none.
struct Name {
  char text[64];  // UTF-8, zero terminated; cut when longer
};
static_assert(sizeof(Name) == 64);

// The net effect of the events of a gap on one address. first: what the gap's first event on it was.
struct Coalesced {
  std::uint64_t address;  // 0: empty slot; bit 0: a pool's block
  std::uint64_t size;
  std::uint32_t stack;
  std::uint8_t firstWasFree;  // 1: it was live before the gap
  std::uint8_t live;          // 1: it is live now, with size and stack
  std::uint8_t kind;          // Kind of the last allocation
  std::uint8_t reserved;
  std::uint32_t freeStack;
  std::uint32_t name;  // of the last allocation's Label::Tag, or of the block's pool
};
static_assert(sizeof(Coalesced) == 32);

struct Shard {
  std::atomic<std::uint32_t> lock;  // 0 free, else the holder's thread id and kLockWaiters
  std::uint32_t used;
  std::uint64_t overflowed;  // events that found no slot: the map is no longer exact
  std::uint64_t reserved[6];
  Coalesced entries[kShardEntries];
};

struct Header {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t headerBytes;  // offset of RingControl[0]
  std::uint64_t fileBytes;
  std::uint32_t pid;
  std::uint32_t parentPid;
  std::uint64_t processStart;                 // field 22 of /proc/pid/stat
  std::uint64_t startTicks;                   // time stamp counter when the file was made …
  std::uint64_t startNanos;                   // … and CLOCK_MONOTONIC at the same moment
  std::uint64_t startRealNanos;               // … and CLOCK_REALTIME
  std::atomic<std::uint32_t> ready;           // 1 when the header is whole
  std::atomic<std::uint32_t> wantedMode;      // Mode; written by the collector, read by the program
  std::atomic<std::uint64_t> sampleMean;      // bytes
  std::atomic<std::uint32_t> stacksOfFrees;   // 1: releases carry a stack
  std::atomic<std::uint32_t> attachedLate;    // 1: allocations before startTicks are unknown
  std::atomic<std::uint32_t> gap;             // 1: between GapBegin and GapEnd
  std::atomic<std::uint32_t> sharedRingLock;  // thread id of the holder, and kLockWaiters
  std::atomic<std::uint64_t> gapStartTicks;
  std::atomic<std::uint64_t> gapEvents;   // coalesced since gapStartTicks
  std::atomic<std::uint64_t> lostEvents;  // of the heap, neither recorded nor coalesced: the map is not exact
  std::atomic<std::uint32_t> moduleCount;
  std::atomic<std::uint32_t> nodeCount;       // ids below this are allocated
  std::atomic<std::uint64_t> stackFallbacks;  // stacks cut because the tables did not say
  std::atomic<std::uint64_t> collectorNanos;  // CLOCK_MONOTONIC of the collector's last pass; stale: it stopped
  std::atomic<std::uint32_t> collectorPid;
  std::atomic<std::uint32_t> finished;       // 1: the process left through exit, _exit or exec; 2: detached
  std::atomic<std::uint32_t> ringCount;      // rings ever used
  std::uint32_t runtimeFlags;                // bit 0: the program exports an allocator of its own; bit 1: it is a fork
  char session[64];                          // HEAPATLAS_SESSION of the environment, zero terminated
  char allocator[64];                        // path tail of the object that serves malloc
  std::atomic<std::uint32_t> nameCount;      // names below this are whole; the first is no name
  std::atomic<std::uint32_t> memoryShort;    // 1: the file system had no room when more of this file was wanted
  std::atomic<std::uint64_t> skippedEvents;  // of locks, regions, threads and tags, for want of room: the map is exact
  std::atomic<std::uint64_t> beforeAttachBytes;  // attachedLate: live then, as the allocator counts; 0 it does not say
  std::atomic<std::uint64_t> modeInForce;        // modeWord; at first of kFirstEpoch
  std::atomic<std::uint64_t> modeTicks;          // time stamp counter when that mode came into force
  // For who looks when the process is gone. Of both the head, where there is no room for all.
  char executable[512];         // zero terminated; empty where it could not be read
  char arguments[1024];         // each zero terminated
  std::uint32_t argumentBytes;  // of these
};
inline constexpr std::uint64_t kHeaderBytes = 4096;
static_assert(sizeof(Header) <= kHeaderBytes);

inline constexpr std::uint64_t kControlsOffset = kHeaderBytes;
inline constexpr std::uint64_t kModulesOffset = kControlsOffset + std::uint64_t{kMaxRings} * sizeof(RingControl);
inline constexpr std::uint64_t kNamesOffset = kModulesOffset + std::uint64_t{kMaxModules} * sizeof(Module);
inline constexpr std::uint64_t kNodesOffset = kNamesOffset + std::uint64_t{kMaxNames} * sizeof(Name);
inline constexpr std::uint64_t kShardsOffset = kNodesOffset + std::uint64_t{kMaxNodes} * sizeof(StackNode);
inline constexpr std::uint64_t kDataOffset = (kShardsOffset + std::uint64_t{kShards} * sizeof(Shard) + 4095) & ~4095ull;
inline constexpr std::uint64_t kFileBytes = kDataOffset + std::uint64_t{kMaxRings} * kRingBytes;
static_assert(kModulesOffset % 4096 == 0 && kNodesOffset % 4096 == 0 && kShardsOffset % 4096 == 0);

}  // namespace heapatlas::ring
