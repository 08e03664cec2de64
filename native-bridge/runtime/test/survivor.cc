// One way to be hostile to an injected runtime for each name, chosen by the first argument; called by survival_test.
// Every scenario ends with status 7 when the program itself went well. A scenario that keeps blocks prints their
// addresses and sizes, so that the test can look for them.
#include <dirent.h>
#include <fcntl.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "steps.h"

namespace {

int closeDescriptors() {
  for (int file = 0; file < 4096; ++file) {
    if (file != STDOUT_FILENO) close(file);
  }
  std::thread(churn, 100000).join();  // more than one part of the ring, and a new ring, without any descriptor
  return keepAndLeave();
}

int daemonise() {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  if (const pid_t child = fork(); child != 0) return wentWell(child) && close(ends[1]) == 0 ? kWell : 1;
  setsid();
  if (fork() != 0) _exit(kWell);
  churn(1000);
  return keepAndLeave();
}

int forkAmongThreads() {
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&stop] {
      while (!stop) churn(1000);
    });
  }
  int failures = 0;
  for (int i = 0; i < 100; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      churn(200);
      _exit(kWell);
    }
    failures += wentWell(child) ? 0 : 1;
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  return failures == 0 ? kWell : 1;
}

// A vfork child may do nothing but exec or leave.
[[gnu::noinline]] pid_t startByVfork(bool there) {
  const pid_t child = vfork();
  if (child == 0) {
    if (there) execl("/bin/sh", "sh", "-c", "exit 7", static_cast<char*>(nullptr));
    execl("/no/such/program", "program", static_cast<char*>(nullptr));
    _exit(kWell);
  }
  return child;
}

int vforkAndExec() {
  for (int i = 0; i < 100; ++i) {
    if (!wentWell(startByVfork(i % 2 == 0))) return 1;
    churn(100);
  }
  return keepAndLeave();
}

std::atomic<std::uint64_t> handled{0};

// The code that a signal may interrupt without libc's allocator being half way through: this program's and the hooks'.
struct CodeRange {
  std::uint64_t from;
  std::uint64_t to;
};
std::vector<CodeRange> interruptible;

int addInterruptible(dl_phdr_info* object, std::size_t, void*) {
  const std::string path = object->dlpi_name;
  if (!path.empty() && path.find("libheapatlas-runtime") == std::string::npos) return 0;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    const std::uint64_t from = object->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0)
      interruptible.push_back({from, from + segment.p_memsz});
  }
  return 0;
}

void allocateInHandler(int, siginfo_t*, void* context) {
  const auto pc = static_cast<std::uint64_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
  const bool safe = std::any_of(interruptible.begin(), interruptible.end(),
                                [pc](const CodeRange& range) { return pc >= range.from && pc < range.to; });
  if (!safe) return;
  void* block = std::malloc(48);
  block = std::realloc(block, 4000);
  std::free(block);
  ++handled;
}

// Two threads churn while a third shoots signals at them.
int signalStorm() {
  struct sigaction action {};
  dl_iterate_phdr(addInterruptible, nullptr);
  action.sa_sigaction = allocateInHandler;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, nullptr);
  std::atomic<bool> stop{false};
  std::thread worker([&stop] {
    while (!stop) {
      void* memory = nullptr;
      if (posix_memalign(&memory, 64, 64) == 0) std::free(memory);
    }
  });
  for (int i = 0; i < 3000 || handled < 30; ++i) {
    pthread_kill(worker.native_handle(), SIGUSR1);
    if (i % 16 == 0) usleep(100);
  }
  stop = true;
  worker.join();
  return keepAndLeave();
}

sigjmp_buf outside;
volatile sig_atomic_t jumps = 0;
volatile sig_atomic_t mayJump = 0;

void jumpOut(int) {
  if (mayJump == 0) return;
  jumps = jumps + 1;
  siglongjmp(outside, 1);
}

// Hooks, and as little else as possible, for signals to fall into. Unlike an allocator, a mutex may be left by a jump.
pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
void lockAndUnlock(int times) {
  for (int i = 0; i < times; ++i) {
    pthread_mutex_trylock(&gate);
    pthread_mutex_unlock(&gate);
  }
}

int jumpOutOfHandler() {
  struct sigaction action {};
  action.sa_handler = jumpOut;
  sigaction(SIGALRM, &action, nullptr);
  itimerval timer{{0, 500}, {0, 500}};
  setitimer(ITIMER_REAL, &timer, nullptr);
  while (jumps < 500) {
    if (sigsetjmp(outside, 1) != 0) continue;
    mayJump = 1;
    lockAndUnlock(100000);
    mayJump = 0;
  }
  mayJump = 0;
  timer = {};
  setitimer(ITIMER_REAL, &timer, nullptr);
  return keepAndLeave();
}

void forkInHandler(int) {
  const pid_t child = fork();
  if (child == 0) return;  // goes on where the signal interrupted it, maybe inside a hook
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != kWell) _exit(1);
}

int forkInsideHandler() {
  const pid_t self = getpid();
  struct sigaction action {};
  action.sa_handler = forkInHandler;
  sigaction(SIGALRM, &action, nullptr);
  for (int i = 0; i < 30; ++i) {
    itimerval timer{{0, 0}, {0, 1000 + 37 * i}};
    setitimer(ITIMER_REAL, &timer, nullptr);
    lockAndUnlock(100000);
    if (getpid() != self) {
      void* block = std::malloc(100);
      std::free(block);
      _exit(kWell);
    }
  }
  return keepAndLeave();
}

int manyThreads(int count, bool together) {
  std::vector<pthread_t> threads(static_cast<std::size_t>(count));
  static std::atomic<bool> go;
  go = !together;
  const auto body = [](void*) -> void* {
    go.wait(false);
    churn(70);
    return nullptr;
  };
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  for (auto& thread : threads) {
    if (pthread_create(&thread, &attributes, body, nullptr) != 0) return 1;
    if (!together) pthread_join(thread, nullptr);
  }
  go = true;
  go.notify_all();
  if (together) {
    for (auto& thread : threads) pthread_join(thread, nullptr);
  }
  return keepAndLeave();
}

int failingReallocs() {
  volatile std::size_t tooMuch = PTRDIFF_MAX;
  for (int i = 0; i < 100; ++i) {
    const std::size_t size = 100 + static_cast<std::size_t>(i);
    void* block = std::malloc(size);
    void* other = std::realloc(block, tooMuch);
    if (other != nullptr || errno != ENOMEM) return 1;
    if (reallocarray(block, tooMuch, 2) != nullptr || errno != ENOMEM) return 1;
    if (reallocarray(block, tooMuch, 4) != nullptr || errno != ENOMEM) return 1;
    std::printf("%p %zu\n", block, size);
  }
  std::free(std::realloc(nullptr, 10));
  void* gone = std::realloc(std::malloc(10), 0);
  return gone == nullptr ? leave() : 1;
}

int failingNews() {
  volatile std::size_t tooMuch = PTRDIFF_MAX;
  for (int i = 0; i < 10; ++i) {
    try {
      ::operator delete(::operator new(tooMuch));
      return 1;
    } catch (const std::bad_alloc&) {
      churn(10);
    }
    if (::operator new(tooMuch, std::nothrow) != nullptr) return 1;
  }
  return keepAndLeave();
}

int execItself(const char* program, int left) {
  churn(100);
  if (left == 0) return kWell;
  execl(program, program, "exec-itself", std::to_string(left - 1).c_str(), static_cast<char*>(nullptr));
  return 1;
}

int leaveRoot() {
  if (chroot("/proc") != 0) return 8;
  std::thread(churn, 100000).join();
  return keepAndLeave();
}

// A static destructor that frees, behind everything.
struct Late {
  std::string* text = new std::string(1000, 'x');
  ~Late() { delete text; }
};
Late late;

void* endByKernel(void*) {
  churn(10);
  syscall(SYS_exit, 0);  // no destructor of the thread runs
  return nullptr;
}

int killedThreads() {
  for (int i = 0; i < 100; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, endByKernel, nullptr) != 0) return 1;
    pthread_join(thread, nullptr);
  }
  return keepAndLeave();
}

// A program that dies when anything in it waits for another thread by giving up its processor.
bool forbidYielding() {
  sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_yield, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{static_cast<unsigned short>(std::size(rules)), rules};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

int endedThreads() {
  if (!forbidYielding()) return 1;
  for (int i = 0; i < 20; ++i) {
    std::thread(churn, 200000).join();
    churn(10);
  }
  return keepAndLeave();
}

int steadyBytes() {
  // A hundred megabytes in small blocks that all stay, for the sampled estimate.
  for (int i = 0; i < 1000000; ++i) {
    if (std::malloc(100) == nullptr) return 1;
  }
  return leave();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string scenario = argc > 1 ? argv[1] : "";
  const int number = argc > 2 ? std::atoi(argv[2]) : 20;
  const std::map<std::string, int (*)()> simple = {{"close-descriptors", closeDescriptors},
                                                   {"daemonise", daemonise},
                                                   {"fork-among-threads", forkAmongThreads},
                                                   {"vfork-and-exec", vforkAndExec},
                                                   {"signal-storm", signalStorm},
                                                   {"jump-out-of-handler", jumpOutOfHandler},
                                                   {"fork-in-handler", forkInsideHandler},
                                                   {"failing-reallocs", failingReallocs},
                                                   {"failing-news", failingNews},
                                                   {"leave-root", leaveRoot},
                                                   {"killed-threads", killedThreads},
                                                   {"ended-threads", endedThreads},
                                                   {"steady-bytes", steadyBytes}};
  if (const auto found = simple.find(scenario); found != simple.end()) return found->second();
  if (scenario == "exec-itself") return execItself(argv[0], number);
  if (scenario == "threads-together") return manyThreads(number, true);
  if (scenario == "threads-in-turn") return manyThreads(number, false);
  std::fprintf(stderr, "survivor: no scenario '%s'\n", scenario.c_str());
  return 2;
}
