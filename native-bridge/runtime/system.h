// Raw system calls and the clock, for code that must not touch errno handling, cancellation or locks of libc.
// Called by the slow paths. Also the two guards that every slow path needs: errno kept, signals held back.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "ring/ring.h"

namespace heapatlas::runtime {

inline std::uint32_t threadId() { return static_cast<std::uint32_t>(syscall(SYS_gettid)); }

inline std::uint64_t nanos(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_nsec);
}

inline std::uint64_t ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  std::uint64_t value = 0;
  asm volatile("mrs %0, cntvct_el0" : "=r"(value));
  return value;
#endif
}

// Memory by the kernel's own door: libc's names lead into our hooks.
inline void* mapMemory(void* at, std::size_t bytes, int flags, int file) {
  const long result = syscall(SYS_mmap, at, bytes, PROT_READ | PROT_WRITE, flags, file, 0);
  return result != -1 ? reinterpret_cast<void*>(result) : nullptr;
}
inline void unmapMemory(void* at, std::size_t bytes) { syscall(SYS_munmap, at, bytes); }

// The first bytes of a small file; at most 0 where there are none, or it cannot be read.
inline long readHead(const char* path, char* to, std::size_t bytes) {
  const int file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0));
  if (file < 0) return -1;
  const long got = syscall(SYS_read, file, to, bytes);
  syscall(SYS_close, file);
  return got;
}

inline void nap(std::uint64_t duration) {
  const timespec time{0, static_cast<long>(duration)};
  syscall(SYS_nanosleep, &time, nullptr);
}

class ErrnoKept {
 public:
  ErrnoKept() : kept_(errno) {}
  ~ErrnoKept() { errno = kept_; }
  ErrnoKept(const ErrnoKept&) = delete;
  ErrnoKept& operator=(const ErrnoKept&) = delete;

 private:
  int kept_;
};

// All signals of this thread, libc's internal ones too, wait until the guard goes.
class SignalsHeld {
 public:
  SignalsHeld() {
    const std::uint64_t all = ~std::uint64_t{0};
    syscall(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, &all, &before_, sizeof all);
  }
  ~SignalsHeld() { syscall(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &before_, nullptr, sizeof before_); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  std::uint64_t before_ = 0;
};

// A lock whose word is the holder's thread id, so that a holder that died can be found out, with a bit for those who
// wait by futex. It may lie in the ring file, where the collector takes it as well.
class ThreadLock {
 public:
  static constexpr std::uint64_t kForever = ~std::uint64_t{0};
  // False, and not held: this thread has it already (a signal handler inside the critical part), or nothing has moved
  // for as long as its patience lasts, in nanoseconds. Whoever holds a lock of the ring file may be stopped.
  static bool acquire(std::atomic<std::uint32_t>& word, std::uint32_t me, std::uint64_t patience = kForever) {
    std::uint32_t wanted = me;
    std::uint64_t waited = 0;
    for (std::uint32_t round = 0;; ++round) {
      std::uint32_t seen = 0;
      if (word.compare_exchange_strong(seen, wanted, std::memory_order_acquire)) return true;
      const std::uint32_t holder = seen & ~ring::kLockWaiters;
      if (holder == me) return false;
      if (round < kSpins) continue;
      wanted = me | ring::kLockWaiters;  // others may wait as well
      if (seen == holder && !word.compare_exchange_strong(seen, holder | ring::kLockWaiters)) continue;
      if (wait(word, holder | ring::kLockWaiters)) continue;
      if (!isDead(holder)) {
        if (waited >= patience) return false;
        waited += kWaitNanos;
        continue;
      }
      seen = holder | ring::kLockWaiters;
      if (word.compare_exchange_strong(seen, wanted, std::memory_order_acquire)) return true;
    }
  }
  static void release(std::atomic<std::uint32_t>& word) {
    if ((word.exchange(0, std::memory_order_release) & ring::kLockWaiters) != 0) {
      syscall(SYS_futex, &word, 1 /* FUTEX_WAKE */, 1, nullptr, nullptr, 0);
    }
  }

 private:
  static constexpr std::uint32_t kSpins = 100;
  static constexpr std::uint64_t kWaitNanos = 10'000'000;

  // False: the time is over.
  static bool wait(std::atomic<std::uint32_t>& word, std::uint32_t value) {
    const timespec time{0, static_cast<long>(kWaitNanos)};
    return syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, value, &time, nullptr, 0) == 0 || errno != ETIMEDOUT;
  }
  // A thread or collector that was killed while it held the lock.
  static bool isDead(std::uint32_t thread) { return syscall(SYS_kill, thread, 0) != 0 && errno == ESRCH; }
};

}  // namespace heapatlas::runtime
