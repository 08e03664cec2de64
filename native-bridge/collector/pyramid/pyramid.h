// Sums over the address space at ×16 steps from 4 KiB to 1 TiB, so that a view costs its tiles and not the heap.
// Entry: Pyramid::tiles, called for a Tiles request; occupy, called by Heap for blocks that leave their first page.
// Must hold: node.bytes = bytes of the blocks below it + full · tile bytes; blocks below 4 KiB of a page live in the
// table; changes wait as dirty tiles in the leaves until the next query.
//
//   4 KiB Page ─► 64 KiB Leaf::tiles ─► 1 MiB ─► 16 MiB ─► 256 MiB ─► 4 GiB ─► 64 GiB ─► 1 TiB
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "table/live_table.h"

namespace heapatlas::collector {

struct Tile {
  std::uint64_t index = 0;
  std::uint64_t bytes = 0;        // live, clipped to the tile
  std::uint64_t count = 0;        // live blocks that begin in it
  std::uint64_t allocations = 0;  // ever; below 4 KiB, where it is not kept, the live ones
};

class Pyramid {
 public:
  static constexpr std::uint64_t kMinTileBytes = 16;
  static constexpr std::uint64_t kMaxTiles = 1u << 16;

  explicit Pyramid(LiveTable& table) : table_(table) {}

  // Adds (sign 1) or takes away (−1) the bytes of a block; those of its first page are the table's.
  void occupy(std::uint64_t address, std::uint64_t size, int sign) {
    if (size > kPageBytes - (address & (kPageBytes - 1))) [[unlikely]]
      occupyBehind(address, size, sign);
  }
  // After the table was cleared.
  void clear() {
    for (auto& level : levels_) level.clear();
    fullMarks_ = 0;
  }
  // Tiles of [from, to) that hold something, in order. tileBytes: a power of two ≥ 16; at most kMaxTiles tiles.
  std::vector<Tile> tiles(std::uint64_t from, std::uint64_t to, std::uint64_t tileBytes);
  // The whole of [from, to), both multiples of 4 KiB.
  Tile sum(std::uint64_t from, std::uint64_t to);

 private:
  static constexpr unsigned kLevels = 6;  // 1 MiB … 1 TiB
  static constexpr unsigned kFirstShift = 20;
  struct Node {
    std::int64_t bytes = 0;
    std::int64_t count = 0;
    std::uint64_t ever = 0;
    std::int64_t full = 0;
  };

  void occupyBehind(std::uint64_t address, std::uint64_t size, int sign);
  void flush();
  void flushLeaf(Leaf& leaf);
  void addUp(unsigned fromLevel, std::uint64_t address, const Node& delta);
  void occupyPages(std::uint64_t page, std::uint64_t pages, int sign);
  void mark(unsigned power, std::uint64_t page, int sign);
  bool coveredAbove(unsigned shift, std::uint64_t address) const;
  void sumSmall(std::uint64_t from, std::uint64_t to, unsigned shift, Tile& into) const;
  void sumLevel(std::uint64_t from, std::uint64_t to, unsigned level, Tile& into) const;
  std::vector<Tile> insidePages(std::uint64_t from, std::uint64_t to, std::uint64_t tileBytes) const;

  LiveTable& table_;
  std::array<absl::flat_hash_map<std::uint64_t, Node>, kLevels> levels_;
  std::int64_t fullMarks_ = 0;
};

}  // namespace heapatlas::collector
