// The coalesced table's writer behind gap.h.
#include "gap.h"

#include <sched.h>

#include "thread.h"

namespace heapatlas::runtime {
namespace {

std::atomic<int> tableState{0};  // 0 not backed yet, 1 being backed, 2 backed, 3 no memory
std::atomic<const ring::Header*> tableOf{nullptr};

bool backTable() {
  if (tableOf.exchange(shared.header) != shared.header) tableState.store(0);  // a forked child has a file of its own
  int none = 0;
  if (tableState.compare_exchange_strong(none, 1)) {
    tableState.store(backFile(ring::kShardsOffset, ring::kShards * sizeof(ring::Shard)) ? 2 : 3);
  }
  while (tableState.load() == 1) sched_yield();
  return tableState.load() == 2;
}

ring::Coalesced* find(ring::Shard& shard, std::uint64_t address, std::uint64_t hash) {
  std::uint64_t at = hash >> 40;
  for (std::uint32_t probe = 0; probe < 256; ++probe, ++at) {
    ring::Coalesced& entry = shard.entries[at % ring::kShardEntries];
    if (entry.address == address) return &entry;
    if (entry.address == 0) {
      ++shard.used;
      entry.address = address;
      return &entry;
    }
  }
  return nullptr;
}

void apply(ring::Coalesced& entry, const ring::Record& record, bool fresh) {
  switch (record.kind()) {
    case ring::Kind::Free:
    case ring::Kind::Delete:
    case ring::Kind::DeleteArray:
    case ring::Kind::ReallocFrom:
    case ring::Kind::SampledFree:
      if (fresh) entry.firstWasFree = 1;
      entry.live = 0;
      entry.freeStack = record.stack();
      break;
    case ring::Kind::ReallocFailed:
      // The release of ReallocFrom did not happen: what the block was before it stands again.
      if (entry.kind != 0) entry.live = 1;
      else entry.firstWasFree = 0;
      break;
    default:
      entry.live = 1;
      entry.size = record.size();
      entry.stack = record.stack();
      entry.kind = static_cast<std::uint8_t>(record.kind());
      break;
  }
}

bool ofHeap(ring::Kind kind) {
  return kind <= ring::Kind::ReallocFailed || kind == ring::Kind::SampledAlloc || kind == ring::Kind::SampledFree;
}

}  // namespace

void beginGap() {
  backTable();
  std::uint32_t none = 0;
  if (shared.header->gap.compare_exchange_strong(none, 1, std::memory_order_acq_rel)) {
    shared.header->gapStartTicks.store(__rdtsc());
  }
}

void coalesce(Thread& thread, const ring::Record& record) {
  if (!ofHeap(record.kind())) return;
  if (tableState.load() != 2) {
    shared.header->lostEvents.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const std::uint64_t hash = (record.address() >> 3) * 0x9E3779B97F4A7C15ull;
  ring::Shard& shard = shared.shards[hash >> 58];
  std::uint32_t free = 0;
  while (!shard.lock.compare_exchange_weak(free, thread.id, std::memory_order_acquire)) {
    free = 0;
    sched_yield();
  }
  const bool stillGap = shared.header->gap.load(std::memory_order_acquire) != 0;
  if (stillGap) {
    const std::uint32_t before = shard.used;
    ring::Coalesced* entry = find(shard, record.address(), hash);
    if (entry != nullptr) apply(*entry, record, shard.used != before);
    else ++shard.overflowed;
    shared.header->gapEvents.fetch_add(1, std::memory_order_relaxed);
  }
  shard.lock.store(0, std::memory_order_release);
  if (!stillGap) push(thread, record);
}

}  // namespace heapatlas::runtime
