// The C allocator's functions. Allocations are recorded after the real call, releases before it (ring/README.md).
// malloc_usable_size is not hooked: blocks are the allocator's own, nothing is put around them.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "real.h"
#include "writer.h"

namespace rt = heapatlas::runtime;
using rt::Kind;

namespace heapatlas::runtime {
namespace {

// A block of the arena that served while dlsym ran: it stays there, its content moves.
void* moveFromBootstrap(void* old, std::size_t size) {
  void* block = real.malloc(size);
  const std::size_t kept = bootstrapSize(old) < size ? bootstrapSize(old) : size;
  if (block != nullptr) std::memcpy(block, old, kept);
  return block;
}

// Where the two records of a realloc cannot stand next to each other (sampled mode, gap, ring 0): a release and an
// allocation. In a gap a block that stays keeps what is known of it; else it is allocated again, with what its
// allocator says of its size.
void* reallocInParts(void* old, std::size_t size, Frame frame) {
  recordFree(old, Kind::Free, frame);
  void* block = real.realloc(old, size);
  const bool stays = block == nullptr && size != 0;
  if (stays) {
    const int reason = errno;
    recordStays(old, real.usableSize(old), frame);
    errno = reason;
  } else {
    recordAlloc(block, size, Kind::Alloc, frame);
  }
  return block;
}

// ReallocFrom and what became of it are neighbours in the ring: while the real call runs the thread is marked as busy,
// so that whatever happens in between (a signal handler, a mapping by the allocator) is recorded elsewhere.
[[gnu::always_inline]] inline void* reallocWhole(Thread& thread, void* old, std::size_t size, Frame frame) {
  enterAt(thread, addressOf(frame));
  const std::uint32_t stack = stackAt(thread.allocStacks, frame);
  const std::uint32_t freeStack = thread.freeStacks != nullptr ? stack : 0;
  const Record from = Record::make(Kind::ReallocFrom, addressOf(old), 0, freeStack);
  const bool inRing = put(thread, from);
  if (!inRing) [[unlikely]]
    divert(thread, from);
  void* block = real.realloc(old, size);
  if (block != nullptr) [[likely]] {
    const Record to = Record::make(inRing ? Kind::ReallocTo : Kind::Alloc, addressOf(block), size, stack);
    if (!put(thread, to)) [[unlikely]]
      divert(thread, to);
  } else if (!inRing || !put(thread, Record::make(Kind::ReallocFailed, addressOf(old), 0, stack))) {
    const int reason = errno;
    const Record again = Record::make(Kind::Alloc, addressOf(old), real.usableSize(old), stack);
    if (!put(thread, again)) divert(thread, again);
    errno = reason;
  }
  leave(thread);
  return block;
}

[[gnu::always_inline]] inline void* reallocate(void* old, std::size_t size, Frame frame) {
  if (old == nullptr || isBootstrap(old)) [[unlikely]] {
    void* block = old == nullptr ? real.realloc(nullptr, size) : moveFromBootstrap(old, size);
    recordAlloc(block, size, Kind::Alloc, frame);
    return block;
  }
  Thread& thread = *self;
  const bool whole = size != 0 && hot.mode.load(std::memory_order_relaxed) == thread.expected;
  return whole ? reallocWhole(thread, old, size, frame) : reallocInParts(old, size, frame);
}

}  // namespace
}  // namespace heapatlas::runtime

extern "C" {

[[gnu::visibility("default")]] void* malloc(std::size_t size) {
  void* block = rt::real.malloc(size);
  rt::recordAlloc(block, size, Kind::Alloc, rt::hookFrame());
  return block;
}

[[gnu::visibility("default")]] void free(void* block) {
  rt::recordFree(block, Kind::Free, rt::hookFrame());
  rt::real.free(block);
}

[[gnu::visibility("default")]] void cfree(void* block) {
  rt::recordFree(block, Kind::Free, rt::hookFrame());
  rt::real.free(block);
}

[[gnu::visibility("default")]] void* calloc(std::size_t count, std::size_t size) {
  void* block = rt::real.calloc(count, size);
  rt::recordAlloc(block, count * size, Kind::Alloc, rt::hookFrame());
  return block;
}

[[gnu::visibility("default")]] void* realloc(void* old, std::size_t size) {
  return rt::reallocate(old, size, rt::hookFrame());
}

[[gnu::visibility("default")]] void* reallocarray(void* old, std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return rt::reallocate(old, bytes, rt::hookFrame());
}

[[gnu::visibility("default")]] int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  const int result = rt::real.posixMemalign(out, alignment, size);
  if (result == 0) rt::recordAlloc(*out, size, Kind::Alloc, rt::hookFrame());
  return result;
}

[[gnu::visibility("default")]] void* aligned_alloc(std::size_t alignment, std::size_t size) {
  void* block = rt::real.alignedAlloc(alignment, size);
  rt::recordAlloc(block, size, Kind::Alloc, rt::hookFrame());
  return block;
}

[[gnu::visibility("default")]] void* memalign(std::size_t alignment, std::size_t size) {
  void* block = rt::real.memalign(alignment, size);
  rt::recordAlloc(block, size, Kind::Alloc, rt::hookFrame());
  return block;
}

[[gnu::visibility("default")]] void* valloc(std::size_t size) {
  void* block = rt::real.valloc(size);
  rt::recordAlloc(block, size, Kind::Alloc, rt::hookFrame());
  return block;
}

[[gnu::visibility("default")]] void* pvalloc(std::size_t size) {
  void* block = rt::real.pvalloc(size);
  rt::recordAlloc(block, size, Kind::Alloc, rt::hookFrame());
  return block;
}

}  // extern "C"
