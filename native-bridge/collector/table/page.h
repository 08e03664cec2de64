// The table's page record and leaf, shared with the pyramid, which sums them up.
// Entry: Page::rank. Must hold: slots = bits set in even and odd; entries are in address order, one a slot; count =
// slots whose entry is not Entry::kNone; a page with an odd map has no empty slot; bytes = live bytes that lie inside
// this page, blocks that began earlier included (blocks of up to 16 pages; larger ones mark whole tiles).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "table/entry.h"

namespace heapatlas::collector {

inline constexpr std::uint64_t kPageBytes = 4096;
inline constexpr unsigned kPageShift = 12;
inline constexpr unsigned kAddressBits = 47;
inline constexpr std::uint64_t kAddressEnd = 1ull << kAddressBits;
inline constexpr unsigned kLeafPages = 512;  // 2 MiB of address space
inline constexpr unsigned kTilePages = 16;   // 64 KiB
inline constexpr unsigned kLeafTiles = kLeafPages / kTilePages;

// One bit a 16-byte granule; addresses that are 8 mod 16 (size class 8 of jemalloc and tcmalloc) have a second map.
// A released block leaves its slot, because the allocator will soon hand out the same address again: neither the
// release nor the next allocation moves an entry.
struct Page {
  std::uint64_t even[4];
  std::uint64_t* entries;
  std::uint64_t* odd;  // four words, or null
  std::uint32_t bytes;
  std::uint32_t ever;  // allocations that began here, saturating
  std::uint16_t count;
  std::uint16_t slots;
  std::uint8_t sizeClass;
  std::uint8_t reserved[3];

  static constexpr unsigned granule(std::uint64_t address) { return static_cast<unsigned>(address >> 4) & 255; }
  static constexpr bool isOdd(std::uint64_t address) { return (address >> 3 & 1) != 0; }

  bool hasSlot(std::uint64_t address) const {
    const unsigned g = granule(address);
    if (!isOdd(address)) return (even[g >> 6] >> (g & 63) & 1) != 0;
    return odd != nullptr && (odd[g >> 6] >> (g & 63) & 1) != 0;
  }
  static unsigned below(const std::uint64_t* map, unsigned bit) {
    unsigned sum = 0;
    const unsigned word = bit >> 6;
    for (unsigned i = 0; i < word; ++i) sum += static_cast<unsigned>(std::popcount(map[i]));
    if ((bit & 63) != 0) sum += static_cast<unsigned>(std::popcount(map[word] & ((1ull << (bit & 63)) - 1)));
    return sum;
  }
  bool has(std::uint64_t address) const { return hasSlot(address) && entries[rank(address)] != Entry::kNone; }
  // How many slots of this page lie below the address.
  unsigned rank(std::uint64_t address) const {
    const unsigned g = granule(address);
    if (odd == nullptr) return below(even, g);
    return below(even, g + (isOdd(address) ? 1 : 0)) + below(odd, g);
  }
};
static_assert(sizeof(Page) == 64);

struct TileSum {
  std::uint64_t bytes;
  std::uint32_t count;
  std::uint32_t ever;
  std::int32_t full;  // blocks that cover the whole tile, and are counted nowhere below it
  std::uint32_t reserved;
};

struct Leaf {
  Page pages[kLeafPages];
  std::array<TileSum, kLeafTiles> tiles;  // as of the last flush, but for full
  std::uint64_t index;                    // address / 2 MiB
  std::uint32_t dirty;                    // a bit a tile
  std::uint32_t live;                     // blocks that begin in this leaf
};

}  // namespace heapatlas::collector
