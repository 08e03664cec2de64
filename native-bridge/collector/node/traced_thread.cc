#include "node/traced_thread.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "node/text_file.h"

namespace heapatlas::node {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t kSystemCallBytes = 2;  // of the instruction
constexpr std::size_t kMaxExtendedBytes = 16384;
constexpr std::chrono::seconds kLongestForACore{10};

long traceCall(__ptrace_request request, std::uint32_t tid, std::uintptr_t address, void* data) {
  return ptrace(request, static_cast<pid_t>(tid), reinterpret_cast<void*>(address), data);
}

NodeError lost(std::uint32_t tid, const char* what) {
  return {ErrorKind::Failed, std::string("The ") + what + " of thread " + std::to_string(tid) +
                                 " cannot be reached: " + std::strerror(errno) + "."};
}

bool endsWithInterrupt(long long call) {
  constexpr std::array kCalls = {SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_rt_sigtimedwait,
                                 SYS_semop,      SYS_semtimedop,  SYS_io_getevents, SYS_io_pgetevents};
  return std::find(kCalls.begin(), kCalls.end(), call) != kCalls.end();
}

// A signal waits for this thread that it does not block.
bool signalPending(std::uint32_t pid, std::uint32_t tid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/status";
  unsigned long long pending = 0;
  unsigned long long blocked = 0;
  const std::string status = readText(path, 65536).value_or("");
  for (std::string_view line : linesOf(status)) {
    const std::vector<std::string_view> words = wordsOf(line);
    if (words.size() != 2) continue;
    if (words[0] == "SigPnd:" || words[0] == "ShdPnd:") pending |= numberOf(words[1], 16);
    if (words[0] == "SigBlk:") blocked = numberOf(words[1], 16);
  }
  return (pending & ~blocked) != 0;
}

// A word of what the kernel says of the thread; empty when there is none.
std::string statusOf(std::uint32_t tid, std::string_view name) {
  const std::string status = readText("/proc/" + std::to_string(tid) + "/status", 65536).value_or("");
  for (std::string_view line : linesOf(status)) {
    const std::vector<std::string_view> words = wordsOf(line);
    if (words.size() > 1 && words[0] == name) return std::string(words[1]);
  }
  return "";
}

// Another tracer of the thread, 0 when there is none.
unsigned long long tracerOf(std::uint32_t tid) { return numberOf(statusOf(tid, "TracerPid:")); }

NodeError doesNotStop(std::uint32_t tid) {
  return {ErrorKind::Failed,
          "Thread " + std::to_string(tid) + " does not stop; it waits inside the kernel and cannot be looked at now."};
}

}  // namespace

TracedThread::TracedThread(std::uint32_t pid, std::uint32_t tid, std::chrono::milliseconds patience)
    : pid_(pid), tid_(tid) {
  if (traceCall(PTRACE_SEIZE, tid, 0, reinterpret_cast<void*>(PTRACE_O_TRACESYSGOOD)) != 0) {
    throw seizeFailure(errno);
  }
  try {
    stop(patience);
  } catch (...) {
    traceCall(PTRACE_DETACH, tid_, 0, nullptr);
    throw;
  }
}

NodeError TracedThread::seizeFailure(int error) const {
  const std::string thread = "thread " + std::to_string(tid_) + " of process " + std::to_string(pid_);
  if (error == ESRCH) return {ErrorKind::NotFound, "There is no " + thread + "; it may have ended."};
  if (error != EPERM) return {ErrorKind::Failed, "The " + thread + " cannot be traced: " + std::strerror(error) + "."};
  if (const unsigned long long tracer = tracerOf(tid_); tracer != 0) {
    return {ErrorKind::Denied, "The " + thread + " is already traced by process " + std::to_string(tracer) +
                                   "; end that debugger or strace first."};
  }
  const std::string scope = readText("/proc/sys/kernel/yama/ptrace_scope", 16).value_or("0");
  if (scope[0] != '0' && geteuid() != 0) {
    return {ErrorKind::Denied, "The kernel refuses to trace " + thread + " because kernel.yama.ptrace_scope is " +
                                   scope.substr(0, 1) + "; set it to 0, or give the collector CAP_SYS_PTRACE."};
  }
  return {ErrorKind::Denied, "The kernel refuses to trace " + thread +
                                 "; run the collector as the process's user, or give it CAP_SYS_PTRACE."};
}

TracedThread::~TracedThread() {
  // A thread that died or was killed meanwhile needs no letting go.
  if (gone_) return;
  restartInterruptedCall();
  traceCall(PTRACE_DETACH, tid_, 0, nullptr);
}

// The kernel restarts most calls by itself after a stop. These it ends with EINTR, which a program without any signal
// handler need not expect; so they are made again, unless a signal that the program waits for is there as well.
void TracedThread::restartInterruptedCall() {
  user_regs_struct now{};
  if (traceCall(PTRACE_GETREGS, tid_, 0, &now) != 0) return;
  if (static_cast<long long>(now.rax) != -EINTR || !endsWithInterrupt(static_cast<long long>(now.orig_rax))) return;
  if (signalPending(pid_, tid_)) return;
  now.rax = now.orig_rax;
  now.rip -= kSystemCallBytes;
  now.orig_rax = static_cast<unsigned long long>(-1);
  traceCall(PTRACE_SETREGS, tid_, 0, &now);
}

user_regs_struct TracedThread::registers() const {
  user_regs_struct registers{};
  if (traceCall(PTRACE_GETREGS, tid_, 0, &registers) != 0) throw lost(tid_, "registers");
  return registers;
}

void TracedThread::setRegisters(const user_regs_struct& registers) {
  user_regs_struct copy = registers;
  if (traceCall(PTRACE_SETREGS, tid_, 0, &copy) != 0) throw lost(tid_, "registers");
}

std::vector<std::uint8_t> TracedThread::extendedState() const {
  std::vector<std::uint8_t> state(kMaxExtendedBytes);
  iovec span{state.data(), state.size()};
  if (traceCall(PTRACE_GETREGSET, tid_, NT_X86_XSTATE, &span) != 0) throw lost(tid_, "vector registers");
  state.resize(span.iov_len);
  return state;
}

void TracedThread::setExtendedState(const std::vector<std::uint8_t>& state) {
  std::vector<std::uint8_t> copy = state;
  iovec span{copy.data(), copy.size()};
  if (traceCall(PTRACE_SETREGSET, tid_, NT_X86_XSTATE, &span) != 0) throw lost(tid_, "vector registers");
}

std::uint64_t TracedThread::signalMask() const {
  std::uint64_t mask = 0;
  if (traceCall(PTRACE_GETSIGMASK, tid_, sizeof mask, &mask) != 0) throw lost(tid_, "signal mask");
  return mask;
}

void TracedThread::setSignalMask(std::uint64_t mask) {
  if (traceCall(PTRACE_SETSIGMASK, tid_, sizeof mask, &mask) != 0) throw lost(tid_, "signal mask");
}

void TracedThread::resumeToSystemCall() {
  if (traceCall(PTRACE_SYSCALL, tid_, 0, nullptr) != 0) throw lost(tid_, "course");
}

void TracedThread::stop(std::chrono::milliseconds patience) {
  if (traceCall(PTRACE_INTERRUPT, tid_, 0, nullptr) != 0) throw lost(tid_, "course");
  waitForEvent(patience);
}

void TracedThread::returnToSignalStop(std::chrono::milliseconds patience) {
  if (traceCall(PTRACE_INTERRUPT, tid_, 0, nullptr) != 0 || traceCall(PTRACE_CONT, tid_, 0, nullptr) != 0) {
    throw lost(tid_, "course");
  }
  waitForEvent(patience);
}

// A thread that only waits for a core will stop when it gets one.
void TracedThread::waitForEvent(std::chrono::milliseconds patience) {
  const Clock::time_point longest = Clock::now() + kLongestForACore;
  for (;;) {
    const std::optional<StopReason> stopped = stopUntil(Clock::now() + patience);
    if (!stopped && statusOf(tid_, "State:") != "D" && Clock::now() < longest) continue;
    if (!stopped) throw doesNotStop(tid_);
    const StopReason reason = *stopped;
    if (reason.stop == Stop::Event) {
      groupStopped_ = reason.signal != SIGTRAP;
      return;
    }
    if (reason.stop == Stop::Ended) {
      throw NodeError(ErrorKind::NotFound, "Thread " + std::to_string(tid_) + " has ended.");
    }
    // A signal that was on its way is handed on. Any stop takes back the one that was asked for, so it is asked again.
    const int signal = reason.stop == Stop::Signal ? reason.signal : 0;
    if (traceCall(PTRACE_INTERRUPT, tid_, 0, nullptr) != 0 ||
        traceCall(PTRACE_CONT, tid_, 0, reinterpret_cast<void*>(static_cast<std::intptr_t>(signal))) != 0) {
      throw lost(tid_, "course");
    }
  }
}

TracedThread::StopReason TracedThread::wait(std::chrono::milliseconds patience) {
  const std::optional<StopReason> reason = stopUntil(Clock::now() + patience);
  if (!reason) throw doesNotStop(tid_);
  return *reason;
}

std::optional<TracedThread::StopReason> TracedThread::stopUntil(Clock::time_point until) {
  for (unsigned round = 0;; ++round) {
    int status = 0;
    const pid_t got = waitpid(static_cast<pid_t>(tid_), &status, __WALL | WNOHANG);
    if (got < 0 && errno != EINTR) {
      gone_ = true;
      return StopReason{Stop::Ended, 0};
    }
    if (got > 0 && !WIFSTOPPED(status)) {
      gone_ = true;
      return StopReason{Stop::Ended, WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status)};
    }
    if (got > 0) {
      const int signal = WSTOPSIG(status);
      if (signal == (SIGTRAP | 0x80)) return StopReason{Stop::SystemCall, 0};
      if (status >> 16 == PTRACE_EVENT_STOP) return StopReason{Stop::Event, signal};
      return StopReason{Stop::Signal, signal};
    }
    if (Clock::now() >= until) return std::nullopt;
    // Stops come within microseconds as a rule; a thread that waits for a disk takes milliseconds.
    const timespec pause{0, round < 50 ? 20'000 : 1'000'000};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace heapatlas::node
