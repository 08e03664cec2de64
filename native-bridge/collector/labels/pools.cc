// See pools.h.
#include "labels/pools.h"

#include <algorithm>

namespace heapatlas::collector {

Pools::Pool* Pools::poolOf(std::uint32_t name) {
  const auto found = pools_.find(name);
  if (found != pools_.end()) return &found->second;
  if (pools_.size() == kMaxPools) return nullptr;
  return &pools_.try_emplace(name, memoryLimit_).first->second;
}

void Pools::settle(Pool& pool, std::uint64_t address, std::int32_t change) {
  if (pool.unsettled.size() == kMaxUnsettled && !pool.unsettled.contains(address)) {
    ++pool.refused;
    return;
  }
  const auto at = pool.unsettled.try_emplace(address).first;
  at->second += change;
  if (at->second == 0) pool.unsettled.erase(at);
}

void Pools::count(Pool& pool, std::uint64_t size, std::uint32_t context, std::uint64_t nanos) const {
  const auto second = static_cast<std::uint32_t>(nanos / 1'000'000'000);
  pool.figures.allocated(size, 1, second);
  pool.sites.allocated(pool.sites.indexOf(contexts_[context].node), size, 1, second);
}

void Pools::uncount(Pool& pool, std::uint64_t size, std::uint32_t context) const {
  pool.figures.released(size, 1);
  pool.sites.released(pool.sites.indexOf(contexts_[context].node), size, 1);
}

void Pools::allocated(std::uint32_t name, std::uint64_t address, std::uint64_t size, std::uint32_t context,
                      std::uint64_t nanos) {
  Pool* pool = poolOf(name);
  if (pool == nullptr) return;
  const auto early = pool->unsettled.find(address);
  if (early != pool->unsettled.end() && early->second < 0) {
    settle(*pool, address, 1);
    count(*pool, size, context, nanos);
    uncount(*pool, size, context);
    return;
  }
  // Over a live block: its release is still to be read.
  if (const std::optional<LiveBlock> before = pool->table.remove(address)) {
    uncount(*pool, before->size, before->entry.context());
    settle(*pool, address, 1);
  }
  if (pool->table.insert(address, size, Entry::make(context, size, nanos)) != Inserted::Yes) {
    ++pool->refused;
    return;
  }
  count(*pool, size, context, nanos);
}

void Pools::released(std::uint32_t name, std::uint64_t address) {
  Pool* pool = poolOf(name);
  if (pool == nullptr) return;
  const auto waiting = pool->unsettled.find(address);
  if (waiting == pool->unsettled.end() || waiting->second < 0) {
    if (const std::optional<LiveBlock> block = pool->table.remove(address)) {
      uncount(*pool, block->size, block->entry.context());
      return;
    }
  }
  settle(*pool, address, -1);
}

void Pools::forgetLive() {
  for (auto& [name, pool] : pools_) {
    pool.figures.forgetLive();
    pool.sites.forgetLive();
    pool.table.clear();
    pool.unsettled.clear();
  }
}

std::vector<Pools::Found> Pools::around(std::uint64_t address) const {
  std::vector<Found> found;
  for (const auto& [name, pool] : pools_) {
    const std::optional<LiveBlock> block = pool.table.before(address);
    if (block && address - block->address < std::max<std::uint64_t>(block->size, 1)) found.push_back({name, *block});
  }
  return found;
}

std::uint64_t Pools::heldBytes(const Pool& pool, const LiveTable& heap, std::size_t& most) {
  std::uint64_t sum = 0;
  std::optional<LiveBlock> block = pool.table.from(0);
  for (; block && most > 0; --most) {
    const std::optional<LiveBlock> holder = heap.before(block->address);
    if (holder && block->address - holder->address < holder->size) {
      sum += holder->size;
      block = pool.table.from(holder->address + holder->size);
    } else {
      const std::optional<LiveBlock> next = heap.from(block->address);
      block = next ? pool.table.from(next->address) : std::nullopt;
    }
  }
  return block ? 0 : sum;
}

}  // namespace heapatlas::collector
