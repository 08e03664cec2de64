#include "child.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace heapatlas::launch {
namespace {

constexpr std::array kForwarded = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
volatile pid_t forwardTo = 0;

void forward(int number, siginfo_t* info, void*) {
  const int saved = errno;
  const bool fromTerminal = info->si_code == SI_KERNEL;  // the whole foreground group has it already
  if (!fromTerminal && forwardTo > 0) kill(forwardTo, number);
  errno = saved;
}

// What the launcher inherited for each signal, for the child: an ignored SIGHUP (nohup) stays ignored.
class Forwarding {
 public:
  Forwarding() {
    struct sigaction action {};
    action.sa_sigaction = forward;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    for (std::size_t i = 0; i < kForwarded.size(); ++i) {
      sigaction(kForwarded[i], nullptr, &inherited_[i]);
      if (inherited_[i].sa_handler != SIG_IGN) sigaction(kForwarded[i], &action, nullptr);
    }
  }
  void undo() const {
    for (std::size_t i = 0; i < kForwarded.size(); ++i) sigaction(kForwarded[i], &inherited_[i], nullptr);
  }

 private:
  std::array<struct sigaction, kForwarded.size()> inherited_{};
};

[[noreturn]] void becomeProgram(const std::string& path, const std::vector<std::string>& arguments, int errors) {
  std::vector<char*> list;
  list.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) list.push_back(const_cast<char*>(argument.c_str()));
  list.push_back(nullptr);
  execv(path.c_str(), list.data());
  if (errno == ENOEXEC) {  // a script without '#!': the shell runs it, as execvp and shells do
    std::string shell = "/bin/sh";
    std::vector<char*> script = {shell.data(), const_cast<char*>(path.c_str())};
    script.insert(script.end(), list.begin() + 1, list.end());
    execv(shell.c_str(), script.data());
  }
  const int reason = errno;
  if (write(errors, &reason, sizeof reason) != sizeof reason) _exit(126);
  _exit(127);
}

std::uint64_t nanos(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_usec) * 1'000u;
}

}  // namespace

std::variant<Outcome, Failure> run(const std::string& path, const std::vector<std::string>& arguments,
                                   const std::function<void(pid_t)>& started) {
  int errors[2];
  if (pipe2(errors, O_CLOEXEC) != 0)
    return Failure{kCannotInject, std::string("cannot make a pipe: ") + std::strerror(errno)};
  const Forwarding forwarding;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);  // no signal may arrive before the child's id is known
  const pid_t child = fork();
  if (child < 0) {
    return Failure{kCannotInject,
                   std::string("cannot start a process (") + std::strerror(errno) + "); raise 'ulimit -u'"};
  }
  if (child == 0) {
    forwarding.undo();
    sigprocmask(SIG_SETMASK, &before, nullptr);
    becomeProgram(path, arguments, errors[1]);
  }
  forwardTo = child;
  sigprocmask(SIG_SETMASK, &before, nullptr);
  close(errors[1]);
  started(child);
  int reason = 0;
  const bool failed = read(errors[0], &reason, sizeof reason) == sizeof reason;
  close(errors[0]);
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  if (failed) return Failure{kUsedWrongly, "'" + path + "' cannot be executed: " + std::strerror(reason)};
  Outcome outcome;
  outcome.pid = child;
  outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  outcome.exitStatus = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  outcome.cpuNanos = nanos(usage.ru_utime) + nanos(usage.ru_stime);
  return outcome;
}

}  // namespace heapatlas::launch
