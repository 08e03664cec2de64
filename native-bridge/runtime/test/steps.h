// What the scenarios of survivor.cc and trapped.cc are made of.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

inline constexpr int kWell = 7;

inline void churn(int rounds) {
  std::vector<void*> blocks(64);
  for (int i = 0; i < rounds; ++i) {
    void*& block = blocks[static_cast<std::size_t>(i) % blocks.size()];
    std::free(block);
    block = std::malloc(16 + static_cast<std::size_t>(i) % 300);
  }
  for (void* block : blocks) std::free(block);
}

inline int leave() {
  std::fflush(stdout);
  _exit(kWell);
}

// Ten blocks stay, for the test to find.
inline int keepAndLeave() {
  for (std::size_t size = 100; size < 110; ++size) std::printf("%p %zu\n", std::malloc(size), size);
  return leave();
}

inline bool wentWell(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == kWell;
}
