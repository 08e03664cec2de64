// A program started for a test and ended with it. Entry: ChildProcess. Must hold: the program prints a line when it is
// ready; nothing of it is left after the destructor.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace heapatlas::node {

// A program that CMake compiled for these tests; BUILT_PROGRAMS in the environment names their folder.
inline std::string built(const std::string& name) {
  const char* folder = std::getenv("BUILT_PROGRAMS");
  return std::string(folder == nullptr ? "." : folder) + "/" + name;
}

class ChildProcess {
 public:
  explicit ChildProcess(std::vector<std::string> words) {
    std::array<int, 2> pipes{};
    if (pipe(pipes.data()) != 0) return;
    child_ = fork();
    if (child_ == 0) {
      dup2(pipes[1], 1);
      close(pipes[0]);
      close(pipes[1]);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(pipes[1]);
    char byte = 0;
    ready_ = read(pipes[0], &byte, 1) == 1;
    output_ = pipes[0];
  }
  ~ChildProcess() {
    if (child_ > 0 && !ended_) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    if (output_ >= 0) close(output_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool ready() const { return ready_; }
  std::uint32_t pid() const { return static_cast<std::uint32_t>(child_); }
  // The exit status after this signal; 1000 + signal when it was killed.
  int endWith(int signal) {
    kill(child_, signal);
    int status = 0;
    waitpid(child_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t child_ = -1;
  int output_ = -1;
  bool ready_ = false;
  bool ended_ = false;
};

// Runs until as another user, when the test is root; gives its exit status.
template <typename Body>
int asUser(unsigned user, Body body) {
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(user) != 0 || setuid(user) != 0) _exit(99);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace heapatlas::node
