#include "node/remote_call.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "node/error.h"
#include "node/memory.h"

namespace heapatlas::node {
namespace {

constexpr std::uint64_t kStackBytes = 1u << 20;
constexpr std::uint64_t kTextBytes = 16384;     // for place(), at the stack's lower end
constexpr std::uint64_t kInstructionBytes = 2;  // of a system call
constexpr unsigned long long kNoCall = ~0ull;   // orig_rax outside a system call
constexpr unsigned long long kDirectionFlag = 1u << 10;
constexpr unsigned long long kTrapFlag = 1u << 8;

// Faults stay open: the kernel resets the program's handler of a fault that it finds blocked.
std::uint64_t maskOfAllButFaults() {
  std::uint64_t mask = ~std::uint64_t{0};
  for (int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS}) mask &= ~(std::uint64_t{1} << (number - 1));
  return mask;
}

NodeError failed(const std::string& name, std::uint32_t pid, const std::string& why) {
  return {ErrorKind::Failed, "The call of " + name + " in process " + std::to_string(pid) + " " + why + "."};
}

}  // namespace

RemoteCalls::RemoteCalls(std::uint32_t pid, TracedThread& thread, std::uint64_t systemCall,
                         std::chrono::milliseconds patience)
    : pid_(pid),
      thread_(thread),
      instruction_(systemCall),
      patience_(patience),
      registers_(thread.registers()),
      extended_(thread.extendedState()),
      mask_(thread.signalMask()) {
  try {
    thread_.setSignalMask(maskOfAllButFaults());
    const std::array<std::uint64_t, 6> arguments = {
        0, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, static_cast<std::uint64_t>(-1), 0};
    const std::uint64_t stack = this->systemCall(SYS_mmap, arguments);
    if (stack > static_cast<std::uint64_t>(-4096)) {
      throw failed("mmap", pid_, std::string("is refused: ") + std::strerror(static_cast<int>(-stack)));
    }
    stack_ = stack;
  } catch (...) {
    restore();
    throw;
  }
}

RemoteCalls::~RemoteCalls() {
  if (restored_) return;
  try {
    finish();
  } catch (const NodeError&) {
    // The error that brought us here is on its way to the user; the process has ended or is put back by now.
    restored_ = true;
  }
}

std::uint64_t RemoteCalls::place(const std::string& text) {
  const std::uint64_t size = text.size() + 1;
  if (placed_ + size > kTextBytes) throw failed("a function", pid_, "needs too long texts");
  const std::uint64_t address = stack_ + placed_;
  const iovec local{const_cast<char*>(text.c_str()), size};
  const iovec remote{reinterpret_cast<void*>(address), size};
  if (process_vm_writev(static_cast<pid_t>(pid_), &local, 1, &remote, 1, 0) != static_cast<ssize_t>(size)) {
    throw failed("a function", pid_, std::string("cannot be prepared: ") + std::strerror(errno));
  }
  placed_ += size;
  return address;
}

std::uint64_t RemoteCalls::systemCall(long number, std::span<const std::uint64_t> arguments) {
  std::array<std::uint64_t, 6> words{};
  std::copy_n(arguments.begin(), std::min(arguments.size(), words.size()), words.begin());
  user_regs_struct registers = registers_;
  registers.rip = instruction_;
  registers.rax = static_cast<unsigned long long>(number);
  registers.orig_rax = kNoCall;
  registers.rdi = words[0];
  registers.rsi = words[1];
  registers.rdx = words[2];
  registers.r10 = words[3];
  registers.r8 = words[4];
  registers.r9 = words[5];
  thread_.setRegisters(registers);
  moved_ = true;
  runTo("a system call", registers.rsp);  // its entry …
  runTo("a system call", registers.rsp);  // … and its exit
  return thread_.registers().rax;
}

TracedThread::StopReason RemoteCalls::nextStop(const std::string& name, std::chrono::steady_clock::time_point until) {
  try {
    return thread_.wait(
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()));
  } catch (const NodeError&) {
    thread_.stop(patience_);
    throw failed(name, pid_,
                 "took longer than " + std::to_string(patience_.count() / 1000) +
                     " s and was given up; it may have left a lock of the loader behind");
  }
}

// Runs to the next stop at our instruction with this stack pointer. Functions that are called make system calls of
// their own, perhaps by the same instruction, but deeper on the stack.
void RemoteCalls::runTo(const std::string& name, std::uint64_t stackPointer) {
  const auto until = std::chrono::steady_clock::now() + patience_;
  for (;;) {
    thread_.resumeToSystemCall();
    const TracedThread::StopReason reason = nextStop(name, until);
    if (reason.stop == TracedThread::Stop::Ended) throw failed(name, pid_, "ended the process");
    if (reason.stop == TracedThread::Stop::Signal) {
      throw failed(name, pid_, std::string("failed with ") + strsignal(reason.signal));
    }
    if (reason.stop != TracedThread::Stop::SystemCall) continue;  // a stop of the whole process; it applies later
    const user_regs_struct now = thread_.registers();
    if (now.rip == instruction_ + kInstructionBytes && now.rsp == stackPointer) return;
  }
}

std::uint64_t RemoteCalls::call(const std::string& name, std::uint64_t function,
                                std::span<const std::uint64_t> arguments) {
  std::array<std::uint64_t, 3> words{};
  std::copy_n(arguments.begin(), std::min(arguments.size(), words.size()), words.begin());
  // At a function's first instruction the return address is on top, 8 bytes below a multiple of 16.
  const std::uint64_t top = stack_ + kStackBytes - 256 - 8;
  const iovec local{&instruction_, sizeof instruction_};
  const iovec remote{reinterpret_cast<void*>(top), sizeof instruction_};
  if (process_vm_writev(static_cast<pid_t>(pid_), &local, 1, &remote, 1, 0) != sizeof instruction_) {
    throw failed(name, pid_, std::string("cannot be prepared: ") + std::strerror(errno));
  }
  user_regs_struct registers = registers_;
  registers.rip = function;
  registers.rsp = top;
  registers.rbp = 0;
  registers.rax = 0;
  registers.orig_rax = kNoCall;
  registers.rdi = words[0];
  registers.rsi = words[1];
  registers.rdx = words[2];
  registers.eflags &= ~(kDirectionFlag | kTrapFlag);
  thread_.setRegisters(registers);
  moved_ = true;
  runTo(name, top + 8);
  // It returned into our system call instruction: the value that it left is the number of the call about to be made.
  user_regs_struct returned = thread_.registers();
  const std::uint64_t value = returned.orig_rax;
  returned.orig_rax = SYS_getpid;
  thread_.setRegisters(returned);
  runTo(name, top + 8);
  return value;
}

std::string RemoteCalls::textAt(std::uint64_t address) const {
  constexpr std::uint64_t kMostBytes = 500;
  const MemoryBytes bytes = readMemory(pid_, address, kMostBytes);
  return {bytes.data.begin(), std::find(bytes.data.begin(), bytes.data.end(), 0)};
}

void RemoteCalls::finish() {
  try {
    if (stack_ != 0) systemCall(SYS_munmap, std::array<std::uint64_t, 2>{stack_, kStackBytes});
  } catch (...) {
    restore();
    throw;
  }
  restore();
}

void RemoteCalls::restore() {
  restored_ = true;
  if (moved_) thread_.returnToSignalStop(patience_);
  thread_.setExtendedState(extended_);
  thread_.setRegisters(registers_);
  thread_.setSignalMask(mask_);
}

}  // namespace heapatlas::node
