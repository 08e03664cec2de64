// A real program that a test starts, talks to and ends. Entry: Program.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace heapatlas::collector::test {

// A program with its stdin and stdout on pipes, in lines. It is killed with the object, unless it has ended.
class Program {
 public:
  // environment: as putenv takes it.
  explicit Program(std::vector<std::string> words, std::vector<std::string> environment = {}) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) throw std::runtime_error("pipe");
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
      for (std::string& setting : environment) putenv(setting.data());
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    in_ = in[1];
    out_ = fdopen(out[0], "r");
  }
  ~Program() {
    close(in_);
    std::fclose(out_);
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  std::string line() const {
    std::array<char, 4096> text{};
    if (std::fgets(text.data(), text.size(), out_) == nullptr) return "";
    const std::string line = text.data();
    return line.substr(0, line.find('\n'));
  }
  std::string ask(const std::string& command) const {
    const std::string line = command + "\n";
    if (write(in_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return "";
    return this->line();
  }
  // Its exit status, or 1000 and the signal that ended it.
  int end() {
    (void)!write(in_, "end\n", 4);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  int in_ = -1;
  FILE* out_ = nullptr;
};

}  // namespace heapatlas::collector::test
