// The exact list of live allocations of one process: address → Entry, in address order, 8 bytes and a bit each.
// Entry: insert and remove, called by Heap for every event; find, before, from for queries.
// Must hold: an address is in the table at most once; live() = sum of Leaf::live; memory grows to the limit at most.
// A radix tree of 8,192 · 8,192 · 512 pages; see page.h for what a page keeps.
// Threads: one owner at a time (the process's mutex).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "table/entry.h"
#include "table/page.h"
#include "table/slab.h"

namespace heapatlas::collector {

struct LiveBlock {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  Entry entry;
};

enum class Inserted { Yes, Occupied, NoMemory };

class LiveTable {
 public:
  explicit LiveTable(std::uint64_t memoryLimit = ~0ull);
  ~LiveTable();
  LiveTable(const LiveTable&) = delete;
  LiveTable& operator=(const LiveTable&) = delete;

  // Whether an address is one that the table can hold.
  static constexpr bool takes(std::uint64_t address) { return address < kAddressEnd && address % 8 == 0; }
  // address: one that it takes. Both keep the bytes of the block's first page; the pages behind it are the
  // pyramid's.
  Inserted insert(std::uint64_t address, std::uint64_t size, Entry entry);
  std::optional<LiveBlock> remove(std::uint64_t address);
  std::optional<LiveBlock> find(std::uint64_t address) const;
  bool has(std::uint64_t address) const {
    const Leaf* leaf = leafAt(address);
    return leaf != nullptr && leaf->pages[(address >> kPageShift) & (kLeafPages - 1)].has(address);
  }
  // The live block with the highest address ≤ the given one; the lowest ≥ it.
  std::optional<LiveBlock> before(std::uint64_t address) const;
  std::optional<LiveBlock> from(std::uint64_t address) const;
  // The page that holds an address, created if need be; null when the memory limit is reached. Marks its tile dirty.
  Page* touch(std::uint64_t address);
  Leaf* touchLeaf(std::uint64_t address) {
    Leaf* leaf = leafAt(address);
    return leaf != nullptr ? leaf : makeLeaf(address);
  }
  const Leaf* leafAt(std::uint64_t address) const {
    const Middle* middle = top_[middleIn(address)];
    return middle == nullptr ? nullptr : middle->leaves[leafIn(address)];
  }
  Leaf* leafAt(std::uint64_t address) { return const_cast<Leaf*>(std::as_const(*this).leafAt(address)); }
  // Bring what insert or remove of this address will need towards the cache: its page first, then that page's entries.
  // Always inline: GCC takes a function that does nothing else for one without effect, and drops the call.
  [[gnu::always_inline]] void prefetchPage(std::uint64_t address) const {
    const Leaf* leaf = leafAt(address);
    if (leaf != nullptr) __builtin_prefetch(&leaf->pages[pageIn(address)], 1);
  }
  [[gnu::always_inline]] void prefetchEntries(std::uint64_t address) const {
    const Leaf* leaf = leafAt(address);
    if (leaf == nullptr) return;
    const Page& page = leaf->pages[pageIn(address)];
    if (page.slots != 0) __builtin_prefetch(page.entries + page.rank(address), 1);
  }

  // As new, its memory given back.
  void clear() noexcept;
  std::uint64_t live() const { return live_; }
  std::uint64_t bytes() const;
  std::vector<Leaf*>& dirtyLeaves() { return dirtyLeaves_; }
  void forEachLeaf(auto&& visit) const {
    for (unsigned top = 0; top < kFanOut; ++top) {
      if (top_[top] == nullptr) continue;
      for (const Leaf* leaf : top_[top]->leaves) {
        if (leaf != nullptr) visit(*leaf);
      }
    }
  }
  // Live blocks that begin in [from, to), in address order, until visit answers false.
  void forRange(std::uint64_t from, std::uint64_t to, auto&& visit) const {
    bool more = true;
    for (auto next = this->from(from); more && next && next->address < to; next = this->from(from)) {
      const std::uint64_t start = next->address & ~(kPageBytes - 1);
      const Page& page = leafAt(start)->pages[(start >> kPageShift) & (kLeafPages - 1)];
      forEachBlock(page, start, [&](const LiveBlock& block) {
        if (more && block.address >= next->address && block.address < to) more = visit(block);
      });
      from = start + kPageBytes;
    }
  }
  // Live blocks of one page, in address order.
  void forEachBlock(const Page& page, std::uint64_t pageStart, auto&& visit) const {
    unsigned rank = 0;
    for (unsigned word = 0; word < 4; ++word) {
      std::uint64_t even = page.even[word];
      std::uint64_t odd = page.odd == nullptr ? 0 : page.odd[word];
      for (std::uint64_t any = even | odd; any != 0; any &= any - 1) {
        const std::uint64_t bit = any & (~any + 1);
        const std::uint64_t address =
            pageStart + (word * 64 + static_cast<unsigned>(std::countr_zero(any))) * std::uint64_t{16};
        if ((even & bit) != 0) visitSlot(page, address, rank++, visit);
        if ((odd & bit) != 0) visitSlot(page, address + 8, rank++, visit);
      }
    }
  }

 private:
  static constexpr unsigned kFanOut = 8192;
  static constexpr unsigned kLeafShift = kPageShift + 9;
  static constexpr unsigned kMiddleShift = kLeafShift + 13;
  static unsigned pageIn(std::uint64_t address) {
    return static_cast<unsigned>(address >> kPageShift) & (kLeafPages - 1);
  }
  static unsigned leafIn(std::uint64_t address) { return static_cast<unsigned>(address >> kLeafShift) & (kFanOut - 1); }
  static unsigned middleIn(std::uint64_t address) {
    return static_cast<unsigned>(address >> kMiddleShift) & (kFanOut - 1);
  }
  static std::uint64_t pageStart(const Leaf& leaf, unsigned page) {
    return leaf.index << kLeafShift | std::uint64_t{page} << kPageShift;
  }
  static constexpr unsigned kNoRank = ~0u;
  struct Middle {
    Leaf* leaves[kFanOut];
  };

  void visitSlot(const Page& page, std::uint64_t address, unsigned rank, auto&& visit) const {
    if (page.entries[rank] != Entry::kNone) visit(blockOf(page, address, rank));
  }
  LiveBlock blockOf(const Page& page, std::uint64_t address, unsigned rank) const {
    const Entry entry{page.entries[rank]};
    return {address, entry.large() ? largeSize(address) : entry.code(), entry};
  }
  Leaf* makeLeaf(std::uint64_t address);
  // Makes a slot for an address that has none, at the rank that it answers; kNoRank when there is no memory.
  unsigned makeSlot(Page& page, std::uint64_t address);
  void makeOddMap(Page& page);
  bool resize(Page& page, unsigned sizeClass);
  static void compact(Page& page);
  std::uint64_t largeSize(std::uint64_t address) const;
  std::optional<LiveBlock> lastOf(const Leaf& leaf, unsigned endPage) const;
  std::optional<LiveBlock> firstOf(const Leaf& leaf, unsigned fromPage) const;
  void markDirty(Leaf& leaf, std::uint64_t address) {
    if (leaf.dirty == 0) dirtyLeaves_.push_back(&leaf);
    leaf.dirty |= 1u << (pageIn(address) / kTilePages);
  }

  std::unique_ptr<Middle*[]> top_;
  Slab slab_;
  absl::flat_hash_map<std::uint64_t, std::uint64_t> largeSizes_;
  std::vector<Leaf*> dirtyLeaves_;
  std::vector<std::pair<void*, std::size_t>> mapped_;
  std::byte* leafMemory_ = nullptr;
  std::size_t leafMemoryLeft_ = 0;
  std::uint64_t live_ = 0;
  std::uint64_t nodeBytes_ = 0;
  std::uint64_t memoryLimit_;
};

}  // namespace heapatlas::collector
