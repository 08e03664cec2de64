// See pyramid.h.
#include "pyramid/pyramid.h"

#include <algorithm>
#include <bit>

namespace heapatlas::collector {
namespace {

constexpr unsigned kTileShift = 16;

const Page* pageAt(const LiveTable& table, std::uint64_t address) {
  const Leaf* leaf = table.leafAt(address);
  return leaf == nullptr ? nullptr : &leaf->pages[(address >> kPageShift) & (kLeafPages - 1)];
}

}  // namespace

void Pyramid::occupyBehind(std::uint64_t address, std::uint64_t size, int sign) {
  const std::uint64_t end = std::min(address + size, kAddressEnd);
  const std::uint64_t pageEnd = (address | (kPageBytes - 1)) + 1;
  const auto change = [&](std::uint64_t at, std::uint64_t bytes) {
    if (Page* page = table_.touch(at); page != nullptr) {
      page->bytes += static_cast<std::uint32_t>(sign * static_cast<std::int64_t>(bytes));
    }
  };
  const std::uint64_t lastPage = end & ~(kPageBytes - 1);
  if (lastPage > pageEnd) occupyPages(pageEnd >> kPageShift, (lastPage - pageEnd) >> kPageShift, sign);
  if (end > lastPage) change(lastPage, end - lastPage);
}

// The fewest aligned tiles that cover the pages: small ones at both ends, larger ones between.
void Pyramid::occupyPages(std::uint64_t page, std::uint64_t pages, int sign) {
  const std::uint64_t end = page + pages;
  unsigned power = 0;  // tiles of 16^power pages
  while (page < end) {
    const auto step = [](unsigned p) { return 1ull << (4 * p); };
    while (power < kLevels + 1 && page % step(power + 1) == 0 && page + step(power + 1) <= end) ++power;
    while (power > 0 && page + step(power) > end) --power;
    mark(power, page, sign);
    page += step(power);
  }
}

void Pyramid::mark(unsigned power, std::uint64_t page, int sign) {
  const std::uint64_t address = page << kPageShift;
  if (power == 0) {
    if (Page* own = table_.touch(address); own != nullptr) {
      own->bytes += static_cast<std::uint32_t>(sign * static_cast<std::int64_t>(kPageBytes));
    }
    return;
  }
  fullMarks_ += sign;
  if (power == 1) {
    if (table_.touch(address) == nullptr) return;
    table_.leafAt(address)->tiles[(address >> kTileShift) % kLeafTiles].full += sign;
    return;
  }
  const unsigned level = power - 2;
  levels_[level][address >> (kFirstShift + 4 * level)].full += sign;
  Node delta;
  delta.bytes = sign * static_cast<std::int64_t>(1ull << (kFirstShift + 4 * level));
  addUp(level, address, delta);
}

void Pyramid::addUp(unsigned fromLevel, std::uint64_t address, const Node& delta) {
  for (unsigned level = fromLevel; level < kLevels; ++level) {
    Node& node = levels_[level][address >> (kFirstShift + 4 * level)];
    node.bytes += delta.bytes;
    node.count += delta.count;
    node.ever += delta.ever;
  }
}

void Pyramid::flush() {
  for (Leaf* leaf : table_.dirtyLeaves()) flushLeaf(*leaf);
  table_.dirtyLeaves().clear();
}

void Pyramid::flushLeaf(Leaf& leaf) {
  std::array<Node, 2> halves{};  // a leaf is two tiles of 1 MiB
  for (unsigned i = 0; i < kLeafTiles; ++i) {
    if ((leaf.dirty >> i & 1) == 0) continue;
    TileSum& tile = leaf.tiles[i];
    auto bytes = static_cast<std::uint64_t>(static_cast<std::int64_t>(tile.full) * (1 << kTileShift));
    std::uint32_t count = 0;
    std::uint32_t ever = 0;
    for (unsigned p = i * kTilePages; p < (i + 1) * kTilePages; ++p) {
      bytes += leaf.pages[p].bytes;
      count += leaf.pages[p].count;
      ever += leaf.pages[p].ever;
    }
    Node& half = halves[i / (kLeafTiles / 2)];
    half.bytes += static_cast<std::int64_t>(bytes - tile.bytes);
    half.count += static_cast<std::int64_t>(count) - tile.count;
    half.ever += ever - tile.ever;
    tile.bytes = bytes;
    tile.count = count;
    tile.ever = ever;
  }
  leaf.dirty = 0;
  for (std::uint64_t i = 0; i < 2; ++i) addUp(0, (leaf.index * 2 + i) << kFirstShift, halves[i]);
}

// Whether one block covers the whole of a larger tile around this one, in which case nothing is noted below it.
bool Pyramid::coveredAbove(unsigned shift, std::uint64_t address) const {
  if (fullMarks_ == 0) return false;
  if (shift < kTileShift) {
    const Leaf* leaf = table_.leafAt(address);
    if (leaf != nullptr && leaf->tiles[(address >> kTileShift) % kLeafTiles].full > 0) return true;
  }
  for (unsigned level = 0; level < kLevels; ++level) {
    if (kFirstShift + 4 * level <= shift) continue;
    const auto found = levels_[level].find(address >> (kFirstShift + 4 * level));
    if (found != levels_[level].end() && found->second.full > 0) return true;
  }
  return false;
}

// Pages (shift 12) or 64 KiB tiles (shift 16) of [from, to).
void Pyramid::sumSmall(std::uint64_t from, std::uint64_t to, unsigned shift, Tile& into) const {
  for (std::uint64_t at = from; at < to; at += 1ull << shift) {
    const Leaf* leaf = table_.leafAt(at);
    std::uint64_t bytes = 0;
    if (leaf != nullptr && shift == kPageShift) {
      const Page& page = leaf->pages[(at >> kPageShift) & (kLeafPages - 1)];
      bytes = page.bytes;
      into.count += page.count;
      into.allocations += page.ever;
    } else if (leaf != nullptr) {
      const TileSum& tile = leaf->tiles[(at >> kTileShift) % kLeafTiles];
      bytes = tile.bytes;
      into.count += tile.count;
      into.allocations += tile.ever;
    }
    into.bytes += coveredAbove(shift, at) ? 1ull << shift : bytes;
  }
}

void Pyramid::sumLevel(std::uint64_t from, std::uint64_t to, unsigned level, Tile& into) const {
  const unsigned shift = kFirstShift + 4 * level;
  for (std::uint64_t at = from; at < to; at += 1ull << shift) {
    const auto found = levels_[level].find(at >> shift);
    const bool covered = coveredAbove(shift, at);
    if (covered) into.bytes += 1ull << shift;
    if (found == levels_[level].end()) continue;
    if (!covered) into.bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(found->second.bytes, 0));
    into.count += static_cast<std::uint64_t>(std::max<std::int64_t>(found->second.count, 0));
    into.allocations += found->second.ever;
  }
}

std::vector<Tile> Pyramid::tiles(std::uint64_t from, std::uint64_t to, std::uint64_t tileBytes) {
  flush();
  if (tileBytes < kPageBytes) return insidePages(from, to, tileBytes);
  const auto shift = static_cast<unsigned>(std::countr_zero(tileBytes));
  std::vector<Tile> result;
  for (std::uint64_t start = from, index = 0; start < to && index < kMaxTiles; start += tileBytes, ++index) {
    Tile tile;
    tile.index = index;
    const std::uint64_t end = std::min(start + tileBytes, kAddressEnd);
    if (shift < kTileShift) {
      sumSmall(start, end, kPageShift, tile);
    } else if (shift < kFirstShift) {
      sumSmall(start, end, kTileShift, tile);
    } else {
      sumLevel(start, end, std::min((shift - kFirstShift) / 4, kLevels - 1), tile);
    }
    if (tile.bytes != 0 || tile.allocations != 0) result.push_back(tile);
  }
  return result;
}

Tile Pyramid::sum(std::uint64_t from, std::uint64_t to) {
  flush();
  Tile total;
  to = std::min(to, kAddressEnd);
  for (std::uint64_t at = from; at < to;) {
    unsigned shift = kPageShift;
    const unsigned top = kFirstShift + 4 * (kLevels - 1);
    while (shift < top && (at & ((1ull << (shift + 4)) - 1)) == 0 && to - at >= 1ull << (shift + 4)) shift += 4;
    if (shift < kFirstShift) {
      sumSmall(at, at + 1, shift, total);
    } else {
      sumLevel(at, at + 1, (shift - kFirstShift) / 4, total);
    }
    at += 1ull << shift;
  }
  return total;
}

// Straight from the pages' own blocks; the block that reaches into the first page counts too.
std::vector<Tile> Pyramid::insidePages(std::uint64_t from, std::uint64_t to, std::uint64_t tileBytes) const {
  const std::uint64_t count = std::min((to - from + tileBytes - 1) / tileBytes, kMaxTiles);
  std::vector<Tile> dense(count);
  const std::uint64_t end = from + count * tileBytes;
  const auto add = [&](const LiveBlock& block) {
    const std::uint64_t blockEnd = std::min(block.address + block.size, end);
    if (block.address >= from && block.address < end) {
      Tile& own = dense[(block.address - from) / tileBytes];
      ++own.count;
      ++own.allocations;
    }
    for (std::uint64_t at = std::max(block.address, from); at < blockEnd;) {
      const std::uint64_t i = (at - from) / tileBytes;
      const std::uint64_t next = std::min(blockEnd, from + (i + 1) * tileBytes);
      dense[i].bytes += next - at;
      at = next;
    }
  };
  const std::uint64_t firstPage = from & ~(kPageBytes - 1);
  if (firstPage > 0) {
    if (const auto earlier = table_.before(firstPage - 1)) add(*earlier);
  }
  for (std::uint64_t at = firstPage; at < end; at += kPageBytes) {
    if (const Page* page = pageAt(table_, at); page != nullptr && page->count > 0) table_.forEachBlock(*page, at, add);
  }
  std::vector<Tile> result;
  for (std::uint64_t i = 0; i < count; ++i) {
    dense[i].index = i;
    if (dense[i].bytes != 0 || dense[i].allocations != 0) result.push_back(dense[i]);
  }
  return result;
}

}  // namespace heapatlas::collector
