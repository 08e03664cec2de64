// The allocator's functions as the program calls them. The real call comes first and the record after it, except for a
// release, which is recorded before the block can be anybody else's (ring/README.md).
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "hook.h"

namespace heapatlas::runtime {
namespace {

void* moveFromBoot(void* block, std::size_t size, const Real& functions) {
  void* fresh = functions.malloc(size);
  const std::size_t old = bootSize(block);
  if (fresh != nullptr) memcpy(fresh, block, old < size ? old : size);
  return fresh;
}

}  // namespace
}  // namespace heapatlas::runtime

using namespace heapatlas::runtime;
using heapatlas::ring::Kind;

extern "C" {

[[gnu::visibility("default")]] void* malloc(size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return bootAllocate(size, 16);
  void* block = functions->malloc(size);
  allocated(Kind::Alloc, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void free(void* block) {
  if (block == nullptr || fromBoot(block)) return;
  const Real* functions = real();
  if (functions == nullptr) return;
  released(Kind::Free, block, caller());
  functions->free(block);
}

[[gnu::visibility("default")]] void cfree(void* block) { free(block); }

[[gnu::visibility("default")]] void* calloc(size_t count, size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return bootAllocate(count * size, 16);
  void* block = functions->calloc(count, size);
  allocated(Kind::Alloc, block, count * size, caller());
  return block;
}

[[gnu::visibility("default")]] void* realloc(void* block, size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return bootAllocate(size, 16);
  if (block == nullptr || fromBoot(block)) {
    void* fresh = block == nullptr ? functions->realloc(nullptr, size) : moveFromBoot(block, size, *functions);
    allocated(Kind::Alloc, fresh, size, caller());
    return fresh;
  }
  if (size == 0) {
    released(Kind::Free, block, caller());
    void* left = functions->realloc(block, 0);
    allocated(Kind::Alloc, left, 0, caller());
    return left;
  }
  released(Kind::ReallocFrom, block, caller());
  void* fresh = functions->realloc(block, size);
  if (fresh != nullptr) allocated(Kind::ReallocTo, fresh, size, caller());
  else allocated(Kind::ReallocFailed, block, size, caller());
  return fresh;
}

[[gnu::visibility("default")]] void* reallocarray(void* block, size_t count, size_t size) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, bytes);
}

[[gnu::visibility("default")]] int posix_memalign(void** block, size_t alignment, size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return (*block = bootAllocate(size, alignment)) != nullptr ? 0 : ENOMEM;
  const int result = functions->posixMemalign(block, alignment, size);
  if (result == 0) allocated(Kind::Alloc, *block, size, caller());
  return result;
}

[[gnu::visibility("default")]] void* aligned_alloc(size_t alignment, size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return bootAllocate(size, alignment);
  void* block = functions->alignedAlloc(alignment, size);
  allocated(Kind::Alloc, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* memalign(size_t alignment, size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return bootAllocate(size, alignment);
  void* block = functions->memalign(alignment, size);
  allocated(Kind::Alloc, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* valloc(size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return bootAllocate(size, 4096);
  void* block = functions->valloc(size);
  allocated(Kind::Alloc, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] void* pvalloc(size_t size) {
  const Real* functions = real();
  if (functions == nullptr) return bootAllocate(size, 4096);
  void* block = functions->pvalloc(size);
  allocated(Kind::Alloc, block, size, caller());
  return block;
}

[[gnu::visibility("default")]] int munmap(void* address, size_t bytes) noexcept {
  const Real* functions = real();
  heapatlas::unwind::memoryUnmapped();
  return functions == nullptr ? -1 : functions->munmap(address, bytes);
}

[[gnu::visibility("default")]] int dlclose(void* handle) noexcept {
  const Real* functions = real();
  const int result = functions == nullptr ? -1 : functions->dlclose(handle);
  if (shared.hot->state.load() > State::Pass) heapatlas::unwind::modulesChanged();
  return result;
}

}  // extern "C"
