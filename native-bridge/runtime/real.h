// The functions that the hooks stand in front of, as the rest of the process would have found them.
// Main entry: real(). dlsym itself allocates; until all are found, allocations come from a small static arena.
#pragma once

#include <cstddef>
#include <cstdint>

struct timespec;

namespace heapatlas::runtime {

struct Real {
  void* (*malloc)(std::size_t);
  void (*free)(void*);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void* (*reallocarray)(void*, std::size_t, std::size_t);
  int (*posixMemalign)(void**, std::size_t, std::size_t);
  void* (*alignedAlloc)(std::size_t, std::size_t);
  void* (*memalign)(std::size_t, std::size_t);
  void* (*valloc)(std::size_t);
  void* (*pvalloc)(std::size_t);
  void* (*mmap)(void*, std::size_t, int, int, int, long);
  int (*munmap)(void*, std::size_t);
  int (*dlclose)(void*);
};

// Null while the functions are being found (by this thread or another).
const Real* real();
void* bootAllocate(std::size_t size, std::size_t alignment);
bool fromBoot(const void* block);
std::size_t bootSize(const void* block);
void* nextSymbol(const char* name);

}  // namespace heapatlas::runtime
