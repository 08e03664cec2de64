// See live_table.h. Hot: insert and remove; nothing in them but a radix walk, a rank and a short move of words.
#include "table/live_table.h"

#include <sys/mman.h>

#include <cstring>
#include <memory>
#include <new>

#include "table/mapping.h"

namespace heapatlas::collector {
namespace {

constexpr std::size_t kLeafBatchBytes = 2u << 20;

}  // namespace

LiveTable::LiveTable(std::uint64_t memoryLimit)
    : top_(std::make_unique<Middle*[]>(kFanOut)), nodeBytes_(kFanOut * sizeof(void*)), memoryLimit_(memoryLimit) {}

LiveTable::~LiveTable() {
  for (const auto& [address, bytes] : mapped_) munmap(address, bytes);
  for (unsigned i = 0; i < kFanOut; ++i) delete top_[i];
}

void LiveTable::clear() noexcept {
  const std::uint64_t limit = memoryLimit_;
  std::destroy_at(this);
  std::construct_at(this, limit);
}

std::uint64_t LiveTable::bytes() const {
  return nodeBytes_ + slab_.bytes() + largeSizes_.capacity() * (sizeof(std::uint64_t) * 2 + 1);
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
    // The leaves of a small program lie far apart, and need no more of a batch than they touch.
    void* fresh = mapAligned(kLeafBatchBytes, mapped_.empty() ? Pages::Small : Pages::Huge);
    if (fresh == nullptr) return nullptr;
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

Page* LiveTable::touch(std::uint64_t address) {
  Leaf* leaf = touchLeaf(address);
  if (leaf == nullptr) return nullptr;
  markDirty(*leaf, address);
  return &leaf->pages[pageIn(address)];
}

bool LiveTable::resize(Page& page, unsigned sizeClass) {
  if (sizeClass >= kSlabClasses.size()) return false;
  std::uint64_t* other = nullptr;
  if (sizeClass != 0) {
    other = slab_.allocate(static_cast<std::uint8_t>(sizeClass));
    if (page.slots != 0) std::memcpy(other, page.entries, page.slots * sizeof(std::uint64_t));
  }
  if (page.entries != nullptr) slab_.release(page.entries, page.sizeClass);
  page.entries = other;
  page.sizeClass = static_cast<std::uint8_t>(sizeClass);
  return true;
}

void LiveTable::compact(Page& page) {
  if (page.slots == page.count) return;
  unsigned kept = 0;
  unsigned rank = 0;
  for (std::uint64_t& word : page.even) {
    for (std::uint64_t left = word; left != 0; left &= left - 1, ++rank) {
      if (page.entries[rank] == Entry::kNone) {
        word &= ~(left & (~left + 1));
      } else {
        page.entries[kept++] = page.entries[rank];
      }
    }
  }
  page.slots = page.count;
}

void LiveTable::makeOddMap(Page& page) {
  compact(page);
  page.odd = slab_.allocate(4);
  std::memset(page.odd, 0, 4 * sizeof(std::uint64_t));
}

namespace {

constexpr unsigned kNotFound = ~0u;

// Takes the slot of a rank out of the map; there is no odd map.
void clearSlot(Page& page, unsigned rank) {
  for (std::uint64_t& word : page.even) {
    const auto slots = static_cast<unsigned>(std::popcount(word));
    if (rank >= slots) {
      rank -= slots;
      continue;
    }
    std::uint64_t left = word;
    while (rank-- > 0) left &= left - 1;
    word &= ~(left & (~left + 1));
    return;
  }
}

// The nearest empty slot from a rank on, or, when there is none, below it.
unsigned emptySlot(const Page& page, unsigned rank) {
  if (page.slots == page.count) return kNotFound;
  for (unsigned i = rank; i < page.slots; ++i) {
    if (page.entries[i] == Entry::kNone) return i;
  }
  for (unsigned i = rank; i-- > 0;) {
    if (page.entries[i] == Entry::kNone) return i;
  }
  return kNotFound;
}

void moveEntries(Page& page, unsigned to, unsigned from, unsigned count) {
  if (count != 0) std::memmove(page.entries + to, page.entries + from, count * sizeof(std::uint64_t));
}

}  // namespace

unsigned LiveTable::makeSlot(Page& page, std::uint64_t address) {
  if (Page::isOdd(address) && page.odd == nullptr) makeOddMap(page);
  unsigned rank = page.rank(address);
  const unsigned empty = emptySlot(page, rank);
  if (empty == kNotFound) {
    if (page.slots == kSlabClasses[page.sizeClass] && !resize(page, page.sizeClass + 1u)) return kNoRank;
    moveEntries(page, rank + 1, rank, page.slots - rank);
    ++page.slots;
  } else {
    clearSlot(page, empty);
    if (empty >= rank) {
      moveEntries(page, rank + 1, rank, empty - rank);
    } else {
      --rank;
      moveEntries(page, empty, empty + 1, rank - empty);
    }
  }
  const unsigned g = Page::granule(address);
  (Page::isOdd(address) ? page.odd : page.even)[g >> 6] |= 1ull << (g & 63);
  return rank;
}

namespace {

std::uint32_t bytesInFirstPage(std::uint64_t address, std::uint64_t size) {
  return static_cast<std::uint32_t>(std::min(size, kPageBytes - (address & (kPageBytes - 1))));
}

}  // namespace

Inserted LiveTable::insert(std::uint64_t address, std::uint64_t size, Entry entry) {
  Leaf* leaf = touchLeaf(address);
  if (leaf == nullptr) return Inserted::NoMemory;
  Page& page = leaf->pages[pageIn(address)];
  unsigned rank = 0;
  if (page.hasSlot(address)) {
    rank = page.rank(address);
    if (page.entries[rank] != Entry::kNone) return Inserted::Occupied;
  } else {
    rank = makeSlot(page, address);
    if (rank == kNoRank) return Inserted::NoMemory;
  }
  page.entries[rank] = entry.bits;
  ++page.count;
  page.ever += page.ever != ~0u;
  page.bytes += bytesInFirstPage(address, size);
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
  if (!page.hasSlot(address)) return std::nullopt;
  const unsigned rank = page.rank(address);
  if (page.entries[rank] == Entry::kNone) return std::nullopt;
  const LiveBlock block = blockOf(page, address, rank);
  if (page.odd == nullptr) {
    page.entries[rank] = Entry::kNone;
  } else {
    const unsigned g = Page::granule(address);
    moveEntries(page, rank, rank + 1, page.slots - rank - 1u);
    (Page::isOdd(address) ? page.odd : page.even)[g >> 6] &= ~(1ull << (g & 63));
    --page.slots;
  }
  --page.count;
  page.bytes -= bytesInFirstPage(address, block.size);
  if (block.entry.large()) largeSizes_.erase(address);
  // Two classes of slack, so that a block that comes and goes at a class's edge does not copy the array each time.
  if (page.count == 0 || (page.sizeClass > 2 && page.count <= kSlabClasses[page.sizeClass - 2u])) {
    compact(page);
    resize(page, page.count == 0 ? 0 : page.sizeClass - 1u);
  }
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

}  // namespace heapatlas::collector
