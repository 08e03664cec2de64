// Mapped regions, and the unloading of libraries. The brk heap is watched by the tick (writer.cc), because libc moves
// it by calls that no hook sees.
#include <sys/mman.h>

#include <cstdarg>

#include "real.h"
#include "writer.h"

namespace rt = heapatlas::runtime;
using rt::Kind;

namespace heapatlas::runtime {
namespace {

void recordMap(const void* at, std::size_t bytes, Frame frame) {
  if (at == MAP_FAILED || isOwnCode(frame[1])) return;  // the unwinder's own tables
  writeRecord<StackWanted::OfAllocation>(Kind::Map, addressOf(at), bytes, frame);
}

void recordUnmap(const void* at, std::size_t bytes, Frame frame) {
  if (isOwnCode(frame[1])) return;
  writeRecord<StackWanted::None>(Kind::Unmap, addressOf(at), bytes, frame);
  unwind::memoryUnmapped();
}

}  // namespace
}  // namespace heapatlas::runtime

extern "C" {

[[gnu::visibility("default")]] void* mmap(void* at, std::size_t bytes, int protection, int flags, int file,
                                          off_t offset) noexcept {
  void* memory = rt::real.mmap(at, bytes, protection, flags, file, offset);
  rt::recordMap(memory, bytes, rt::hookFrame());
  return memory;
}

[[gnu::visibility("default")]] void* mmap64(void* at, std::size_t bytes, int protection, int flags, int file,
                                            off64_t offset) noexcept {
  void* memory = rt::real.mmap(at, bytes, protection, flags, file, offset);
  rt::recordMap(memory, bytes, rt::hookFrame());
  return memory;
}

[[gnu::visibility("default")]] int munmap(void* at, std::size_t bytes) noexcept {
  rt::recordUnmap(at, bytes, rt::hookFrame());
  const int result = rt::real.munmap(at, bytes);
  heapatlas::unwind::memoryUnmapped();
  return result;
}

[[gnu::visibility("default")]] void* mremap(void* at, std::size_t from, std::size_t to, int flags, ...) noexcept {
  std::va_list rest;
  va_start(rest, flags);
  void* wanted = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void*) : nullptr;
  va_end(rest);
  const rt::Frame frame = rt::hookFrame();
  rt::recordUnmap(at, from, frame);
  void* memory = rt::real.mremap(at, from, to, flags, wanted);
  heapatlas::unwind::memoryUnmapped();
  // Where it failed the old region stands as it did.
  rt::recordMap(memory != MAP_FAILED ? memory : at, memory != MAP_FAILED ? to : from, frame);
  return memory;
}

[[gnu::visibility("default")]] int dlclose(void* handle) noexcept {
  const bool watched = rt::hot.mode.load() > rt::kPassThrough;
  if (watched) heapatlas::unwind::modulesChanging();
  const int result = rt::real.dlclose(handle);
  if (watched) heapatlas::unwind::modulesChanged();
  return result;
}

}  // extern "C"
