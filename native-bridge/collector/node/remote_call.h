// Calls functions inside a process through a thread that is held. Entry: RemoteCalls::call; used by attach.
// Must hold: calls run on a stack of their own, with the program's signal handlers held back; whatever happens,
// finish() or the destructor puts back every register and the signal mask, and the thread goes on where it was.
// No byte of the program's code or stack is written: a call ends at a system call instruction of libc.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "node/traced_thread.h"

namespace heapatlas::node {

class RemoteCalls {
 public:
  // systemCall: address of a system call instruction in the process.
  RemoteCalls(std::uint32_t pid, TracedThread& thread, std::uint64_t systemCall, std::chrono::milliseconds patience);
  ~RemoteCalls();
  RemoteCalls(const RemoteCalls&) = delete;
  RemoteCalls& operator=(const RemoteCalls&) = delete;

  // A copy of text in the process, zero terminated, valid until finish().
  std::uint64_t place(const std::string& text);
  // NodeError Failed when the call faults, ends the process, or takes longer than patience.
  std::uint64_t call(const std::string& name, std::uint64_t function, std::span<const std::uint64_t> arguments);
  // The text at an address in the process, at most some hundred bytes.
  std::string textAt(std::uint64_t address) const;
  // Gives the stack back and restores the thread. NodeError.
  void finish();

 private:
  std::uint64_t systemCall(long number, std::span<const std::uint64_t> arguments);
  TracedThread::StopReason nextStop(const std::string& name, std::chrono::steady_clock::time_point until);
  void runTo(const std::string& name, std::uint64_t stackPointer);
  void restore();

  std::uint32_t pid_;
  TracedThread& thread_;
  std::uint64_t instruction_;
  std::chrono::milliseconds patience_;
  user_regs_struct registers_;
  std::vector<std::uint8_t> extended_;
  std::uint64_t mask_;
  std::uint64_t stack_ = 0;
  std::uint64_t placed_ = 0;  // bytes used from the stack's lower end
  bool moved_ = false;        // it has left the place where it was stopped
  bool restored_ = false;
};

}  // namespace heapatlas::node
