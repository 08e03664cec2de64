// See mapping.h.
#include "table/mapping.h"

#include <sys/mman.h>

#include <cstdint>

namespace heapatlas::collector {

void* mapAligned(std::size_t bytes, Pages pages) {
  // Twice as much, then the ends are given back.
  void* raw = mmap(nullptr, bytes * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  const auto from = reinterpret_cast<std::uintptr_t>(raw);
  const std::uintptr_t aligned = (from + bytes - 1) & ~(bytes - 1);
  if (aligned > from) munmap(raw, aligned - from);
  const std::uintptr_t tail = from + bytes * 2 - (aligned + bytes);
  if (tail > 0) munmap(reinterpret_cast<void*>(aligned + bytes), tail);
  // A page fault costs micro-seconds on virtual machines; a large table touches its memory densely.
  if (pages == Pages::Huge) madvise(reinterpret_cast<void*>(aligned), bytes, MADV_HUGEPAGE);
  return reinterpret_cast<void*>(aligned);
}

}  // namespace heapatlas::collector
