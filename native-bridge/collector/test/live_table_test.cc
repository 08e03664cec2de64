// The live table against std::map, and the pyramid against plain sums, under random loads.
#include "table/live_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "process/heap.h"

namespace heapatlas::collector {
namespace {

using Model = std::map<std::uint64_t, std::pair<std::uint64_t, std::uint32_t>>;

struct Load {
  std::uint64_t base;
  std::uint64_t pages;
  std::uint64_t granule;  // 8 or 16
  unsigned insertPercent;
};

void expectSame(const LiveTable& table, const Model& model) {
  ASSERT_EQ(table.live(), model.size());
  auto expected = model.begin();
  table.forRange(0, kAddressEnd, [&](const LiveBlock& block) {
    EXPECT_EQ(block.address, expected->first);
    EXPECT_EQ(block.size, expected->second.first);
    EXPECT_EQ(block.entry.context(), expected->second.second);
    ++expected;
    return true;
  });
  EXPECT_EQ(expected, model.end());
}

void expectNeighbours(const LiveTable& table, const Model& model, std::uint64_t address) {
  const auto before = table.before(address);
  auto at = model.upper_bound(address);
  ASSERT_EQ(before.has_value(), at != model.begin());
  if (before) {
    EXPECT_EQ(before->address, std::prev(at)->first);
  }
  const auto from = table.from(address);
  at = model.lower_bound(address);
  ASSERT_EQ(from.has_value(), at != model.end());
  if (from) {
    EXPECT_EQ(from->address, at->first);
  }
}

class TableAgainstMap : public testing::TestWithParam<Load> {};

TEST_P(TableAgainstMap, KeepsWhatAMapKeeps) {
  const Load load = GetParam();
  std::mt19937_64 random(7);
  LiveTable table;
  Model model;
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t address = load.base + random() % (load.pages * kPageBytes) / load.granule * load.granule;
    if (random() % 100 < load.insertPercent) {
      const std::uint64_t size = random() % 50 == 0 ? 5'000'000 + random() % 1000 : random() % 300;
      const auto context = static_cast<std::uint32_t>(random() % Entry::kMaxContexts);
      const bool fresh = model.try_emplace(address, size, context).second;
      EXPECT_EQ(table.insert(address, size, Entry::make(context, size, 0)), fresh ? Inserted::Yes : Inserted::Occupied);
    } else {
      const auto block = table.remove(address);
      const auto found = model.find(address);
      ASSERT_EQ(block.has_value(), found != model.end());
      if (!block) continue;
      EXPECT_EQ(block->size, found->second.first);
      model.erase(found);
    }
    if (i % 1000 == 0) expectNeighbours(table, model, address + 4);
  }
  expectSame(table, model);
  while (!model.empty()) {
    ASSERT_TRUE(table.remove(model.begin()->first).has_value());
    model.erase(model.begin());
  }
  EXPECT_EQ(table.live(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Loads, TableAgainstMap,
                         testing::Values(Load{0x7f0000000000, 4, 16, 50}, Load{0x7f0000000000, 4, 8, 60},
                                         Load{0x555500000000, 3000, 16, 55}, Load{0x10000, 5000, 8, 70},
                                         Load{kAddressEnd - 64 * kPageBytes, 64, 8, 55}));

TEST(LiveTable, RefusesMemoryBeyondItsLimit) {
  LiveTable table(4u << 20);
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    refused += table.insert(i << 34 & (kAddressEnd - 1), 8, Entry::make(0, 8, 0)) == Inserted::NoMemory;
  }
  EXPECT_GT(refused, 0u);
  EXPECT_LT(table.bytes(), 8u << 20);
}

// Bytes of all blocks that lie in [from, to).
std::uint64_t overlap(const Model& blocks, std::uint64_t from, std::uint64_t to) {
  std::uint64_t sum = 0;
  for (const auto& [address, block] : blocks) {
    const std::uint64_t start = std::max(address, from);
    const std::uint64_t end = std::min(address + block.first, to);
    if (start < end) sum += end - start;
  }
  return sum;
}

std::uint64_t beginning(const Model& blocks, std::uint64_t from, std::uint64_t to) {
  return static_cast<std::uint64_t>(std::distance(blocks.lower_bound(from), blocks.lower_bound(to)));
}

TEST(Pyramid, TilesOfEverySizeAreSumsOfTheBlocksInside) {
  std::mt19937_64 random(11);
  Heap heap;
  Model blocks;
  std::uint64_t at = 0x7f0000000000 + 48;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 150; ++i) {
      // Sizes from some bytes to some gigabytes: every level gets whole tiles and parts of tiles.
      const std::uint64_t size = 16 + random() % (1ull << (4 + random() % 29));
      heap.allocate(at, size, 0, 0);
      blocks[at] = {size, 0};
      at = (at + size + 15) / 16 * 16 + random() % 64 * 16;
    }
    for (auto block = blocks.begin(); block != blocks.end();) {
      if (random() % 3 != 0) {
        ++block;
        continue;
      }
      heap.release(block->first);
      block = blocks.erase(block);
    }
    for (unsigned shift = 4; shift <= 42; ++shift) {
      const std::uint64_t tile = 1ull << shift;
      const std::uint64_t count = 256;
      std::uint64_t middle = 0x7f0000000000 + random() % (at - 0x7f0000000000);
      const std::uint64_t from = middle / tile * tile > tile * 16 ? middle / tile * tile - tile * 16 : 0;
      const std::uint64_t to = std::min(from + tile * count, kAddressEnd);
      std::map<std::uint64_t, Tile> found;
      for (const Tile& t : heap.pyramid().tiles(from, to, tile)) found[t.index] = t;
      for (std::uint64_t i = 0; from + i * tile < to; ++i) {
        const std::uint64_t start = from + i * tile;
        ASSERT_EQ(found[i].bytes, overlap(blocks, start, start + tile)) << "tile of 2^" << shift << " at " << start;
        ASSERT_EQ(found[i].count, beginning(blocks, start, start + tile)) << "tile of 2^" << shift;
      }
    }
    const std::uint64_t from = 0x7f0000000000 + random() % 1000 * kPageBytes;
    const std::uint64_t to = at / kPageBytes * kPageBytes;
    EXPECT_EQ(heap.pyramid().sum(from, to).bytes, overlap(blocks, from, to));
    EXPECT_EQ(heap.pyramid().sum(from, to).count, beginning(blocks, from, to));
  }
}

}  // namespace
}  // namespace heapatlas::collector
