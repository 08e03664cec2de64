// Attaching to running programs and detaching again, through the service, with the runtime that the product injects.
#include <filesystem>
#include <fstream>
#include <map>

#include "input/clock.h"
#include "serving.h"

namespace heapatlas::collector {
namespace {

using test::Program;

constexpr const char* kLibraries = "/usr/lib/x86_64-linux-gnu/";
constexpr int kWell = 7;
constexpr std::size_t kOfLibraries = 10;

class AttachService : public test::Serving {
 protected:
  AttachService() : Serving(RUNTIME_LIBRARY) {}
  grpc::Status attach(const Program& program, v1::ProcessInfo& info, v1::Mode mode = v1::FULL) {
    v1::AttachRequest request;
    request.set_pid(static_cast<std::uint32_t>(program.pid()));
    request.set_mode(mode);
    request.set_session("attached");
    grpc::ClientContext context;
    return stub_->Attach(&context, request, &info);
  }
  v1::ProcessInfo attached(const Program& program, v1::Mode mode = v1::FULL) {
    v1::ProcessInfo info;
    const grpc::Status status = attach(program, info, mode);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return info;
  }
  void detach(std::uint64_t process) {
    v1::ProcessRequest request;
    request.set_process(process);
    v1::Empty reply;
    grpc::ClientContext context;
    const grpc::Status status = stub_->Detach(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  v1::Summary summary(std::uint64_t process) {
    v1::SummaryRequest request;
    request.set_process(process);
    request.set_top_sites(3);
    v1::Summary reply;
    grpc::ClientContext context;
    const grpc::Status status = stub_->Summarize(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  std::map<std::uint64_t, std::uint64_t> live(std::uint64_t process) {
    v1::AllocationsRequest request;
    request.set_process(process);
    grpc::ClientContext context;
    const auto stream = stub_->Allocations(&context, request);
    std::map<std::uint64_t, std::uint64_t> blocks;
    v1::AllocationsReply page;
    while (stream->Read(&page)) {
      for (const v1::Allocation& block : page.allocations()) blocks[block.address()] = block.size();
    }
    return blocks;
  }
  // What the program says that it holds is what the map holds, but for blocks from before; the rest is its libraries'.
  void expectTruth(const Program& program, std::uint64_t process, std::uint64_t before, std::uint64_t after) {
    const std::string file = path_ + "/list";
    ASSERT_EQ(program.ask("list " + file), "done");
    summary(process);
    std::map<std::uint64_t, std::uint64_t> blocks = live(process);
    EXPECT_EQ(program.ask("go -"), "done");
    std::ifstream in(file);
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::uint64_t nanos = 0;
    std::size_t since = 0;
    std::size_t missing = 0;
    while (in >> std::hex >> address >> std::dec >> size >> nanos) {
      const auto found = blocks.find(address);
      if (nanos < before) {
        missing += found != blocks.end();
      } else if (nanos > after) {
        ++since;
        missing += found == blocks.end() || found->second != size;
      }
      if (found != blocks.end()) blocks.erase(found);
    }
    EXPECT_GT(since, 500u);
    EXPECT_EQ(missing, 0u) << "of " << since;
    EXPECT_LE(blocks.size(), kOfLibraries) << "blocks that the program does not know";
  }
  void attachAndCompare(int threads, int rounds, const std::vector<std::string>& environment,
                        const char* path = STEADY_PROGRAM) {
    Program program({path, std::to_string(threads)}, environment);
    ASSERT_EQ(program.line(), "ready");
    for (int round = 0; round < rounds; ++round) {
      const std::uint64_t before = monotonicNanos();
      const std::uint64_t process = attached(program).process();
      ASSERT_FALSE(HasFailure());
      const std::uint64_t after = monotonicNanos();
      awaitEvents(process, 100'000);
      if (round % 4 == 3) expectTruth(program, process, before, after);
      const v1::Summary figures = summary(process);
      EXPECT_GT(figures.coverage().unknown_frees(), 0u);
      EXPECT_GT(figures.sites(0).stack().frames_size(), 1);
      detach(process);
      EXPECT_EQ(summary(process).process().state(), v1::ENDED);
    }
    EXPECT_EQ(program.end(), kWell);
  }
  void awaitEvents(std::uint64_t process, std::uint64_t count) {
    const std::uint64_t until = monotonicNanos() + 20'000'000'000;
    while (!HasFailure() && summary(process).coverage().events() < count)
      ASSERT_LT(monotonicNanos(), until) << "too few events";
  }
};

TEST_F(AttachService, OfOneThreadTheMapIsExactlyWhatWasAllocatedSince) { attachAndCompare(1, 4, {}); }
TEST_F(AttachService, OfAnExecutableAtAFixedAddressToo) { attachAndCompare(1, 4, {}, FIXED_PROGRAM); }
TEST_F(AttachService, TwentyTimesUnderTheLoadOfFourThreads) { attachAndCompare(4, 20, {}); }
TEST_F(AttachService, TheSameOverJemalloc) {
  attachAndCompare(4, 4, {"LD_PRELOAD=" + std::string(kLibraries) + "libjemalloc.so.2"});
}
TEST_F(AttachService, TheSameOverMimalloc) {
  attachAndCompare(4, 4, {"LD_PRELOAD=" + std::string(kLibraries) + "libmimalloc.so.2.0"});
}
TEST_F(AttachService, TheSameOverTcmalloc) {
  attachAndCompare(4, 4, {"LD_PRELOAD=" + std::string(kLibraries) + "libtcmalloc_minimal.so.4"});
}

TEST_F(AttachService, AProcessThatIsWatchedIsJoinedAndOneThatIsNoMoreCanBeAttachedAgain) {
  Program program({STEADY_PROGRAM, "1"});
  ASSERT_EQ(program.line(), "ready");
  const v1::ProcessInfo first = attached(program);
  EXPECT_EQ(attached(program).process(), first.process());
  detach(first.process());
  EXPECT_NE(attached(program).process(), first.process());
  EXPECT_EQ(program.end(), kWell);
}

TEST_F(AttachService, AStoppedProgramIsAttachedAndStaysStopped) {
  Program program({STEADY_PROGRAM, "1"});
  ASSERT_EQ(program.line(), "ready");
  ASSERT_EQ(program.ask("list /dev/null"), "done");
  kill(program.pid(), SIGSTOP);
  waitpid(program.pid(), nullptr, WUNTRACED);
  const std::uint64_t process = attached(program).process();
  kill(program.pid(), SIGCONT);
  EXPECT_EQ(program.ask("go -"), "done");
  awaitEvents(process, 1000);
  detach(process);
  EXPECT_EQ(program.end(), kWell);
}

TEST_F(AttachService, WhatWasLiveBeforeIsSaidAsTheAllocatorCounts) {
  for (const char* allocator : {"", "libjemalloc.so.2", "libtcmalloc_minimal.so.4"}) {
    SCOPED_TRACE(allocator);
    Program program({STEADY_PROGRAM, "1"},
                    {*allocator == '\0' ? "NOTHING=1" : "LD_PRELOAD=" + std::string(kLibraries) + allocator});
    ASSERT_EQ(program.line(), "ready");
    EXPECT_GT(summary(attached(program).process()).coverage().before_attach_bytes(), 10'000u);
  }
}

TEST_F(AttachService, ALibraryLoadedLaterIsSeenAndItsUnloadingHarmsNothing) {
  Program program({STEADY_PROGRAM, "2"});
  ASSERT_EQ(program.line(), "ready");
  const std::uint64_t process = attached(program).process();
  for (const char* library : {"libsqlite3.so.0", "libxml2.so.2", "libsqlite3.so.0", "libm.so.6"}) {
    EXPECT_EQ(program.ask(std::string("load ") + library), "loaded");
    awaitEvents(process, summary(process).coverage().events() + 20'000);
  }
  detach(process);
  EXPECT_EQ(program.end(), kWell);
}

TEST_F(AttachService, WhereOtherLibrariesHaveUsedUpTheRoomOfThreadsItSaysSoAndHarmsNothing) {
  constexpr int kMoreThanThereIsRoomFor = 400;
  const std::string copy = path_ + "/copy";
  for (int i = 0; i < kMoreThanThereIsRoomFor; ++i) {
    std::filesystem::copy_file(THREAD_LOCALS, copy + std::to_string(i));
  }
  Program program({STEADY_PROGRAM, "2"});
  ASSERT_EQ(program.line(), "ready");
  const std::string reason = program.ask("fill " + copy);
  ASSERT_NE(reason.find("static TLS"), std::string::npos) << reason;
  v1::ProcessInfo info;
  const std::string refusal = attach(program, info).error_message();
  EXPECT_EQ(refusal, "The loader of process " + std::to_string(program.pid()) + " refuses the runtime: " +
                         RUNTIME_LIBRARY + ": cannot allocate memory in static TLS block. Its other libraries have " +
                         "used up the room for thread-local variables; start it through HeapAtlas instead, or with " +
                         "GLIBC_TUNABLES=glibc.rtld.optional_static_tls=4096 in its environment.");
  EXPECT_EQ(program.end(), kWell);
}

// The loader makes them read-only as soon as it has filled them, and a write that comes behind that kills the program.
TEST_F(AttachService, TheTablesOfALibraryAreLeftAloneUntilItIsLoaded) {
  Program program({STEADY_PROGRAM, "2"});
  ASSERT_EQ(program.line(), "ready");
  const std::uint64_t process = attached(program).process();
  awaitEvents(process, 1000);
  ASSERT_EQ(program.ask(std::string("load ") + SLOW_TO_LOAD), "loaded");
  std::string state = program.ask("state -");
  const std::uint64_t until = monotonicNanos() + 20'000'000'000;
  while (state == "left alone" && monotonicNanos() < until) state = program.ask("state -");
  EXPECT_EQ(state, "taken");
  detach(process);
  EXPECT_EQ(program.ask("state -"), "left alone");
  EXPECT_EQ(program.end(), kWell);
}

}  // namespace
}  // namespace heapatlas::collector
