// What a program leaves in its ring file is its own list of live blocks, read by a reader too naive to be wrong in the
// same way as the collector: balances of allocations and releases an address. No collector runs, so a long program goes
// through its gap, and the coalesced table must complete what the rings hold.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "watched.h"

namespace heapatlas {
namespace {

// The program's own blocks among what the ring says is live; the rest is its C library's.
void expectTruth(const Folder& folder, int threads, int operations, const std::string& preload) {
  const std::string list = folder.path() + "/list";
  ASSERT_EQ(runWatched(folder, preload,
                       std::string("exec ") + TRUTH_PROGRAM + " " + std::to_string(threads) + " " +
                           std::to_string(operations) + " " + list + " > /dev/null"),
            7);
  // The shell that starts the program is watched too: the program's image is the one that allocated most.
  Live live;
  for (const auto& path : folder.rings()) {
    Live one = readRing(path);
    if (one.size.size() > live.size.size()) live = std::move(one);
  }
  EXPECT_EQ(live.lost, 0u);
  EXPECT_GT(live.stacks, 0u);
  std::ifstream in(list);
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint64_t blocks = 0;
  while (in >> std::hex >> address >> std::dec >> size) {
    ++blocks;
    ASSERT_EQ(live.balance[address], 1) << std::hex << address;
    if (threads == 1) {
      ASSERT_EQ(live.size[address], size) << std::hex << address;
    }
    live.balance.erase(address);
  }
  EXPECT_GT(blocks, 100u);
  std::uint64_t others = 0;
  for (const auto& [at, balance] : live.balance) {
    EXPECT_GE(balance, 0) << std::hex << at;
    EXPECT_LE(balance, 1) << std::hex << at;
    others += balance == 1 ? 1 : 0;
  }
  EXPECT_LT(others, 100u) << "blocks that the program does not know";
}

TEST(RingTruth, AShortProgramIsInItsRing) {
  const Folder folder;
  expectTruth(folder, 1, 20000, RUNTIME_LIBRARY);
}

TEST(RingTruth, ALongProgramWithoutACollectorIsExactThroughItsGap) {
  const Folder folder;
  expectTruth(folder, 1, 1000000, RUNTIME_LIBRARY);
}

TEST(RingTruth, ThreadsThatFreeEachOthersBlocksBalance) {
  const Folder folder;
  expectTruth(folder, 4, 10000, RUNTIME_LIBRARY);
}

TEST(RingTruth, ThreadsBalanceThroughTheGap) {
  const Folder folder;
  expectTruth(folder, 4, 400000, RUNTIME_LIBRARY);
}

TEST(RingTruth, OtherAllocatorsAreSeenAsWell) {
  for (const char* allocator : {"libjemalloc.so.2", "libmimalloc.so.2.0", "libtcmalloc_minimal.so.4"}) {
    const std::string path = std::string("/usr/lib/x86_64-linux-gnu/") + allocator;
    if (!std::filesystem::exists(path)) {
      std::puts((path + " is not installed: not tried").c_str());
      continue;
    }
    SCOPED_TRACE(allocator);
    const Folder folder;
    expectTruth(folder, 2, 200000, std::string(RUNTIME_LIBRARY) + ":" + path);
  }
}

// Records of the heap without and with a ticket, while somebody reads them.
std::pair<std::uint64_t, std::uint64_t> ticketsOf(int threads) {
  const Folder folder;
  Draining draining(folder);
  const std::string command = std::string("exec ") + TRUTH_PROGRAM + " " + std::to_string(threads) + " 100000 " +
                              folder.path() + "/list > /dev/null";
  EXPECT_EQ(runWatched(folder, RUNTIME_LIBRARY, command), 7);
  const Live live = largestOf(draining.stop());
  return {live.records - live.tickets, live.tickets};
}

TEST(RingTruth, AThreadBesideSilentOnesWritesNoTickets) {
  const auto [without, with] = ticketsOf(1);
  EXPECT_GT(without, with) << "the main thread waits for the one that works";
}

TEST(RingTruth, ThreadsThatRecordNextToEachOtherWriteTickets) {
  const auto [without, with] = ticketsOf(4);
  EXPECT_GT(with, without);
}

TEST(RingTruth, AForkedChildHasAFileOfItsOwn) {
  const Folder folder;
  ASSERT_EQ(runWatched(folder, RUNTIME_LIBRARY, "/bin/sh -c '(:) ; (ls / > /dev/null); exit 3'"), 3);
  EXPECT_GE(folder.rings().size(), 3u);
}

TEST(RingTruth, AFolderThatIsOpenToOthersIsNotUsed) {
  const Folder folder;
  chmod((folder.path() + "/rings").c_str(), 0755);
  EXPECT_EQ(runWatched(folder, RUNTIME_LIBRARY, "/bin/true"), 0);
  EXPECT_TRUE(folder.rings().empty());
}

}  // namespace
}  // namespace heapatlas
