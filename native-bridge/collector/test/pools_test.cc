// The blocks of a program's own allocators, in whatever order two rings bring them.
#include "labels/pools.h"

#include <gtest/gtest.h>

namespace heapatlas::collector {
namespace {

constexpr std::uint64_t kAddress = 0x7f0000001000;
const Contexts contexts;

TEST(Pools, ABlockIsLiveBetweenItsAllocationAndItsRelease) {
  Pools pools(contexts, ~0ull);
  pools.allocated(1, kAddress, 48, 0, 0);
  EXPECT_EQ(pools.all().at(1).figures.liveBytes, 48);
  ASSERT_EQ(pools.around(kAddress + 47).size(), 1u);
  EXPECT_TRUE(pools.around(kAddress + 48).empty());
  pools.released(1, kAddress);
  EXPECT_EQ(pools.all().at(1).figures.liveBytes, 0);
  EXPECT_EQ(pools.all().at(1).figures.totalBytes, 48u);
  EXPECT_TRUE(pools.around(kAddress).empty());
}

TEST(Pools, PoolsInPoolsKeepTheirOwnBlocks) {
  Pools pools(contexts, ~0ull);
  pools.allocated(1, kAddress, 4096, 0, 0);
  pools.allocated(2, kAddress, 64, 0, 0);
  EXPECT_EQ(pools.around(kAddress).size(), 2u);
  pools.released(2, kAddress);
  EXPECT_EQ(pools.all().at(1).figures.liveBytes, 4096);
}

TEST(Pools, EventsOfOneAddressBalanceInEveryOrder) {
  // Allocation, release, allocation, as they happened; each order that two rings can bring.
  const std::vector<std::string> orders = {"ara", "aar", "raa"};
  for (const std::string& order : orders) {
    Pools pools(contexts, ~0ull);
    for (const char event : order) {
      if (event == 'a') pools.allocated(1, kAddress, 32, 0, 0);
      if (event == 'r') pools.released(1, kAddress);
    }
    EXPECT_EQ(pools.all().at(1).figures.liveBytes, 32) << order;
    EXPECT_EQ(pools.all().at(1).figures.totalCount, 2) << order;
    EXPECT_TRUE(pools.all().at(1).unsettled.empty()) << order;
  }
}

TEST(Pools, AReleaseOfABlockThatWasNeverSeenIsCounted) {
  Pools pools(contexts, ~0ull);
  pools.released(1, kAddress);
  EXPECT_EQ(pools.all().at(1).unsettled.size(), 1u);
  EXPECT_EQ(pools.all().at(1).figures.liveBytes, 0);
}

// The sizes come from another process. The compiler refuses this where a sum of them overflows.
constexpr std::int64_t sumOfWhatCannotBe() {
  Figures figures;
  for (int i = 0; i < 3; ++i) figures.allocated(~0ull >> 1, 1, 0);
  Figures sum = figures;
  sum.add(figures);
  for (int i = 0; i < 9; ++i) sum.released(~0ull >> 1, 1);
  return sum.liveBytes;
}
static_assert(sumOfWhatCannotBe() == wrappedSum(0, 3 - (3ull << 63)));

TEST(Pools, WhatHoldsAPoolIsTheHeapsBlocksInWhichItsLiveBlocksLie) {
  LiveTable heap;
  for (const std::uint64_t chunk : {kAddress, kAddress + 0x2000, kAddress + 0x4000}) {
    heap.insert(chunk, 4096, Entry::make(0, 4096, 0));
  }
  Pools pools(contexts, ~0ull);
  pools.allocated(1, kAddress + 64, 48, 0, 0);
  pools.allocated(1, kAddress + 128, 48, 0, 0);
  pools.allocated(1, kAddress + 0x1800, 48, 0, 0);  // in memory of its own
  pools.allocated(1, kAddress + 0x4000, 48, 0, 0);
  std::size_t most = 100;
  EXPECT_EQ(Pools::heldBytes(pools.all().at(1), heap, most), 2 * 4096u);
  most = 1;
  EXPECT_EQ(Pools::heldBytes(pools.all().at(1), heap, most), 0u) << "not known";
}

}  // namespace
}  // namespace heapatlas::collector
