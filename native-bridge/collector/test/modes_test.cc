// Switches of the mode while a program's threads go on: over rings of a test's own, and on a real program whose own
// list of what is live decides.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "drained.h"
#include "process/drain_loop.h"
#include "program.h"
#include "ring_writer.h"

namespace heapatlas::collector {
namespace {

using ring::Kind;
using ring::Mode;
using ring::Record;
using test::Drained;
using test::Program;
using test::RingWriter;

constexpr std::uint64_t kBase = 0x7f1200000000;
constexpr std::uint64_t kMean = 4096;
using Blocks = std::map<std::uint64_t, std::uint64_t>;

// A program's header and its threads' rings come to a mode.
void force(RingWriter& writer, Mode mode, std::uint64_t epoch) {
  writer.header().modeTicks = ticksNow();
  writer.header().modeInForce = ring::modeWord(mode, epoch);
}
void say(RingWriter& writer, std::uint32_t ring, Mode mode, std::uint64_t epoch) {
  writer.put(ring, Record::make(Kind::Mode, kMean << 3, ring::modeWord(mode, epoch), 0));
}

TEST(Modes, SwitchedOffTheMapStaysAsItWasAndIsNotExact) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100);
  drained.pass();
  EXPECT_EQ(drained.coverage.offSince, 0u);
  force(writer, Mode::Off, 1);
  drained.finish();
  EXPECT_EQ(drained.blocks(), (Blocks{{kBase, 100}}));
  EXPECT_EQ(drained.drain.mode(), Mode::Off);
  EXPECT_GT(drained.coverage.offSince, 0u);
}

TEST(Modes, SwitchedOnAgainTheMapBeginsAnew) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100);
  writer.alloc(0, kBase + 112, 100);
  writer.put(0, Record::make(Kind::PoolAlloc, kBase + 16, 10, 0));
  drained.pass();
  force(writer, Mode::Off, 1);
  drained.pass();
  // The first block was released meanwhile, and nobody said so.
  force(writer, Mode::Full, 2);
  say(writer, 0, Mode::Full, 2);
  writer.alloc(0, kBase, 64);
  writer.free(0, kBase + 112);
  drained.finish();
  EXPECT_EQ(drained.blocks(), (Blocks{{kBase, 64}}));
  EXPECT_EQ(drained.heap.totals().liveBytes, 64);
  EXPECT_EQ(drained.heap.totals().allocations, 3u);
  EXPECT_EQ(drained.heap.pools().all().at(0).table.live(), 0u);
  EXPECT_EQ(drained.coverage.unknownFrees, 1u);
  EXPECT_EQ(drained.coverage.overwritten, 0u);
  EXPECT_EQ(drained.coverage.offSince, 0u);
  EXPECT_GT(drained.coverage.mapSince, 0u);
}

TEST(Modes, AThreadThatHasNotSeenTheSwitchSpeaksOfWhatIsPast) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100);
  drained.pass();
  force(writer, Mode::Full, 2);
  say(writer, 1, Mode::Full, 2);
  writer.alloc(1, kBase + 4096, 50);
  writer.alloc(0, kBase + 112, 100);
  writer.free(0, kBase + 4096);
  drained.pass();
  drained.pass();
  EXPECT_EQ(drained.blocks(), (Blocks{{kBase + 4096, 50}}));
  say(writer, 0, Mode::Full, 2);
  writer.free(0, kBase + 112);
  writer.free(0, kBase + 4096);
  drained.finish();
  EXPECT_TRUE(drained.blocks().empty());
  EXPECT_EQ(drained.coverage.unknownFrees, 1u);
}

TEST(Modes, StacksComeAndGoWithoutABreak) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100);
  force(writer, Mode::FullNoStacks, 0);
  say(writer, 0, Mode::FullNoStacks, 0);
  writer.alloc(0, kBase + 112, 100);
  drained.finish();
  EXPECT_EQ(drained.blocks().size(), 2u);
  EXPECT_EQ(drained.drain.mode(), Mode::FullNoStacks);
  EXPECT_EQ(drained.coverage.mapSince, 0u);
}

TEST(Modes, ASampleIsScaledByTheMeanThatItsThreadDrewWith) {
  RingWriter writer;
  Drained drained(writer);
  force(writer, Mode::Sampled, 2);
  say(writer, 0, Mode::Sampled, 2);
  writer.put(0, Record::make(Kind::SampledAlloc, kBase, 100, 1));
  writer.header().sampleMean = 1 << 20;  // asked for, not yet in force
  drained.finish();
  EXPECT_NEAR(static_cast<double>(drained.heap.totals().liveBytes), 100 / (1 - std::exp(-100.0 / kMean)), 1);
}

TEST(Modes, TheNextCollectorKnowsWhichRecordsAreOfAnEpochThatIsOver) {
  RingWriter writer;
  {
    Drained first(writer);
    say(writer, 0, Mode::Full, 1);
    writer.alloc(0, kBase, 100);
    first.pass();
  }
  writer.alloc(0, kBase + 112, 100);
  force(writer, Mode::Full, 2);
  say(writer, 1, Mode::Full, 2);
  writer.alloc(1, kBase + 4096, 50);
  Drained next(writer);
  next.finish();
  EXPECT_EQ(next.blocks(), (Blocks{{kBase + 4096, 50}}));
  EXPECT_GT(next.coverage.mapSince, 0u);
}

std::string temporaryFolder() {
  std::string name = "/dev/shm/heapatlas-modes-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  return name;
}

class ModesOfAProgram : public testing::Test {
 protected:
  ~ModesOfAProgram() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  // Under the runtime; it has said that it is ready.
  Program start() const {
    return Program({SHIFTING_PROGRAM, "4", list_}, {"HEAPATLAS_DIR=" + path_, "LD_PRELOAD=" RUNTIME_LIBRARY});
  }
  void startCollector() {
    drain_.emplace(folder_, registry_, recordings_, [](const std::string& sentence) { ADD_FAILURE() << sentence; });
  }
  template <typename Condition>
  void await(const char* what, Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(what);
      drain_->passNow();
    }
  }
  Registry::Process processOf(const Program& program) {
    Registry::Process found;
    await("the program is seen", [&] {
      for (const Registry::Process& process : registry_.all()) {
        if (process->identity().pid == static_cast<std::uint32_t>(program.pid())) found = process;
      }
      return found != nullptr;
    });
    return found;
  }
  void switchTo(Process& process, Mode mode) {
    process.requestMode(mode, kMean);
    await("the mode is in force", [&] { return Process::View(process).mode() == mode; });
  }
  // What the program says is live, its load standing still.
  Blocks listOf(const Program& program) {
    EXPECT_EQ(program.ask("list"), "listed");
    Blocks told;
    std::ifstream in(list_);
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    while (in >> std::hex >> address >> std::dec >> size) told[address] = size;
    return told;
  }
  void settle(const Process& process) {
    for (int i = 0; i < 3; ++i) drain_->passNow();
    await("no gap goes on", [&] { return process.file().header().gap.load() == 0; });
  }
  // Nothing that was allocated in an earlier mode is live, and all of the load's blocks are on the map.
  void expectTruth(const Program& program, Process& process) {
    const Blocks told = listOf(program);
    EXPECT_GT(told.size(), 500u);
    settle(process);
    const Process::View view(process);
    EXPECT_EQ(view.coverage().overwritten, 0u);
    Blocks seen;
    view.heap().table().forRange(0, kAddressEnd, [&](const LiveBlock& block) {
      if (block.size % 16 == 7) seen[block.address] = block.size;
      return true;
    });
    std::size_t missing = 0;
    for (const auto& [address, size] : told) missing += !seen.contains(address) || seen[address] != size;
    EXPECT_EQ(missing, 0u) << "of " << told.size();
    for (const auto& [address, size] : told) seen.erase(address);
    EXPECT_EQ(seen.size(), 0u) << "blocks that are not live any more, the first at " << std::hex
                               << (seen.empty() ? 0 : seen.begin()->first);
  }
  void expectEstimate(const Program& program, Process& process) {
    double told = 0;
    for (const auto& [address, size] : listOf(program)) told += static_cast<double>(size);
    settle(process);
    const Process::View view(process);
    const double error = std::sqrt(std::max(view.heap().totals().variance, 0.0));
    EXPECT_EQ(view.coverage().overwritten, 0u);
    EXPECT_LT(error, told / 10);
    EXPECT_GT(error, 0);
    // Five standard errors: chance leads beyond them once in two million times.
    EXPECT_NEAR(static_cast<double>(view.heap().totals().liveBytes), told, 5 * error + 20'000);
  }

  std::string path_ = temporaryFolder();
  std::string list_ = path_ + "/list";
  NodeFolder folder_{path_};
  Registry registry_;
  Recordings recordings_{"test"};
  std::optional<DrainLoop> drain_;
};

TEST_F(ModesOfAProgram, EverySwitchLeavesAMapThatIsRight) {
  startCollector();
  const Program program = start();
  program.line();
  const Registry::Process process = processOf(program);
  program.ask("fresh");
  expectTruth(program, *process);
  EXPECT_TRUE(Process::View(*process).exact());
  program.ask("go");
  const std::array<Mode, 12> order = {Mode::Sampled,      Mode::Full,    Mode::Off,  Mode::Sampled,
                                      Mode::Sampled,      Mode::Off,     Mode::Full, Mode::Off,
                                      Mode::FullNoStacks, Mode::Sampled, Mode::Full, Mode::Full};
  for (const Mode mode : order) {
    SCOPED_TRACE(static_cast<int>(mode));
    switchTo(*process, mode);
    EXPECT_EQ(program.ask("fresh"), "freshened");
    EXPECT_FALSE(Process::View(*process).exact());
    if (mode == Mode::Off) continue;
    mode == Mode::Sampled ? expectEstimate(program, *process) : expectTruth(program, *process);
    program.ask("go");
  }
}

// A collector that is stopped at the worst moment: it holds every lock of the gap's table.
pid_t stopHoldingTheLocks(const std::string& ringPath) {
  const pid_t holder = fork();
  if (holder != 0) return holder;
  const std::optional<RingFile> file = RingFile::open(ringPath);
  while (file->header().gap.load() == 0) usleep(1000);
  for (std::uint32_t i = 0; i < ring::kShards; ++i) {
    for (std::uint32_t free = 0; !file->shard(i).lock.compare_exchange_weak(free, static_cast<std::uint32_t>(getpid()));
         free = 0) {
    }
  }
  raise(SIGSTOP);
  for (std::uint32_t i = 0; i < ring::kShards; ++i) file->shard(i).lock = 0;
  _exit(0);
}

TEST_F(ModesOfAProgram, BesideAStoppedCollectorThatHoldsAllLocksItGoesOnAndTheMapBeginsAnew) {
  const Program program = start();
  program.line();
  const std::string ringPath = folder_.rings().at(0);
  const pid_t holder = stopHoldingTheLocks(ringPath);
  int status = 0;
  ASSERT_EQ(waitpid(holder, &status, WUNTRACED), holder);
  ASSERT_TRUE(WIFSTOPPED(status));
  EXPECT_EQ(program.ask("fresh"), "freshened");
  {
    const std::optional<RingFile> file = RingFile::open(ringPath);
    EXPECT_GT(file->header().lostEvents.load(), 0u);
    EXPECT_EQ(ring::epochOf(file->header().modeInForce.load()), 1u) << "the gap goes on";
  }
  kill(holder, SIGCONT);
  ASSERT_EQ(waitpid(holder, &status, 0), holder);
  startCollector();
  const Registry::Process process = processOf(program);
  await("the map begins anew", [&] { return Process::View(*process).coverage().mapSince > 0; });
  EXPECT_EQ(program.ask("fresh"), "freshened");
  expectTruth(program, *process);
  EXPECT_FALSE(Process::View(*process).exact());
}

}  // namespace
}  // namespace heapatlas::collector
