// Parses a fixture of /proc with NUMA, odd names and odd figures, and compares live answers with the kernel's own.
#include "node/proc.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "node/error.h"
#include "test/child_process.h"

namespace heapatlas::node {
namespace {

constexpr const char* kSmaps =
    "55d0c0000000-55d0c0002000 r-xp 00001000 fe:01 4711                       /opt/a program (1) (deleted)\n"
    "Size:                  8 kB\nRss:                   8 kB\nPss:                   3 kB\n"
    "AnonHugePages:         0 kB\nVmFlags: rd ex mr mw me\n"
    "55d0c1000000-55d0c1100000 rw-p 00000000 00:00 0                          [heap]\n"
    "Rss:                 512 kB\nPss:                 512 kB\nSwap:                 64 kB\n"
    "7f0000000000-7f0000400000 rw-p 00000000 00:00 0 \n"
    "Rss:                4096 kB\nPss:                4096 kB\nAnonHugePages:      4096 kB\n"
    "7f0001000000-7f0001001000 rw-s 00000000 00:01 99                         /memfd:ring (deleted)\n"
    "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]\n"
    "Rss:                  16 kB\n"
    "7ffc00100000-7ffc00102000 r-xp 00000000 00:00 0                          [vdso]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";
constexpr const char* kNumaMaps =
    "55d0c1000000 default heap anon=128 dirty=128 N0=100 N1=28 kernelpagesize_kB=4\n"
    "7f0000000000 bind:1 anon=2 dirty=2 N1=2 kernelpagesize_kB=2048\n"
    "123456 default N0=7\nnonsense\n";

class Fixture : public testing::Test {
 protected:
  Fixture() : root_(testing::TempDir() + "heapatlas-proc-" + std::to_string(getpid())) {
    const std::string process = root_ + "/77";
    std::filesystem::create_directories(process + "/task/77");
    std::filesystem::create_directories(process + "/task/78");
    put(process + "/smaps", kSmaps);
    put(process + "/maps", kSmaps);
    put(process + "/numa_maps", kNumaMaps);
    put(process + "/stat", stat("a ) (b", "T"));
    put(process + "/task/77/stat", stat("a ) (b", "T"));
    put(process + "/task/78/stat", stat("worker", "R"));
    put(process + "/statm", "1000 250 30 4 0 500 0\n");
    put(process + "/status", "Name:\ta\nUid:\t1000\t1001\t1000\t1000\n");
    put(process + "/cmdline", std::string("prog\0two words\0\0last\0", 21));
    put(root_ + "/stat", "cpu 1 2 3\nbtime 1700000000\n");
    std::filesystem::create_symlink("/opt/a program", process + "/exe");
  }
  ~Fixture() override { std::filesystem::remove_all(root_); }
  static void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
  static std::string stat(const std::string& name, const std::string& state) {
    return "77 (" + name + ") " + state + " 5 77 77 0 -1 4194304 1 0 0 0 300 200 0 0 20 0 2 0 123456 1 2 3\n";
  }
  const std::string root_;
};

TEST_F(Fixture, RegionsHaveKindsNamesAndFigures) {
  const std::vector<Region> regions = ProcFs(root_).regions(77);
  ASSERT_EQ(regions.size(), 7u);
  EXPECT_EQ(regions[0].name, "/opt/a program (1)");
  EXPECT_TRUE(regions[0].deleted);
  EXPECT_EQ(regions[0].kind, "file");
  EXPECT_EQ(regions[0].fileOffset, 0x1000u);
  EXPECT_EQ(regions[0].inode, 4711u);
  EXPECT_EQ(regions[0].device, 0xfe00000001u);
  EXPECT_EQ(regions[0].pssBytes, 3072u);
  EXPECT_EQ(regions[1].kind, "heap");
  EXPECT_EQ(regions[1].rssBytes, 512u << 10);
  EXPECT_EQ(regions[1].swapBytes, 64u << 10);
  EXPECT_EQ(regions[2].kind, "anonymous");
  EXPECT_EQ(regions[2].name, "");
  EXPECT_EQ(regions[2].hugeBytes, 4u << 20);
  EXPECT_EQ(regions[3].kind, "shared");
  EXPECT_EQ(regions[4].kind, "stack");
  EXPECT_EQ(regions[5].kind, "vdso");
  EXPECT_EQ(regions[6].kind, "vsyscall");
  EXPECT_EQ(regions[6].from, 0xffffffffff600000u);
}

TEST_F(Fixture, RegionsHavePagesOfEachNumaNodeInBasePages) {
  const std::vector<Region> regions = ProcFs(root_).regions(77);
  EXPECT_EQ(regions[1].numaPages, (std::vector<std::uint64_t>{100, 28}));
  EXPECT_EQ(regions[2].numaPages, (std::vector<std::uint64_t>{0, 1024}));
  EXPECT_TRUE(regions[0].numaPages.empty());
}

TEST_F(Fixture, WithoutNumaSaysNothingAboutNodes) {
  std::filesystem::remove(root_ + "/77/numa_maps");
  for (const Region& region : ProcFs(root_).regions(77)) EXPECT_TRUE(region.numaPages.empty());
}

TEST_F(Fixture, NumaNodesAreAsManyAsTheHighestNumberSays) {
  for (const char* entry : {"node0", "node2", "possible", "nodes"})
    std::filesystem::create_directory(root_ + "/" + entry);
  EXPECT_EQ(numaNodes(root_), 3u);
  EXPECT_EQ(numaNodes(root_ + "/node0"), 0u);
}

TEST_F(Fixture, ProcessNamesWithBracketsAreUnderstood) {
  const ProcessFacts facts = ProcFs(root_).process(77);
  EXPECT_EQ(facts.name, "a ) (b");
  EXPECT_EQ(facts.parentPid, 5u);
  EXPECT_EQ(facts.uid, 1001u);
  EXPECT_EQ(facts.state, RunState::Stopped);
  EXPECT_EQ(facts.startTicks, 123456u);
  EXPECT_EQ(facts.arguments, (std::vector<std::string>{"prog", "two words", "", "last"}));
  EXPECT_EQ(facts.executable, "/opt/a program");
  const std::uint64_t tick = 1'000'000'000 / static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
  EXPECT_EQ(facts.cpuNanos, 500 * tick);
  EXPECT_EQ(facts.startRealNanos, 1'700'000'000'000'000'000u + 123456 * tick);
}

TEST_F(Fixture, ThreadsComeInOrderWithTheirState) {
  const std::vector<ThreadState> threads = ProcFs(root_).threads(77);
  ASSERT_EQ(threads.size(), 2u);
  EXPECT_EQ(threads[0].tid, 77u);
  EXPECT_FALSE(threads[0].running);
  EXPECT_EQ(threads[1].name, "worker");
  EXPECT_TRUE(threads[1].running);
}

TEST_F(Fixture, ResidentBytesAreRead) {
  EXPECT_EQ(ProcFs(root_).rssBytes(77), 250 * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
}

TEST_F(Fixture, AProcessThatIsNotThereIsNotFound) {
  const ProcFs proc(root_);
  EXPECT_THROW(proc.regions(78), NodeError);
  EXPECT_THROW(proc.maps(78), NodeError);
  EXPECT_THROW(proc.threads(78), NodeError);
  EXPECT_THROW(proc.process(78), NodeError);
  EXPECT_EQ(proc.rssBytes(78), 0u);
  EXPECT_EQ(proc.startTicks(78), 0u);
}

TEST_F(Fixture, DamagedFilesGiveNoNonsense) {
  put(root_ + "/77/smaps", "garbage\n\xff\xfe\nRss: 12 kB\n1-\n7f00-8f00 r--p\nzz-yy r-xp q x:y 0\n: :\n");
  for (const Region& region : ProcFs(root_).regions(77)) EXPECT_EQ(region.rssBytes, 0u);
  put(root_ + "/77/stat", "77 no brackets");
  EXPECT_THROW(ProcFs(root_).process(77), NodeError);
}

TEST(Proc, SeesAMappingOfThisProcessAndItsResidentPages) {
  constexpr std::size_t kBytes = 8u << 20;
  void* map = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::memset(map, 1, kBytes / 2);
  const auto address = reinterpret_cast<std::uintptr_t>(map);
  const auto self = static_cast<std::uint32_t>(getpid());
  const std::vector<Region> regions = ProcFs().regions(self);
  const auto region = std::find_if(regions.begin(), regions.end(),
                                   [&](const Region& one) { return one.from <= address && address < one.to; });
  ASSERT_NE(region, regions.end());
  EXPECT_GE(region->rssBytes, kBytes / 2);
  EXPECT_EQ(region->kind, "anonymous");
  EXPECT_GT(ProcFs().rssBytes(self), kBytes / 2);
  munmap(map, kBytes);
}

TEST(Proc, SeesThisProcessAndItsThreads) {
  std::atomic<bool> stop = false;
  std::thread busy([&stop] {
    pthread_setname_np(pthread_self(), "busy one");
    while (!stop) {
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const auto self = static_cast<std::uint32_t>(getpid());
  const std::vector<ThreadState> threads = ProcFs().threads(self);
  stop = true;
  busy.join();
  const auto named =
      std::find_if(threads.begin(), threads.end(), [](const ThreadState& one) { return one.name == "busy one"; });
  ASSERT_NE(named, threads.end());
  EXPECT_TRUE(named->running);
  const ProcessFacts facts = ProcFs().process(self);
  EXPECT_EQ(facts.parentPid, static_cast<std::uint32_t>(getppid()));
  EXPECT_EQ(facts.uid, geteuid());
  EXPECT_NE(facts.executable.find("heapatlas_node_test"), std::string::npos);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto age = std::chrono::nanoseconds(now).count() - static_cast<std::int64_t>(facts.startRealNanos);
  EXPECT_LT(age, 120'000'000'000);
  EXPECT_GT(age, -2'000'000'000);
}

}  // namespace
}  // namespace heapatlas::node
