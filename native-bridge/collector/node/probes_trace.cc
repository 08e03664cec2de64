// Looking into another process, which is no child of the one that looks, as in real use. See probes.h.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "node/error.h"
#include "node/probes.h"
#include "node/text_file.h"
#include "node/traced_thread.h"

namespace heapatlas::node {
namespace {

volatile std::uint64_t watched = 0x4d41505f48454150;

// Waits to be looked at; ends with whoever started it.
pid_t sleepingProcess() {
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  return child;
}

enum class Looked { Well, Wrong, Refused };

// Runs look in a process that is no ancestor of the one looked at.
template <typename Look>
Looked asStranger(Look look) {
  const pid_t target = sleepingProcess();
  if (target < 0) return Looked::Refused;
  const pid_t stranger = fork();
  if (stranger == 0) _exit(static_cast<int>(look(static_cast<std::uint32_t>(target))));
  int status = 0;
  const bool ended = stranger > 0 && waitpid(stranger, &status, 0) == stranger && WIFEXITED(status);
  kill(target, SIGKILL);
  waitpid(target, nullptr, 0);
  return ended ? static_cast<Looked>(WEXITSTATUS(status)) : Looked::Wrong;
}

Outcome judged(Looked looked, const char* well) {
  if (looked == Looked::Well) return works(well);
  if (looked == Looked::Wrong) return ineffective("it was accepted, but what was seen is wrong");
  const std::string scope = readText("/proc/sys/kernel/yama/ptrace_scope", 16).value_or("");
  if (!scope.empty() && scope[0] != '0') {
    return absent("processes of the same user are refused: kernel.yama.ptrace_scope is " + scope.substr(0, 1));
  }
  return absent("processes of the same user are refused");
}

Looked traceIt(std::uint32_t pid) {
  try {
    const TracedThread held(pid, pid, std::chrono::milliseconds(200));
    return held.registers().rip != 0 ? Looked::Well : Looked::Wrong;
  } catch (const NodeError& error) {
    return error.kind() == ErrorKind::Denied ? Looked::Refused : Looked::Wrong;
  }
}

Looked readIt(std::uint32_t pid) {
  std::uint64_t seen = 0;
  const iovec local{&seen, sizeof seen};
  const iovec remote{const_cast<std::uint64_t*>(&watched), sizeof seen};
  if (process_vm_readv(static_cast<pid_t>(pid), &local, 1, &remote, 1, 0) != sizeof seen) return Looked::Refused;
  return seen == watched ? Looked::Well : Looked::Wrong;
}

// Stops for its parent, writes the watched word, and ends.
pid_t writingProcess() {
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    watched = 1;
    _exit(0);
  }
  return child;
}

bool setDebugRegister(pid_t pid, std::size_t number, std::uint64_t value) {
  const std::size_t offset = offsetof(struct user, u_debugreg) + number * sizeof(long);
  return ptrace(PTRACE_POKEUSER, pid, reinterpret_cast<void*>(offset), reinterpret_cast<void*>(value)) == 0;
}

}  // namespace

Outcome probePtrace() { return judged(asStranger(traceIt), "another process was stopped and its registers were read"); }

Outcome probeReadMemory() { return judged(asStranger(readIt), "a word of another process was read"); }

Outcome probeDebugRegisters() {
  const pid_t child = writingProcess();
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) {
    return absent("no process could be traced to try it");
  }
  // DR7: slot 0 enabled for this thread, on writes, of eight bytes.
  constexpr std::uint64_t kWriteOfEight = 1u | 1u << 16 | 2u << 18;
  if (!setDebugRegister(child, 0, reinterpret_cast<std::uintptr_t>(&watched)) ||
      !setDebugRegister(child, 7, kWriteOfEight)) {
    return absentByError("the kernel refuses to set them");
  }
  ptrace(PTRACE_CONT, child, nullptr, nullptr);
  waitpid(child, &status, 0);
  const bool fired = WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP;
  if (fired) kill(child, SIGKILL);
  return fired ? works("the write stopped the process")
               : ineffective("they were accepted, but the write went past them");
}

}  // namespace heapatlas::node
