#include "node/signals.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "node/descriptor.h"
#include "node/error.h"
#include "node/proc.h"

namespace heapatlas::node {
namespace {

int numberOfSignal(SignalKind kind) {
  switch (kind) {
    case SignalKind::Stop:
      return SIGSTOP;
    case SignalKind::Continue:
      return SIGCONT;
    case SignalKind::Terminate:
      return SIGTERM;
    case SignalKind::Kill:
      return SIGKILL;
  }
  return 0;
}

NodeError failure(std::uint32_t pid, int error) {
  const std::string process = "process " + std::to_string(pid);
  if (error == ESRCH || error == EINVAL) return {ErrorKind::NotFound, "There is no " + process + "; it has ended."};
  if (error == EPERM) {
    return {ErrorKind::Denied, "User " + std::to_string(geteuid()) + " may not send a signal to " + process +
                                   "; run the collector as the process's user."};
  }
  return {ErrorKind::Failed, "No signal can be sent to " + process + ": " + std::strerror(error) + "."};
}

}  // namespace

void sendSignal(std::uint32_t pid, std::uint64_t startTicks, SignalKind kind) {
  // pid 0 and negative numbers name groups of processes.
  if (pid == 0 || pid > 0x7fffffff) throw failure(pid, ESRCH);
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (process.number() < 0) throw failure(pid, errno);
  // The descriptor holds on to the process that has the pid now; only then is its start time compared.
  if (ProcFs().startTicks(pid) != startTicks) {
    throw NodeError(ErrorKind::NotFound,
                    "Process " + std::to_string(pid) + " has ended, and its number now belongs to another process.");
  }
  if (syscall(SYS_pidfd_send_signal, process.number(), numberOfSignal(kind), nullptr, 0) != 0) {
    throw failure(pid, errno);
  }
}

}  // namespace heapatlas::node
