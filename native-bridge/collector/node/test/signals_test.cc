// Stops, continues and ends a child; refuses a process that is not the one that is meant.
#include "node/signals.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "node/error.h"
#include "node/proc.h"
#include "test/child_process.h"

namespace heapatlas::node {
namespace {

char stateOf(std::uint32_t pid) { return ProcFs().threads(pid).at(0).state; }

bool becomes(std::uint32_t pid, char state) {
  for (int round = 0; round < 200; ++round) {
    if (stateOf(pid) == state) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

TEST(Signals, StopContinueAndEnd) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  const std::uint64_t start = ProcFs().startTicks(program.pid());
  sendSignal(program.pid(), start, SignalKind::Stop);
  EXPECT_TRUE(becomes(program.pid(), 'T'));
  EXPECT_EQ(ProcFs().process(program.pid()).state, RunState::Stopped);
  sendSignal(program.pid(), start, SignalKind::Continue);
  EXPECT_TRUE(becomes(program.pid(), 'S'));
  sendSignal(program.pid(), start, SignalKind::Terminate);
  EXPECT_TRUE(becomes(program.pid(), 'Z'));
  EXPECT_EQ(ProcFs().process(program.pid()).state, RunState::Ended);
}

TEST(Signals, NeverReachAProcessThatStartedAtAnotherTime) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  const std::uint64_t start = ProcFs().startTicks(program.pid());
  EXPECT_THROW(sendSignal(program.pid(), start + 1, SignalKind::Kill), NodeError);
  EXPECT_THROW(sendSignal(program.pid(), 0, SignalKind::Kill), NodeError);
  EXPECT_NE(stateOf(program.pid()), 'Z');
}

TEST(Signals, ToNobodyOrToGroupsAreRefused) {
  for (std::uint32_t pid : {0u, 0xffffffffu, 0x3ffffffu}) {
    EXPECT_THROW(sendSignal(pid, 0, SignalKind::Stop), NodeError) << pid;
  }
}

}  // namespace
}  // namespace heapatlas::node
