// Injects a stand-in for the runtime into programs that check whether they were disturbed.
#include "node/attach.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "node/error.h"
#include "node/proc.h"
#include "test/child_process.h"

namespace heapatlas::node {
namespace {

class Attach : public testing::Test {
 protected:
  Attach() : folder_(testing::TempDir() + "heapatlas-attach-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~Attach() override { std::filesystem::remove_all(folder_); }

  AttachRequest request(std::uint32_t pid) const { return {pid, built("attached.so"), folder_, 2, "s-17"}; }
  std::string written() const {
    std::ifstream file(folder_ + "/attached");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void expectRefusal(const AttachRequest& wanted, ErrorKind kind, const std::string& words) const {
    try {
      attach(wanted);
      ADD_FAILURE() << "attached";
    } catch (const NodeError& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
  }
  const std::string folder_;
  const std::string expected_ = "constructed 1 mode 2 session s-17 malloc 1 noise 17.0\n";
};

TEST_F(Attach, LoadsTheLibraryIntoASleepingProgramAndGivesItItsParameters) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  const AttachResult result = attach(request(program.pid()));
  EXPECT_EQ(written(), expected_);
  EXPECT_EQ(result.borrowedTid, program.pid());
  std::printf("the borrowed thread was kept for %.2f ms\n", static_cast<double>(result.stoppedNanos) / 1e6);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(ProcFs().process(program.pid()).state, RunState::Running);
  EXPECT_EQ(ProcFs().threads(program.pid())[0].state, 'S');  // it went back into its read
}

TEST_F(Attach, DisturbsNothingInAProgramUnderLoadTwentyTimes) {
  ChildProcess program({built("busy")});
  ASSERT_TRUE(program.ready());
  for (int round = 0; round < 20; ++round) {
    attach(request(program.pid()));
    EXPECT_EQ(written(), expected_);
    std::filesystem::remove(folder_ + "/attached");
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_EQ(program.endWith(SIGUSR1), 0);
}

TEST_F(Attach, LeavesAStoppedProgramStopped) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  kill(static_cast<pid_t>(program.pid()), SIGSTOP);
  waitpid(static_cast<pid_t>(program.pid()), nullptr, WUNTRACED);
  attach(request(program.pid()));
  EXPECT_EQ(written(), expected_);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(ProcFs().threads(program.pid())[0].state, 'T');
}

TEST_F(Attach, WorksOnPython) {
  ChildProcess program({"/usr/bin/python3", "-c", R"(
import signal, sys, time
end = []
signal.signal(signal.SIGUSR1, lambda *a: end.append(1))
print("ready", flush=True)
total = 0
while not end:
    total += sum(x * 0.5 for x in range(1000)) - 249750
    time.sleep(0.001)
sys.exit(0 if total == 0 else 1)
)"});
  ASSERT_TRUE(program.ready());
  for (int round = 0; round < 5; ++round) {
    attach(request(program.pid()));
    EXPECT_EQ(written(), expected_);
    std::filesystem::remove(folder_ + "/attached");
  }
  EXPECT_EQ(program.endWith(SIGUSR1), 0);
}

TEST_F(Attach, SaysThatTheFolderCannotBeWritten) {
  ChildProcess program({built("still")});
  AttachRequest wanted = request(program.pid());
  wanted.folder = "/no/such/folder";
  expectRefusal(wanted, ErrorKind::Failed, "could not start in folder '/no/such/folder': No such file or directory");
}

TEST_F(Attach, RefusesALibraryThatIsNoRuntimeBeforeTouchingTheProcess) {
  ChildProcess program({built("still")});
  AttachRequest wanted = request(program.pid());
  wanted.library = built("still");
  expectRefusal(wanted, ErrorKind::Failed, "does not export heapatlas_attach");
  wanted.library = "/no/such/library.so";
  expectRefusal(wanted, ErrorKind::Failed, "cannot be read");
}

TEST_F(Attach, HandsOnTheLoadersOwnWords) {
  ChildProcess program({built("still")});
  AttachRequest wanted = request(program.pid());
  wanted.library = built("broken.so");
  expectRefusal(wanted, ErrorKind::Failed, "undefined symbol: nobody_has_this");
}

TEST_F(Attach, RefusesAStaticProgram) {
  ChildProcess program({built("still-static")});
  ASSERT_TRUE(program.ready());
  expectRefusal(request(program.pid()), ErrorKind::Unsupported, "statically linked");
}

TEST_F(Attach, RefusesTheCollectorItselfAndProcessesThatAreNotThere) {
  expectRefusal(request(static_cast<std::uint32_t>(getpid())), ErrorKind::Unsupported, "the collector itself");
  expectRefusal(request(0x3ffffff), ErrorKind::NotFound, "There is no process");
}

TEST_F(Attach, RefusesAnotherUsersProcess) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to have a process of another user";
  const pid_t other = fork();
  if (other == 0) {
    if (setuid(65534) != 0) _exit(1);
    for (;;) pause();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  expectRefusal(request(static_cast<std::uint32_t>(other)), ErrorKind::Denied, "belongs to user 65534");
  kill(other, SIGKILL);
  waitpid(other, nullptr, 0);
}

TEST_F(Attach, SaysWhoTracesTheProcessAlready) {
  ChildProcess program({built("still")});
  ASSERT_TRUE(program.ready());
  for (const char* how : {"running", "stopped"}) {
    SCOPED_TRACE(how);
    std::vector<std::string> words = {built("tracer"), std::to_string(program.pid())};
    if (how == std::string("stopped")) words.emplace_back(how);
    ChildProcess tracer(words);
    ASSERT_TRUE(tracer.ready());
    expectRefusal(request(program.pid()), ErrorKind::Denied,
                  "already traced by process " + std::to_string(tracer.pid()));
    const char state = ProcFs().threads(program.pid())[0].state;
    EXPECT_EQ(state, how == std::string("stopped") ? 't' : 'S') << "it is as its tracer left it";
  }
  attach(request(program.pid()));
  EXPECT_EQ(written(), expected_);
  EXPECT_EQ(program.endWith(SIGTERM), 1000 + SIGTERM);
}

TEST_F(Attach, LetsGoOfAProgramThatDoesNotStop) {
  const std::string end = folder_ + "/end";
  ChildProcess program({built("vforking"), end});
  ASSERT_TRUE(program.ready());
  for (int round = 0; round < 2; ++round) {
    expectRefusal(request(program.pid()), ErrorKind::Failed, "does not stop; it waits inside the kernel");
  }
  std::ofstream(end) << "now";
  EXPECT_EQ(program.endWith(0), 7);
}

TEST_F(Attach, RefusesAProgramThatRunsWithTheRightsOfItsFilesOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to make a program with another user's rights";
  constexpr unsigned kNobody = 65534;
  const std::string path = folder_ + "/still-set-user-id";
  std::filesystem::copy_file(built("still"), path);
  ASSERT_EQ(chmod(path.c_str(), 04755), 0);
  const int status = asUser(kNobody, [&] {
    ChildProcess program({path});
    EXPECT_TRUE(program.ready());
    EXPECT_EQ(ProcFs().process(program.pid()).uid, 0u) << "the file system of the test ignores set-user-ID";
    expectRefusal(request(program.pid()), ErrorKind::Denied,
                  "belongs to user 0, the collector to user 65534; run a collector as that user.");
    EXPECT_EQ(program.endWith(SIGTERM), 1000 + SIGTERM);
    std::fflush(stdout);
    return HasFailure() ? 1 : 0;
  });
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace heapatlas::node
