// The few system calls of the unwinder, raw: they neither touch errno nor pass through a hook of this library.
// Called from captures inside the watched program's allocator; x86-64 Linux.
#pragma once

#include <asm/unistd.h>
#include <linux/mman.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace heapatlas::unwind {

inline long systemCall(long number, long a, long b, long c, long d = 0, long e = 0, long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result = number;
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}

// Zero filled private pages, huge ones where there are some and it is worth it: a large table costs more in address
// translation than in memory, a small program should not pay for one. Null when the system has none.
inline void* takePages(std::size_t bytes) {
  constexpr long kHugePage = 2 << 20;
  const long address = systemCall(__NR_mmap, 0, static_cast<long>(bytes), PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (address < 0) return nullptr;
  if (static_cast<long>(bytes) >= 2 * kHugePage) {
    systemCall(__NR_madvise, address + kHugePage, static_cast<long>(bytes) - kHugePage, MADV_HUGEPAGE);
  }
  return reinterpret_cast<void*>(address);
}

inline void returnPages(void* memory, std::size_t bytes) {
  systemCall(__NR_munmap, reinterpret_cast<long>(memory), static_cast<long>(bytes), 0);
}

// Makes the pages zero again while others may still read them.
inline bool zeroPages(void* memory, std::size_t bytes) {
  return systemCall(__NR_madvise, reinterpret_cast<long>(memory), static_cast<long>(bytes), MADV_DONTNEED) == 0;
}

// Whether the aligned word there can be read. The kernel reads the signal set before it refuses the invalid first
// argument, and every sandbox allows this call.
inline bool readable(std::uint64_t address) {
  constexpr long kNoSuchChange = -1;
  constexpr long kSetBytes = 8;
  return systemCall(__NR_rt_sigprocmask, kNoSuchChange, static_cast<long>(address), 0, kSetBytes) == -EINVAL;
}

inline long readLink(const char* path, char* text, std::size_t bytes) {
  return systemCall(__NR_readlink, reinterpret_cast<long>(path), reinterpret_cast<long>(text),
                    static_cast<long>(bytes));
}

inline std::uint32_t processId() { return static_cast<std::uint32_t>(systemCall(__NR_getpid, 0, 0, 0)); }

}  // namespace heapatlas::unwind
