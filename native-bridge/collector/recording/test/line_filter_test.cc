// The filter of lines against a plain set, and against damage.
#include "recording/line_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "event_streams.h"
#include "recording/chunk_codec.h"

namespace heapatlas::recording {
namespace {

using test::Program;

struct Block {
  std::uint64_t address;
  std::uint64_t size;
};

bool shareALine(const Block& block, std::uint64_t from, std::uint64_t to) {
  const std::uint64_t last = block.address + (block.size == 0 ? 0 : block.size - 1);
  if (block.size >= 64 << 10) return block.address < to && last >= from;
  return block.address / kLineBytes <= (to - 1) / kLineBytes && last / kLineBytes >= from / kLineBytes;
}

TEST(LineFilter, SaysOfEveryRangeWhetherABlockSharesALineWithIt) {
  std::mt19937_64 random(1);
  std::vector<Block> blocks;
  LineSet set;
  for (int i = 0; i < 2000; ++i) {
    blocks.push_back({0x555500000000 + random() % (64 << 20) / 16 * 16, random() % (i % 50 == 0 ? 300'000 : 400)});
    set.add(blocks.back().address, blocks.back().size);
  }
  v1::Chunk chunk;
  set.take(chunk);
  for (int i = 0; i < 4000; ++i) {
    const std::uint64_t from = 0x555500000000 - 4096 + random() % (65 << 20);
    const std::uint64_t to = from + 1 + random() % (i % 2 == 0 ? 300 : 20'000);
    bool covered = false;
    for (const Block& block : blocks) covered = covered || shareALine(block, from, to);
    ASSERT_EQ(mayCover(chunk, from, to), covered) << from << " to " << to;
  }
}

TEST(LineFilter, IsTrueWhereItIsNotUnderstood) {
  LineSet set;
  set.add(0x1000, 64);
  v1::Chunk chunk;
  set.take(chunk);
  EXPECT_FALSE(mayCover(chunk, 0x2000, 0x3000));
  EXPECT_TRUE(mayCover({}, 0x2000, 0x3000));
  for (std::size_t cut = 0; cut < chunk.lines().size(); ++cut) {
    v1::Chunk damaged = chunk;
    damaged.mutable_lines()->resize(cut);
    EXPECT_TRUE(mayCover(damaged, 0x1000, 0x3000)) << cut;
    damaged = chunk;
    damaged.mutable_lines()->at(cut) ^= 1;
    EXPECT_TRUE(mayCover(damaged, 0x1000, 0x3000)) << cut;
  }
  chunk.mutable_line_parts()->add_page(1);
  EXPECT_TRUE(mayCover(chunk, 0x2000, 0x3000));
}

TEST(LineFilter, HoldsTheEndsOfTheAddressSpace) {
  LineSet set;
  set.add(~0ull - 7, 8);
  set.add(0, 1 << 20);
  set.add(~0ull - (1 << 20), 1ull << 40);
  v1::Chunk chunk;
  set.take(chunk);
  EXPECT_TRUE(mayCover(chunk, ~0ull - 1, ~0ull));
  EXPECT_TRUE(mayCover(chunk, 0, 1));
  EXPECT_FALSE(mayCover(chunk, 1 << 20, 1 << 21));
}

TEST(LineFilter, OfAChunkHoldsEveryBlockThatItsEventsBeginOrEnd) {
  const std::vector<Event> events = Program(3).run(30'000);
  Pairing pairing;
  ChunkEncoder encoder;
  for (std::size_t first = 0; first < events.size(); first += 5000) {
    const std::span<const Event> part(&events[first], 5000);
    const v1::Chunk chunk = encoder.encode(part, pairing.pair(part, first), first, 0);
    for (std::size_t i = 0; i < part.size(); i += 7) {
      if (!allocates(part[i].what) && !releases(part[i].what)) continue;
      const std::uint64_t last = part[i].address + part[i].size - 1;
      EXPECT_TRUE(mayCover(chunk, last, last + 1));
      EXPECT_LE(chunk.lowest_address(), part[i].address);
      EXPECT_GE(chunk.highest_address(), last);
    }
    EXPECT_FALSE(mayCover(chunk, 0x1000, 0x2000));
  }
}

}  // namespace
}  // namespace heapatlas::recording
