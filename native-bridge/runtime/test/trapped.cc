// The watched program of traps_test.cc: what other people's injected runtimes tripped over, each a scenario by name.
// Ends with status 7 when the program itself went well; a scenario that keeps blocks prints them as survivor.cc does.
#include <dlfcn.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "steps.h"

namespace {

// Threads hold the allocator's lock and, with nobody to empty the rings, those of the gap; each child ends through
// exit, whose destructors release memory.
int forkWhileLocksAreHeld() {
  std::atomic<int> warm{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      churn(100000);
      for (++warm; !stop;) churn(1000);
    });
  }
  while (warm < 4) usleep(1000);
  bool well = true;
  for (int i = 0; i < 20; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      churn(200);
      std::exit(kWell);
    }
    well = wentWell(child) && well;
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  return well ? keepAndLeave() : 1;
}

// Each has a destructor of its own to register, and more than libc has room for without calloc.
template <int number>
void makeStatic() {
  static const std::unique_ptr<std::string> object = std::make_unique<std::string>(100 + number, 'x');
  if (object->empty()) std::abort();
}
template <int... numbers>
void makeStatics(std::integer_sequence<int, numbers...>) {
  (makeStatic<numbers>(), ...);
}
int staticDestructors() {
  makeStatics(std::make_integer_sequence<int, 200>());
  return kWell;  // and the destructors run
}

int askLoaderInVain() {
  std::vector<std::thread> threads;
  std::atomic<int> found{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&found] {
      for (int round = 0; round < 500; ++round) {
        dlerror();
        if (dlsym(RTLD_DEFAULT, "no_such_function_anywhere") != nullptr) ++found;
        if (dlopen("/no/such/library.so", RTLD_NOW) != nullptr) ++found;
        if (dlerror() == nullptr) ++found;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return found == 0 ? keepAndLeave() : 1;
}

int inClone(void* rounds) {
  churn(*static_cast<int*>(rounds));
  std::printf("%p %d\n", std::malloc(77), 77);
  std::fflush(stdout);
  return kWell;
}
int execInClone(void*) {
  execl("/bin/sh", "sh", "-c", "exit 7", static_cast<char*>(nullptr));
  return 1;
}

// Children that no fork of libc made: with memory of their own, and in this memory until they exec.
int cloneChildren() {
  std::vector<char> stack(1 << 20);
  int rounds = 1000;
  bool well = true;
  for (int i = 0; i < 10; ++i) {
    well = wentWell(clone(inClone, stack.data() + stack.size(), SIGCHLD, &rounds)) && well;
    well = wentWell(clone(execInClone, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | SIGCHLD, nullptr)) && well;
  }
  const pid_t child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) _exit(inClone(&rounds));
  return well && wentWell(child) ? keepAndLeave() : 1;
}

// A library that is there already, or comes late as by a debugger's hand.
int openLate(const char* library) {
  if (dlopen(library, RTLD_NOW) == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  std::thread(churn, 1000).join();
  const pid_t child = fork();
  if (child == 0) {
    churn(100);
    std::exit(kWell);
  }
  return wentWell(child) ? kWell : 1;
}

int parallelLoop() {
  std::atomic<int> sum{0};
#pragma omp parallel for num_threads(8)
  for (int i = 0; i < 64; ++i) {
    churn(200);
    ++sum;
  }
  return sum == 64 ? keepAndLeave() : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string scenario = argc > 1 ? argv[1] : "";
  const std::map<std::string, int (*)()> simple = {{"fork-while-locks-are-held", forkWhileLocksAreHeld},
                                                   {"static-destructors", staticDestructors},
                                                   {"ask-loader-in-vain", askLoaderInVain},
                                                   {"clone-children", cloneChildren},
                                                   {"parallel-loop", parallelLoop}};
  if (const auto found = simple.find(scenario); found != simple.end()) return found->second();
  if (scenario == "open-late" && argc > 2) return openLate(argv[2]);
  std::fprintf(stderr, "trapped: no scenario '%s'\n", scenario.c_str());
  return 2;
}
