// What a program leaves in its ring file is its own list of live blocks, read by a reader too naive to be wrong in the
// same way as the collector: balances of allocations and releases an address. No collector runs, so a long program goes
// through its gap, and the coalesced table must complete what the rings hold.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "ring/ring.h"

namespace heapatlas {
namespace {

using ring::Kind;

class Folder {
 public:
  Folder() {
    std::string pattern = "/dev/shm/heapatlas-test-XXXXXX";
    path_ = mkdtemp(pattern.data());
    mkdir((path_ + "/rings").c_str(), 0700);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::vector<std::string> rings() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_ + "/rings")) found.push_back(entry.path());
    return found;
  }

 private:
  std::string path_;
};

int runWatched(const Folder& folder, const std::string& preload, const std::string& command) {
  const std::string line = "HEAPATLAS_DIR=" + folder.path() + " LD_PRELOAD=" + preload + " " + command;
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Live {
  std::map<std::uint64_t, int> balance;
  std::map<std::uint64_t, std::uint64_t> size;
  std::uint64_t records = 0;
  std::uint64_t lost = 0;
  std::uint64_t stacks = 0;
};

void replay(Live& live, const ring::Record& record) {
  switch (record.kind()) {
    case Kind::Alloc:
    case Kind::AllocNew:
    case Kind::AllocNewArray:
    case Kind::ReallocTo:
      ++live.balance[record.address()];
      live.size[record.address()] = record.size();
      live.stacks += record.stack() != 0 ? 1 : 0;
      break;
    case Kind::ReallocFailed: ++live.balance[record.address()]; break;
    case Kind::Free:
    case Kind::Delete:
    case Kind::DeleteArray:
    case Kind::ReallocFrom: --live.balance[record.address()]; break;
    default: return;
  }
  ++live.records;
}

Live readRing(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR);
  char* base = static_cast<char*>(mmap(nullptr, ring::kFileBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
  close(file);
  const auto* header = reinterpret_cast<const ring::Header*>(base);
  EXPECT_EQ(header->magic, ring::kMagic);
  const auto* controls = reinterpret_cast<const ring::RingControl*>(base + ring::kControlsOffset);
  Live live;
  for (std::uint32_t i = 0; i < header->ringCount; ++i) {
    const auto* data = reinterpret_cast<const ring::Record*>(base + ring::kDataOffset + i * ring::kRingBytes);
    for (std::uint64_t at = 0; at < controls[i].head; ++at) replay(live, data[at]);
  }
  if (header->gap != 0) {
    const auto* shards = reinterpret_cast<const ring::Shard*>(base + ring::kShardsOffset);
    for (std::uint32_t i = 0; i < ring::kShards; ++i) {
      for (const auto& entry : shards[i].entries) {
        if (entry.address == 0) continue;
        live.balance[entry.address] += entry.live - entry.firstWasFree;
        if (entry.live != 0) live.size[entry.address] = entry.size;
      }
    }
  }
  live.lost = header->lostEvents;
  munmap(base, ring::kFileBytes);
  return live;
}

// The program's own blocks among what the ring says is live; the rest is its C library's.
void expectTruth(const Folder& folder, int threads, int operations, const std::string& preload) {
  const std::string list = folder.path() + "/list";
  ASSERT_EQ(runWatched(folder, preload, std::string("exec ") + TRUTH_PROGRAM + " " + std::to_string(threads) + " " +
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
