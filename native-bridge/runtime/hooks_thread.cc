// Threads: where their stacks lie, their names, their beginning. Their end is a pthread key's (thread.cc). Threads that
// are made by a raw clone are met at their first event instead.
#include <pthread.h>
#include <sys/mman.h>

#include <atomic>
#include <cstddef>

#include "real.h"
#include "system.h"
#include "writer.h"

namespace rt = heapatlas::runtime;

namespace heapatlas::runtime {
namespace {

using StartRoutine = void* (*)(void*);

// What a new thread needs to know, kept from pthread_create until it runs. Not on the heap: that is the program's.
struct Start {
  std::atomic<std::uint32_t> used;
  StartRoutine routine;
  void* argument;
  std::size_t stackBytes;
};
constexpr std::uint32_t kStarts = 4096;  // threads between their creation and their first instruction
constinit Start starts[kStarts]{};
std::atomic<std::uint32_t> nextStart{0};

Start* takeStart() {
  for (std::uint32_t tries = 0; tries < kStarts; ++tries) {
    Start& start = starts[nextStart.fetch_add(1, std::memory_order_relaxed) % kStarts];
    if (start.used.exchange(1, std::memory_order_acquire) == 0) return &start;
  }
  return nullptr;
}

// The size of the stack, guard included, as libc will allocate or has been given it.
std::size_t stackBytes(const pthread_attr_t* attributes) {
  pthread_attr_t standard;
  if (attributes == nullptr) pthread_attr_init(&standard);  // its size of 0 reads as the default
  std::size_t size = 0;
  pthread_attr_getstacksize(attributes != nullptr ? attributes : &standard, &size);
  return size;
}

// libc puts its thread structure, and the thread-local variables below it, at the top of the stack's memory.
unwind::StackBounds boundsOf(std::size_t size, std::uint64_t frame) {
  constexpr std::uint64_t kGuardAndRounding = std::uint64_t{3} * 4096;
  const auto top = static_cast<std::uint64_t>(pthread_self());
  if (size < 2 * kGuardAndRounding || top <= frame || top - frame > size) return {0, 0};
  return {top - size + kGuardAndRounding, top};
}

void* begin(void* argument) {
  auto* start = static_cast<Start*>(argument);
  const StartRoutine routine = start->routine;
  void* const own = start->argument;
  ownStack = boundsOf(start->stackBytes, addressOf(__builtin_frame_address(0)));
  start->used.store(0, std::memory_order_release);
  if (self->role == Role::None && isRecording(hot.mode.load())) claimThread(0);
  return routine(own);
}

}  // namespace
}  // namespace heapatlas::runtime

extern "C" {

[[gnu::visibility("default")]] int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                                  void* (*routine)(void*), void* argument) noexcept {
  rt::Start* start = rt::hot.mode.load() > rt::kPassThrough ? rt::takeStart() : nullptr;
  if (start == nullptr) return rt::real.threadCreate(thread, attributes, routine, argument);
  start->routine = routine;
  start->argument = argument;
  start->stackBytes = rt::stackBytes(attributes);
  const int result = rt::real.threadCreate(thread, attributes, rt::begin, start);
  if (result != 0) start->used.store(0, std::memory_order_release);
  return result;
}

[[gnu::visibility("default")]] int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  const int result = rt::real.threadSetname(thread, name);
  // Another thread's ring is not ours to write in; the collector reads such a name from /proc.
  if (result == 0 && pthread_equal(thread, pthread_self()) != 0) rt::recordName(name);
  return result;
}

}  // extern "C"
