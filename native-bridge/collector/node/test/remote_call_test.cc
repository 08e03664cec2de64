// Borrows threads of a program that checks itself, in calls and in the middle of its sums.
#include "node/remote_call.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <thread>

#include "node/error.h"
#include "node/loader_facts.h"
#include "node/proc.h"
#include "node/stacks.h"
#include "test/child_process.h"

namespace heapatlas::node {
namespace {

constexpr std::chrono::milliseconds kPatience{2000};

class BusyProgram : public testing::Test {
 protected:
  BusyProgram() : program_({built("busy")}) {
    const std::vector<symbols::ModuleKey> modules = modulesOf(program_.pid());
    facts_ = loaderFacts(program_.pid(), modules);
    const auto libc = std::find_if(modules.begin(), modules.end(), [](const symbols::ModuleKey& one) {
      return one.path.find("libc.so") != std::string::npos;
    });
    if (libc != modules.end()) libc_ = exportedFunctions(program_.pid(), *libc);
  }
  std::uint64_t libc(const std::string& name) const {
    for (const RemoteFunction& function : libc_) {
      if (function.name == name) return function.address;
    }
    return 0;
  }
  // Its threads in the order of their making: epoll_wait, two allocators, sums, nanosleep.
  std::uint32_t tid(std::size_t number) const { return ProcFs().threads(program_.pid()).at(number).tid; }

  // strtod uses vector registers, deep stacks and the direction flag's promise.
  void borrow(std::uint32_t tid) {
    TracedThread thread(program_.pid(), tid, kPatience);
    const user_regs_struct before = thread.registers();
    const std::vector<std::uint8_t> vectors = thread.extendedState();
    const std::uint64_t mask = thread.signalMask();
    {
      RemoteCalls calls(program_.pid(), thread, facts_.systemCall, kPatience);
      const std::array<std::uint64_t, 2> text = {calls.place("123.25e3 tail"), 0};
      calls.call("strtod", libc("strtod"), text);
      EXPECT_EQ(calls.call("strtol", libc("strtol"), std::array<std::uint64_t, 3>{calls.place("-77"), 0, 10}),
                static_cast<std::uint64_t>(-77));
      calls.finish();
    }
    const user_regs_struct after = thread.registers();
    EXPECT_EQ(std::memcmp(&before, &after, sizeof before), 0);
    EXPECT_EQ(vectors, thread.extendedState());
    EXPECT_EQ(mask, thread.signalMask());
  }

  ChildProcess program_;
  LoaderFacts facts_;
  std::vector<RemoteFunction> libc_;
};

TEST_F(BusyProgram, IsNotDisturbedInTheMiddleOfItsSums) {
  for (int round = 0; round < 100; ++round) borrow(tid(3));
  EXPECT_EQ(program_.endWith(SIGUSR1), 0);
}

TEST_F(BusyProgram, IsNotDisturbedInASleepThatIsRestarted) {
  for (int round = 0; round < 50; ++round) {
    borrow(tid(4));
    std::this_thread::sleep_for(std::chrono::milliseconds(13));
  }
  EXPECT_EQ(program_.endWith(SIGUSR1), 0);
}

TEST_F(BusyProgram, IsNotDisturbedInACallThatTheKernelDoesNotRestart) {
  for (int round = 0; round < 50; ++round) {
    borrow(tid(0));
    std::this_thread::sleep_for(std::chrono::milliseconds(7));
  }
  EXPECT_EQ(program_.endWith(SIGUSR1), 0);
}

TEST_F(BusyProgram, GetsItsThreadBackWhenACallFaults) {
  {
    TracedThread thread(program_.pid(), tid(3), kPatience);
    RemoteCalls calls(program_.pid(), thread, facts_.systemCall, kPatience);
    EXPECT_THROW(calls.call("strlen", libc("strtol"), std::array<std::uint64_t, 1>{8}), NodeError);
  }
  {
    TracedThread thread(program_.pid(), tid(3), kPatience);
    RemoteCalls calls(program_.pid(), thread, facts_.systemCall, kPatience);
    EXPECT_THROW(calls.call("nothing", 16, {}), NodeError);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(program_.endWith(SIGUSR1), 0);
}

TEST_F(BusyProgram, GetsItsThreadBackWhenACallTakesTooLong) {
  {
    TracedThread thread(program_.pid(), tid(3), kPatience);
    RemoteCalls calls(program_.pid(), thread, facts_.systemCall, std::chrono::milliseconds(100));
    EXPECT_THROW(calls.call("sleep", libc("sleep"), std::array<std::uint64_t, 1>{100}), NodeError);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(program_.endWith(SIGUSR1), 0);
}

TEST_F(BusyProgram, HoldsBackItsSignalsDuringACallAndGetsThemAfterwards) {
  {
    TracedThread thread(program_.pid(), tid(0), kPatience);
    RemoteCalls calls(program_.pid(), thread, facts_.systemCall, kPatience);
    kill(static_cast<pid_t>(program_.pid()), SIGUSR1);
    EXPECT_EQ(calls.call("strtol", libc("strtol"), std::array<std::uint64_t, 3>{calls.place("5"), 0, 10}), 5u);
    calls.finish();
  }
  EXPECT_EQ(program_.endWith(0), 0);
}

TEST_F(BusyProgram, HasItsAllocatorAmongTheUnsafeCode) {
  for (const char* name : {"malloc", "free", "realloc", "calloc", "dlopen", "fork"}) {
    EXPECT_TRUE(std::any_of(facts_.unsafe.begin(), facts_.unsafe.end(), [&](const Span& span) {
      return span.holds(libc(name));
    })) << name;
  }
  for (const char* name : {"read", "epoll_wait", "nanosleep", "printf", "qsort"}) {
    EXPECT_FALSE(std::any_of(facts_.unsafe.begin(), facts_.unsafe.end(), [&](const Span& span) {
      return span.holds(libc(name));
    })) << name;
  }
}

}  // namespace
}  // namespace heapatlas::node
