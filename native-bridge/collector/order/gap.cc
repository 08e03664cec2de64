// See gap.h.
#include "order/gap.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

namespace heapatlas::collector {
namespace {

constexpr std::uint64_t kLockNanos = 20'000'000;

// All shard locks of a file, or none.
class ShardLocks {
 public:
  ShardLocks(const RingFile& file, bool dead) : file_(file), dead_(dead) {
    if (dead_) return;
    const auto self = static_cast<std::uint32_t>(gettid());
    const std::uint64_t deadline = monotonicNanos() + kLockNanos;
    while (held_ < ring::kShards) {
      std::uint32_t free = 0;
      if (file_.shard(held_).lock.compare_exchange_weak(free, self, std::memory_order_acquire)) {
        ++held_;
      } else if (monotonicNanos() > deadline) {
        return;
      }
    }
  }
  ~ShardLocks() {
    while (held_ > 0) release(file_.shard(--held_).lock);
  }
  ShardLocks(const ShardLocks&) = delete;
  ShardLocks& operator=(const ShardLocks&) = delete;
  bool all() const { return dead_ || held_ == ring::kShards; }

 private:
  static void release(std::atomic<std::uint32_t>& lock) {
    const bool waiters = (lock.exchange(0, std::memory_order_release) & ring::kLockWaiters) != 0;
    if (waiters) syscall(SYS_futex, &lock, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  }

  const RingFile& file_;
  bool dead_;
  std::uint32_t held_ = 0;
};

void applyEntry(const ring::Coalesced& entry, RingDrain& drain, std::uint64_t nanos) {
  const std::uint64_t address = entry.address & (kAddressEnd - 1) & ~7ull;
  const std::uint64_t size = entry.size & (kAddressEnd - 1);
  const std::uint32_t name = entry.name % ring::kMaxNames;
  const std::uint32_t node = entry.stack % ring::kMaxNodes;
  Journal& journal = drain.journal();
  const Origin released{nanos, 0, entry.freeStack % ring::kMaxNodes, recording::What::ReleaseInGap};
  const Origin allocated{nanos, 0, 0, recording::What::AllocateInGap};
  if ((entry.address & 1) != 0) {
    if (entry.firstWasFree != 0) journal.poolReleased(released, name, address);
    if (entry.live != 0) journal.poolAllocated(allocated, name, address, size, drain.contextOf(node, 0));
    return;
  }
  if (entry.firstWasFree != 0 && !journal.release(released, address)) journal.unknownRelease(released, address);
  if (entry.live != 0) journal.allocateOver(allocated, address, size, drain.contextOf(node, name));
}

void applyShard(ring::Shard& shard, RingDrain& drain, CoverageCounters& coverage, std::uint64_t nanos) {
  coverage.overflowed += shard.overflowed;
  shard.overflowed = 0;
  if (shard.used == 0) return;
  for (const ring::Coalesced& shared : shard.entries) {
    const ring::Coalesced entry = shared;
    if (entry.address != 0) applyEntry(entry, drain, nanos);
  }
  std::memset(shard.entries, 0, sizeof(shard.entries));
  shard.used = 0;
}

void drainAll(RingDrain& drain) {
  do {
    drain.beginPass();
    while (!drain.work(1u << 20)) {
    }
    drain.endPass(false);
  } while (drain.parked());
}

}  // namespace

bool resync(const RingFile& file, RingDrain& drain, CoverageCounters& coverage, bool dead) {
  const ShardLocks locks(file, dead);
  if (!locks.all()) return false;
  // Twice: what the first reading saw is closed by the second.
  drainAll(drain);
  drainAll(drain);
  ring::Header& header = file.header();
  drain.clock().update();
  const std::uint64_t now = drain.clock().nowNanos();
  drain.journal().detector().forget();  // a block may have come and gone in the gap
  for (std::uint32_t i = 0; i < ring::kShards; ++i) applyShard(file.shard(i), drain, coverage, now);
  const GapSpan gap{drain.clock().nanos(header.gapStartTicks.load(std::memory_order_relaxed)), now,
                    header.gapEvents.exchange(0, std::memory_order_relaxed)};
  coverage.gapEvents += gap.events;
  coverage.addGap(gap);
  header.gap.store(0, std::memory_order_release);
  return true;
}

}  // namespace heapatlas::collector
