// One thread of another process, held by ptrace. Entry: TracedThread; used by threadStack and attach.
// Must hold: every call comes from the thread that constructed it (a rule of ptrace); the destructor lets go, and the
// kernel then puts the thread back into what its process is in: running, or stopped by SIGSTOP. One that has not
// stopped cannot be let go; the kernel does it when the tracing thread ends, so every use stands inside tracing().
// Nobody else in this program may wait for all children (waitpid(-1)) meanwhile.
#pragma once

#include <sys/user.h>

#include <chrono>
#include <cstdint>
#include <future>
#include <optional>
#include <utility>
#include <vector>

#include "node/error.h"

namespace heapatlas::node {

// What the body returns or throws; it runs on a thread of its own.
template <typename Body>
auto tracing(Body body) {
  return std::async(std::launch::async, std::move(body)).get();
}

class TracedThread {
 public:
  // Seizes and stops it. NodeError: NotFound, Denied (another debugger, ptrace_scope, user), Failed (does not stop,
  // for it has waited inside the kernel for as long as the patience).
  TracedThread(std::uint32_t pid, std::uint32_t tid, std::chrono::milliseconds patience);
  ~TracedThread();
  TracedThread(const TracedThread&) = delete;
  TracedThread& operator=(const TracedThread&) = delete;

  std::uint32_t tid() const { return tid_; }
  // Stopped by a signal to its whole process before we came.
  bool groupStopped() const { return groupStopped_; }
  user_regs_struct registers() const;                    // NodeError
  void setRegisters(const user_regs_struct& registers);  // NodeError
  // Vector and floating point registers, in the processor's own layout.
  std::vector<std::uint8_t> extendedState() const;                // NodeError
  void setExtendedState(const std::vector<std::uint8_t>& state);  // NodeError
  std::uint64_t signalMask() const;                               // NodeError
  void setSignalMask(std::uint64_t mask);                         // NodeError
  // Lets it run to the next entry into or exit from a system call, or until it stops for another reason.
  void resumeToSystemCall();
  // Stops it again while it runs.
  void stop(std::chrono::milliseconds patience);
  // From a stop at a system call to one where the registers of the first stop may be put back: only there the kernel
  // still restarts a system call that was interrupted.
  void returnToSignalStop(std::chrono::milliseconds patience);

  enum class Stop { SystemCall, Signal, Event, Ended };
  struct StopReason {
    Stop stop = Stop::Ended;
    int signal = 0;  // of Signal, or the exit status of Ended
  };
  // The next stop; Ended also when the process is gone. NodeError Failed when it takes longer than patience: it then
  // still runs.
  StopReason wait(std::chrono::milliseconds patience);

 private:
  NodeError seizeFailure(int error) const;
  void waitForEvent(std::chrono::milliseconds patience);
  std::optional<StopReason> stopUntil(std::chrono::steady_clock::time_point until);
  void restartInterruptedCall();

  std::uint32_t pid_;
  std::uint32_t tid_;
  bool groupStopped_ = false;
  bool gone_ = false;
};

}  // namespace heapatlas::node
