// See live_table.h. Hot: insert and remove; nothing in them but a radix walk, a rank and a short move of words.
#include "table/live_table.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

namespace heapatlas::collector {
namespace {

constexpr unsigned kLeafShift = kPageShift + 9;
constexpr unsigned kMiddleShift = kLeafShift + 13;
constexpr std::size_t kLeafBatchBytes = 2u << 20;

unsigned pageIn(std::uint64_t address) { return static_cast<unsigned>(address >> kPageShift) & (kLeafPages - 1); }
unsigned leafIn(std::uint64_t address) { return static_cast<unsigned>(address >> kLeafShift) & 8191; }
unsigned middleIn(std::uint64_t address) { return static_cast<unsigned>(address >> kMiddleShift) & 8191; }
std::uint64_t pageStart(const Leaf& leaf, unsigned page) {
  return leaf.index << kLeafShift | std::uint64_t{page} << kPageShift;
}

}  // namespace

LiveTable::LiveTable(std::uint64_t memoryLimit)
    : top_(std::make_unique<Middle*[]>(kFanOut)), nodeBytes_(kFanOut * sizeof(Middle*)), memoryLimit_(memoryLimit) {}

LiveTable::~LiveTable() {
  for (const auto& [address, bytes] : mapped_) munmap(address, bytes);
  for (unsigned i = 0; i < kFanOut; ++i) delete top_[i];
}

std::uint64_t LiveTable::bytes() const {
  return nodeBytes_ + slab_.bytes() + largeSizes_.capacity() * (sizeof(std::uint64_t) * 2 + 1);
}

const Leaf* LiveTable::leafAt(std::uint64_t address) const {
  const Middle* middle = top_[middleIn(address)];
  return middle == nullptr ? nullptr : middle->leaves[leafIn(address)];
}

Leaf* LiveTable::leafAt(std::uint64_t address) {
  const Middle* middle = top_[middleIn(address)];
  return middle == nullptr ? nullptr : middle->leaves[leafIn(address)];
}

Leaf* LiveTable::makeLeaf(std::uint64_t address) {
  // Addresses come from another process: one that scatters them must not be able to take all memory.
  if (bytes() + sizeof(Leaf) + sizeof(Middle) > memoryLimit_) return nullptr;
  Middle*& middle = top_[middleIn(address)];
  if (middle == nullptr) {
    middle = new Middle{};
    nodeBytes_ += sizeof(Middle);
  }
  if (leafMemoryLeft_ < sizeof(Leaf)) {
    void* fresh =
        mmap(nullptr, kLeafBatchBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (fresh == MAP_FAILED) return nullptr;
    mapped_.emplace_back(fresh, kLeafBatchBytes);
    leafMemory_ = static_cast<std::byte*>(fresh);
    leafMemoryLeft_ = kLeafBatchBytes;
  }
  Leaf* leaf = new (leafMemory_) Leaf;  // fresh anonymous memory is zero already
  leafMemory_ += (sizeof(Leaf) + 63) & ~std::size_t{63};
  leafMemoryLeft_ -= (sizeof(Leaf) + 63) & ~std::size_t{63};
  nodeBytes_ += sizeof(Leaf);
  leaf->index = address >> kLeafShift;
  middle->leaves[leafIn(address)] = leaf;
  return leaf;
}

Leaf* LiveTable::touchLeaf(std::uint64_t address) {
  Leaf* leaf = leafAt(address);
  return leaf != nullptr ? leaf : makeLeaf(address);
}

void LiveTable::markDirty(Leaf& leaf, std::uint64_t address) {
  if (leaf.dirty == 0) dirtyLeaves_.push_back(&leaf);
  leaf.dirty |= 1u << (pageIn(address) / kTilePages);
}

Page* LiveTable::touch(std::uint64_t address) {
  Leaf* leaf = touchLeaf(address);
  if (leaf == nullptr) return nullptr;
  markDirty(*leaf, address);
  return &leaf->pages[pageIn(address)];
}

bool LiveTable::grow(Page& page) {
  const auto next = static_cast<std::uint8_t>(page.sizeClass + 1);
  if (next >= kSlabClasses.size()) return false;
  std::uint64_t* wider = slab_.allocate(next);
  if (page.entries != nullptr) {
    std::memcpy(wider, page.entries, page.count * sizeof(std::uint64_t));
    slab_.release(page.entries, page.sizeClass);
  }
  page.entries = wider;
  page.sizeClass = next;
  return true;
}

// Two classes of slack, so that a block that comes and goes at a class's edge does not copy the array each time.
void LiveTable::shrink(Page& page) {
  const auto next = static_cast<std::uint8_t>(page.count == 0 ? 0 : page.sizeClass - 1);
  std::uint64_t* narrower = nullptr;
  if (next != 0) {
    narrower = slab_.allocate(next);
    std::memcpy(narrower, page.entries, page.count * sizeof(std::uint64_t));
  }
  slab_.release(page.entries, page.sizeClass);
  page.entries = narrower;
  page.sizeClass = next;
}

Inserted LiveTable::insert(std::uint64_t address, std::uint64_t size, Entry entry) {
  Leaf* leaf = touchLeaf(address);
  if (leaf == nullptr) return Inserted::NoMemory;
  Page& page = leaf->pages[pageIn(address)];
  const unsigned g = Page::granule(address);
  const std::uint64_t bit = 1ull << (g & 63);
  if (page.has(address)) return Inserted::Occupied;
  if (Page::isOdd(address) && page.odd == nullptr) {
    page.odd = slab_.allocate(4);
    std::memset(page.odd, 0, 4 * sizeof(std::uint64_t));
  }
  if (page.count == kSlabClasses[page.sizeClass] && !grow(page)) return Inserted::NoMemory;
  const unsigned rank = page.rank(address);
  std::memmove(page.entries + rank + 1, page.entries + rank, (page.count - rank) * sizeof(std::uint64_t));
  page.entries[rank] = entry.bits;
  (Page::isOdd(address) ? page.odd : page.even)[g >> 6] |= bit;
  ++page.count;
  page.ever += page.ever != ~0u;
  if (entry.large()) largeSizes_[address] = size;
  ++leaf->live;
  ++live_;
  markDirty(*leaf, address);
  return Inserted::Yes;
}

std::optional<LiveBlock> LiveTable::remove(std::uint64_t address) {
  Leaf* leaf = leafAt(address);
  if (leaf == nullptr) return std::nullopt;
  Page& page = leaf->pages[pageIn(address)];
  if (!page.has(address)) return std::nullopt;
  const unsigned g = Page::granule(address);
  const unsigned rank = page.rank(address);
  const LiveBlock block = blockOf(page, address, rank);
  std::memmove(page.entries + rank, page.entries + rank + 1, (page.count - rank - 1u) * sizeof(std::uint64_t));
  (Page::isOdd(address) ? page.odd : page.even)[g >> 6] &= ~(1ull << (g & 63));
  --page.count;
  if (block.entry.large()) largeSizes_.erase(address);
  if (page.count == 0 || (page.sizeClass > 2 && page.count <= kSlabClasses[page.sizeClass - 2u])) shrink(page);
  --leaf->live;
  --live_;
  markDirty(*leaf, address);
  return block;
}

std::uint64_t LiveTable::largeSize(std::uint64_t address) const {
  const auto found = largeSizes_.find(address);
  return found == largeSizes_.end() ? Entry::kLargeCode : found->second;
}

std::optional<LiveBlock> LiveTable::find(std::uint64_t address) const {
  const Leaf* leaf = leafAt(address);
  if (leaf == nullptr || !leaf->pages[pageIn(address)].has(address)) return std::nullopt;
  const Page& page = leaf->pages[pageIn(address)];
  return blockOf(page, address, page.rank(address));
}

std::optional<LiveBlock> LiveTable::lastOf(const Leaf& leaf, unsigned endPage) const {
  for (unsigned i = endPage; i-- > 0;) {
    const Page& page = leaf.pages[i];
    if (page.count == 0) continue;
    LiveBlock last;
    forEachBlock(page, pageStart(leaf, i), [&](const LiveBlock& block) { last = block; });
    return last;
  }
  return std::nullopt;
}

std::optional<LiveBlock> LiveTable::firstOf(const Leaf& leaf, unsigned fromPage) const {
  for (unsigned i = fromPage; i < kLeafPages; ++i) {
    const Page& page = leaf.pages[i];
    if (page.count == 0) continue;
    std::optional<LiveBlock> first;
    forEachBlock(page, pageStart(leaf, i), [&](const LiveBlock& block) {
      if (!first) first = block;
    });
    return first;
  }
  return std::nullopt;
}

std::optional<LiveBlock> LiveTable::before(std::uint64_t address) const {
  if (address >= kAddressEnd) address = kAddressEnd - 1;
  if (const Leaf* leaf = leafAt(address); leaf != nullptr && leaf->live > 0) {
    const unsigned own = pageIn(address);
    std::optional<LiveBlock> last;
    forEachBlock(leaf->pages[own], pageStart(*leaf, own), [&](const LiveBlock& block) {
      if (block.address <= address) last = block;
    });
    if (last) return last;
    if (auto earlier = lastOf(*leaf, own)) return earlier;
  }
  unsigned leafEnd = leafIn(address);
  for (unsigned top = middleIn(address) + 1; top-- > 0; leafEnd = kFanOut) {
    if (top_[top] == nullptr) continue;
    for (unsigned i = leafEnd; i-- > 0;) {
      const Leaf* leaf = top_[top]->leaves[i];
      if (leaf != nullptr && leaf->live > 0) return lastOf(*leaf, kLeafPages);
    }
  }
  return std::nullopt;
}

std::optional<LiveBlock> LiveTable::from(std::uint64_t address) const {
  if (address >= kAddressEnd) return std::nullopt;
  if (const Leaf* leaf = leafAt(address); leaf != nullptr && leaf->live > 0) {
    const unsigned own = pageIn(address);
    std::optional<LiveBlock> first;
    forEachBlock(leaf->pages[own], pageStart(*leaf, own), [&](const LiveBlock& block) {
      if (!first && block.address >= address) first = block;
    });
    if (first) return first;
    if (auto later = firstOf(*leaf, own + 1)) return later;
  }
  unsigned leafFrom = leafIn(address) + 1;
  for (unsigned top = middleIn(address); top < kFanOut; ++top, leafFrom = 0) {
    if (top_[top] == nullptr) continue;
    for (unsigned i = leafFrom; i < kFanOut; ++i) {
      const Leaf* leaf = top_[top]->leaves[i];
      if (leaf != nullptr && leaf->live > 0) return firstOf(*leaf, 0);
    }
  }
  return std::nullopt;
}

void LiveTable::prefetchPage(std::uint64_t address) const {
  const Leaf* leaf = leafAt(address);
  if (leaf != nullptr) __builtin_prefetch(&leaf->pages[pageIn(address)], 1);
}

void LiveTable::prefetchEntries(std::uint64_t address) const {
  const Leaf* leaf = leafAt(address);
  if (leaf == nullptr) return;
  const Page& page = leaf->pages[pageIn(address)];
  if (page.count != 0) __builtin_prefetch(page.entries + page.rank(address), 1);
}

}  // namespace heapatlas::collector
