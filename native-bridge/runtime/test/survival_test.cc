// What broke other injected runtimes must not break this one: every scenario of survivor.cc ends as it does alone, and
// where it names blocks that it keeps, the rings know exactly those.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "scenarios.h"

namespace heapatlas {
namespace {

TEST(Survival, AProgramThatClosesAllItsDescriptorsIsStillRecorded) { expectSurvival("close-descriptors"); }
TEST(Survival, ADaemonIsRecordedInItsOwnFile) {
  const Folder folder;
  ASSERT_EQ(run(folder, "daemonise"), kWell);
  for (int i = 0; i < 100 && std::filesystem::file_size(folder.path() + "/list") == 0; ++i) usleep(10000);
  expectKept(folder);
}
TEST(Survival, AVforkChildLeavesItsParentsRingAlone) {
  const Folder folder;
  ASSERT_EQ(run(folder, "vfork-and-exec"), kWell);
  expectKept(folder);
}
TEST(Survival, HandlersThatAllocateInsideAHook) { expectSurvival("signal-storm"); }
TEST(Survival, JumpsOutOfHandlersLeaveNoStaleMark) {
  expectSurvival("jump-out-of-handler", "HEAPATLAS_LOCKS=1");
  expectSurvivalDrained("jump-out-of-handler", "HEAPATLAS_LOCKS=1");
}
TEST(Survival, AForkInAHandlerInsideAHook) {
  expectSurvival("fork-in-handler", "HEAPATLAS_LOCKS=1");
  expectSurvivalDrained("fork-in-handler", "HEAPATLAS_LOCKS=1");
}
TEST(Survival, TenThousandThreadsAtOnceShareWhatRingsThereAre) {
  for (const Live& live : expectSurvivalDrained("threads-together 10000")) EXPECT_LE(live.rings, ring::kMaxRings);
}
TEST(Survival, TenThousandThreadsAtOnceWithoutACollectorNeedBoundedMemory) {
  const Folder folder;
  ASSERT_EQ(run(folder, "threads-together 10000"), kWell);
  expectKept(folder);
  // A ring begins with 64 KiB; none of these threads fills more of its own.
  EXPECT_LE(readLargest(folder).fileBytes, std::uint64_t{192} << 20);
}
TEST(Survival, ThreadsEndedByTheKernelGiveTheirRingsBack) { expectSurvival("killed-threads"); }
TEST(Survival, NobodyWaitsForThreadsThatHaveEnded) { expectSurvivalDrained("ended-threads"); }
TEST(Survival, AProgramInAnotherRootIsStillRecorded) {
  if (geteuid() != 0) GTEST_SKIP() << "chroot needs root";
  expectSurvival("leave-root");
}

TEST(Survival, ForksWhileThreadsAreInHooks) {
  const Folder folder;
  ASSERT_EQ(run(folder, "fork-among-threads"), kWell);
  EXPECT_GE(folder.rings().size(), 100u);
}

TEST(Survival, TenThousandThreadsInTurnReuseFewRings) {
  expectSurvival("threads-in-turn 10000");
  const Live live = largestOf(expectSurvivalDrained("threads-in-turn 10000"));
  EXPECT_LE(live.rings, 16u);
}

TEST(Survival, FailedReallocsLeaveTheirBlocks) {
  const Folder folder;
  ASSERT_EQ(run(folder, "failing-reallocs"), kWell);
  expectKept(folder);
  // Two calls a block reach the allocator; the one whose size overflows does not.
  EXPECT_EQ(readLargest(folder).kinds[Kind::ReallocFailed], 200u);
}

TEST(Survival, AnOperatorNewThatThrowsThroughTheHook) { expectSurvival("failing-news"); }

TEST(Survival, AProgramThatExecutesItselfLeavesFinishedImages) {
  const Folder folder;
  ASSERT_EQ(run(folder, "exec-itself 20"), kWell);
  EXPECT_GE(folder.rings().size(), 21u);
  for (const auto& path : folder.rings()) EXPECT_EQ(readRing(path).finished, 1u);
}

TEST(Survival, AFullFileSystemMeansUnwatchedAndUnharmed) {
  if (geteuid() != 0) GTEST_SKIP() << "mounting a small file system needs root";
  // From not even a header to a few rings: the program must never notice.
  for (const char* size : {"64k", "1m", "2m", "3m", "6m"}) {
    const Folder folder;
    const std::string small = folder.path() + "/small";
    mkdir(small.c_str(), 0700);
    ASSERT_EQ(mount("none", small.c_str(), "tmpfs", 0, (std::string("mode=700,size=") + size).c_str()), 0);
    mkdir((small + "/rings").c_str(), 0700);
    EXPECT_EQ(run(folder, "threads-together 50", "HEAPATLAS_DIR=" + small), kWell) << size;
    EXPECT_EQ(run(folder, "signal-storm", "HEAPATLAS_DIR=" + small), kWell) << size;
    umount2(small.c_str(), MNT_DETACH);
  }
}

TEST(Survival, AFileSizeLimitMeansUnwatched) {
  const Folder folder;
  EXPECT_EQ(runWatched(folder, RUNTIME_LIBRARY, "sh -c 'ulimit -f 100; exec true'"), 0);
}

TEST(Survival, OutputAndStatusAreTheProgramsOwn) {
  for (const char* command : {"ls -l /usr", "sh -c 'echo out; echo err >&2; exit 5'", "python3 -c 'print(1); exit(3)'",
                              "sh -c 'kill -ABRT $$'", "cat /no/such/file"}) {
    const Folder folder;
    const std::string out = folder.path() + "/out";
    const std::string redirect = " > " + out;
    const int alone = std::system((std::string("(") + command + ")" + redirect + "1 2>&1").c_str());
    const std::string prefix = "HEAPATLAS_DIR=" + folder.path() + " LD_PRELOAD=" + RUNTIME_LIBRARY + " ";
    const int watched = std::system(("export " + prefix + "; (" + command + ")" + redirect + "2 2>&1").c_str());
    EXPECT_EQ(alone, watched) << command;
    EXPECT_EQ(std::system(("cmp " + out + "1 " + out + "2").c_str()), 0) << command;
  }
}

TEST(Survival, SampledBytesAreUnbiased) {
  constexpr double kMean = 16384;
  constexpr double kBlock = 100;
  const Folder folder;
  ASSERT_EQ(run(folder, "steady-bytes", "HEAPATLAS_MODE=sampled HEAPATLAS_SAMPLE_MEAN=16384"), kWell);
  Live live = readLargest(folder);
  const auto samples = static_cast<double>(live.kinds[Kind::SampledAlloc]);
  const double estimate = samples * kBlock / (1 - std::exp(-kBlock / kMean));
  const double truth = 1000000 * kBlock;
  EXPECT_NEAR(estimate, truth, 5 * truth / std::sqrt(truth / kMean));  // five standard errors
}

TEST(Survival, TheSessionsNameIsInTheHeader) {
  const Folder folder;
  ASSERT_EQ(run(folder, "failing-news", "HEAPATLAS_SESSION=evening"), kWell);
  EXPECT_EQ(readLargest(folder).session, "evening");
}

}  // namespace
}  // namespace heapatlas
