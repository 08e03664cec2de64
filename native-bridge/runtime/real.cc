// Finds the real functions once, behind real.h.
#include "real.h"

#include <dlfcn.h>
#include <sched.h>

#include <atomic>

namespace heapatlas::runtime {
namespace {

constexpr std::size_t kBootBytes = 1 << 16;  // dlsym and the first constructors took below 4 KiB
alignas(64) char boot[kBootBytes];
std::atomic<std::size_t> bootUsed{0};

Real functions;
std::atomic<int> state{0};  // 0 nothing, 1 being found, 2 found

template <typename Function>
void find(Function& function, const char* name) {
  function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void findAll() {
  find(functions.malloc, "malloc");
  find(functions.free, "free");
  find(functions.calloc, "calloc");
  find(functions.realloc, "realloc");
  find(functions.reallocarray, "reallocarray");
  find(functions.posixMemalign, "posix_memalign");
  find(functions.alignedAlloc, "aligned_alloc");
  find(functions.memalign, "memalign");
  find(functions.valloc, "valloc");
  find(functions.pvalloc, "pvalloc");
  find(functions.mmap, "mmap");
  find(functions.munmap, "munmap");
  find(functions.dlclose, "dlclose");
}

}  // namespace

const Real* real() {
  if (state.load(std::memory_order_acquire) == 2) [[likely]] return &functions;
  int nothing = 0;
  if (!state.compare_exchange_strong(nothing, 1)) return state.load() == 2 ? &functions : nullptr;
  findAll();
  state.store(2, std::memory_order_release);
  return &functions;
}

void* nextSymbol(const char* name) { return dlsym(RTLD_NEXT, name); }

void* bootAllocate(std::size_t size, std::size_t alignment) {
  if (alignment < 16) alignment = 16;
  std::size_t used = bootUsed.load();
  while (true) {
    const std::size_t at = (used + sizeof(std::size_t) + alignment - 1) & ~(alignment - 1);
    if (at + size > kBootBytes) return nullptr;
    if (bootUsed.compare_exchange_weak(used, at + size)) {
      *reinterpret_cast<std::size_t*>(boot + at - sizeof(std::size_t)) = size;
      return boot + at;
    }
  }
}

bool fromBoot(const void* block) { return block >= boot && block < boot + kBootBytes; }

std::size_t bootSize(const void* block) {
  return *reinterpret_cast<const std::size_t*>(static_cast<const char*>(block) - sizeof(std::size_t));
}

}  // namespace heapatlas::runtime
