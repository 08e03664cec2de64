// See gap.h.
#include "gap.h"

#include "probe.h"
#include "process.h"
#include "ring_file.h"
#include "system.h"
#include "thread.h"

namespace heapatlas::runtime {
namespace {

using ring::Coalesced;
using ring::Kind;
using ring::Record;
using ring::Shard;

constexpr std::uint64_t kPatience = 1'000'000'000;       // with a collector that goes on
constexpr std::uint64_t kPatienceStopped = 100'000'000;  // with one that does not

std::uint64_t mix(std::uint64_t address) { return (address >> 3) * 0x9e3779b97f4a7c15u; }
std::uint32_t shardOf(std::uint64_t address) { return static_cast<std::uint32_t>(mix(address) >> 58); }
static_assert(ring::kShards == 64 && ring::kShardEntries == 1 << 14);

bool isRelease(Kind kind) {
  return kind == Kind::Free || kind == Kind::Delete || kind == Kind::DeleteArray || kind == Kind::ReallocFrom ||
         kind == Kind::SampledFree || kind == Kind::PoolFree;
}

bool shardIsBacked(std::uint32_t index) {
  const std::uint64_t bit = std::uint64_t{1} << index;
  if ((hot.shardsBacked.load(std::memory_order_acquire) & bit) != 0) return true;
  if (!back(&process.shards[index], sizeof(Shard))) return false;
  hot.shardsBacked.fetch_or(bit);
  return true;
}

// The entry of the key, a new one when there is none; null when the shard is full.
Coalesced* entryOf(Shard& shard, std::uint64_t key) {
  const std::uint32_t start = static_cast<std::uint32_t>(mix(key) >> 44) % ring::kShardEntries;
  for (std::uint32_t probe = 0; probe < ring::kShardEntries; ++probe) {
    Coalesced& entry = shard.entries[(start + probe) % ring::kShardEntries];
    if (entry.address == key) return &entry;
    if (entry.address == 0) {
      if (shard.used >= ring::kShardEntries - ring::kShardEntries / 8) return nullptr;
      ++shard.used;
      return &entry;
    }
  }
  return nullptr;
}

// The map would go on with blocks that are not live any more: it begins anew as soon as this gap is over.
void lose() {
  process.header->lostEvents.fetch_add(1, std::memory_order_relaxed);
  hot.missed.store(1);
}

// The collector holds all shards while it takes over what they gathered; stopped meanwhile, for good.
bool lock(Shard& shard, std::uint32_t me) {
  if (ThreadLock::acquire(shard.lock, me, kPatienceStopped)) return true;
  const std::uint32_t holder = shard.lock.load() & ~ring::kLockWaiters;
  return holder != me && isRunnable(holder) && ThreadLock::acquire(shard.lock, me, kPatience);
}

// False: the table is full, and the event lost.
bool fold(Shard& shard, const Record& record) {
  const bool ofPool = record.kind() == Kind::PoolAlloc || record.kind() == Kind::PoolFree;
  const std::uint64_t key = record.address() | (ofPool ? 1 : 0);
  Coalesced* entry = entryOf(shard, key);
  if (entry == nullptr) {
    ++shard.overflowed;
    lose();
    return false;
  }
  const bool known = entry->address != 0;
  entry->address = key;
  if (known && record.kind() == Kind::ReallocFailed) {
    // The latest event was its release, which is undone: of a block of this gap, or of one from before it.
    if (entry->kind != static_cast<std::uint8_t>(Kind::None)) {
      entry->live = 1;
    } else {
      entry->firstWasFree = 0;
    }
    return true;
  }
  const bool release = isRelease(record.kind());
  const bool first = entry->kind == static_cast<std::uint8_t>(Kind::None) && entry->firstWasFree == 0;
  if (first && release) entry->firstWasFree = 1;
  entry->live = release ? 0 : 1;
  entry->name = labels.names[static_cast<std::uint32_t>(ofPool ? ring::Label::Pool : ring::Label::Tag)];
  if (release) {
    entry->freeStack = record.stack();
    return true;
  }
  entry->size = record.size();
  entry->stack = record.stack();
  entry->kind = static_cast<std::uint8_t>(record.kind());
  return true;
}

}  // namespace

bool isOfHeap(Kind kind) {
  return (kind >= Kind::Alloc && kind <= Kind::ReallocFailed) || kind == Kind::SampledAlloc ||
         kind == Kind::SampledFree || kind == Kind::PoolAlloc || kind == Kind::PoolFree;
}

bool isOfThread(Kind kind) {
  return kind == Kind::ThreadStart || kind == Kind::ThreadName || kind == Kind::ThreadExit || kind == Kind::Mode ||
         kind == Kind::Tag;
}

void beginGap(std::uint32_t me) {
  if ((hot.mode.load() & kGap) != 0 && process.header->gap.load() != 0) return;
  const SignalsHeld signalsHeld;
  if (!ThreadLock::acquire(hot.modeLock, me)) return;
  if (hot.mode.load() > kPassThrough) {  // else it was detached meanwhile
    if (process.header->gap.load() == 0) {
      process.header->gapStartTicks.store(ticks());
      process.header->gap.store(1);
    }
    hot.mode.fetch_or(kGap);
  }
  ThreadLock::release(hot.modeLock);
}

void leaveGap(std::uint32_t me) {
  const SignalsHeld signalsHeld;
  if (!ThreadLock::acquire(hot.modeLock, me)) return;
  if (process.header->gap.load() == 0) hot.mode.fetch_and(~kGap);
  ThreadLock::release(hot.modeLock);
}

bool coalesce(const Thread& thread, const Record& record) {
  if (process.header->gap.load() == 0) return false;
  // A handler inside the shard would find it held by its own thread, and one that jumps out would leave it held.
  const SignalsHeld signalsHeld;
  const std::uint32_t index = shardOf(record.address());
  Shard& shard = process.shards[index];
  // Once something of a gap is lost the rest of it is worth nothing, and no wait.
  if (hot.missed.load() != 0 || !shardIsBacked(index) || !lock(shard, thread.id)) {
    lose();
    return true;
  }
  const bool during = process.header->gap.load() != 0;
  // A gap ends with all shards locked, and no mode is switched in it: what is the epoch here stays it.
  if (during && epochOf(thread.word) == epochOf(hot.mode.load()) && fold(shard, record)) {
    process.header->gapEvents.fetch_add(1, std::memory_order_relaxed);
  }
  ThreadLock::release(shard.lock);
  return during;
}

}  // namespace heapatlas::runtime
