// Call stacks of stopped and running programs, and that these stay as they were.
#include "node/stacks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "node/error.h"
#include "node/proc.h"
#include "test/child_process.h"

namespace heapatlas::node {
namespace {

// It says that it is ready just before it begins to wait.
void letWait(std::uint32_t pid) {
  while (ProcFs().threads(pid).at(0).state != 'S') std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
}

std::vector<std::string> functionsOf(std::uint32_t pid, std::uint32_t tid) {
  symbols::Symbolizer symbolizer;
  std::vector<std::string> names;
  for (const symbols::SymbolFrame& frame : symbolize(pid, threadStack(pid, tid), symbolizer)) {
    names.push_back(frame.function);
  }
  return names;
}

void expectKnownStack(std::uint32_t pid) {
  const std::vector<std::string> names = functionsOf(pid, pid);
  const auto deepest = std::find(names.begin(), names.end(), "deepest");
  ASSERT_NE(deepest, names.end()) << testing::PrintToString(names);
  ASSERT_GE(names.end() - deepest, 3);
  EXPECT_EQ(*(deepest + 1), "between");
  EXPECT_EQ(*(deepest + 2), "main");
  EXPECT_NE(names.front().find("read"), std::string::npos) << names.front();
}

TEST(Stacks, OfAStoppedProgramAreNamedAndItStaysStopped) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  letWait(program.pid());
  kill(static_cast<pid_t>(program.pid()), SIGSTOP);
  waitpid(static_cast<pid_t>(program.pid()), nullptr, WUNTRACED);
  for (int round = 0; round < 3; ++round) {
    expectKnownStack(program.pid());
    EXPECT_EQ(ProcFs().threads(program.pid()).at(0).state, 'T');
  }
  kill(static_cast<pid_t>(program.pid()), SIGCONT);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(ProcFs().threads(program.pid()).at(0).state, 'S');
}

TEST(Stacks, OfARunningProgramLeaveItRunning) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  letWait(program.pid());
  expectKnownStack(program.pid());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(ProcFs().threads(program.pid()).at(0).state, 'S');
}

TEST(Stacks, OfEveryThreadUnderLoadDisturbNothing) {
  ChildProcess program({built("busy")});
  ASSERT_TRUE(program.ready());
  std::size_t frames = 0;
  for (int round = 0; round < 10; ++round) {
    for (const ThreadState& thread : ProcFs().threads(program.pid())) {
      frames += threadStack(program.pid(), thread.tid).addresses.size();
    }
  }
  EXPECT_GT(frames, 100u);
  EXPECT_EQ(program.endWith(SIGUSR1), 0);
}

TEST(Stacks, OfAThreadOfAnotherProcessAreRefused) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  EXPECT_THROW(threadStack(program.pid(), static_cast<std::uint32_t>(getpid())), NodeError);
  EXPECT_THROW(threadStack(0x3ffffff, 0x3ffffff), NodeError);
}

TEST(Stacks, OfAnotherUserAreRefusedWithWhatToDo) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  ChildProcess program({built("still")});
  EXPECT_EQ(asUser(65534,
                   [&] {
                     try {
                       threadStack(program.pid(), program.pid());
                     } catch (const NodeError& error) {
                       return error.kind() == ErrorKind::Denied &&
                                      std::string(error.what()).find("run the collector as") != std::string::npos
                                  ? 7
                                  : 1;
                     }
                     return 0;
                   }),
            7);
}

TEST(Modules, OfThisProcessHaveBuildIdsAndSpansThatHoldTheirCode) {
  const std::vector<symbols::ModuleKey> modules = modulesOf(static_cast<std::uint32_t>(getpid()));
  const auto code = reinterpret_cast<std::uintptr_t>(&functionsOf);
  const auto own = std::find_if(modules.begin(), modules.end(),
                                [code](const symbols::ModuleKey& one) { return one.start <= code && code < one.end; });
  ASSERT_NE(own, modules.end());
  EXPECT_EQ(own->buildId.size(), 20u);
  symbols::Symbolizer symbolizer;
  const symbols::SymbolFrame frame = symbolizer.resolve(*own, code, true).back();
  EXPECT_NE(frame.function.find("functionsOf"), std::string::npos) << frame.function;
  EXPECT_TRUE(frame.file.ends_with("stacks_test.cc")) << frame.file;
  EXPECT_TRUE(
      std::any_of(modules.begin(), modules.end(), [](const symbols::ModuleKey& one) { return one.path == "[vdso]"; }));
}

}  // namespace
}  // namespace heapatlas::node
