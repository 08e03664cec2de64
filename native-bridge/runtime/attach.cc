// What the collector calls in a process that runs already, through a thread that it has borrowed there.
// heapatlas_attach rewrites the program's tables first and begins to record last, heapatlas_detach stops recording
// first: so between the two moments every allocation and release of every thread is seen, and none before or after.
#include <dlfcn.h>
#include <malloc.h>

#include <cstring>

#include "got.h"
#include "process.h"
#include "real.h"
#include "system.h"

namespace heapatlas::runtime {
namespace {

template <typename Function>
Function functionNamed(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

std::uint64_t bytesOfJemalloc() {
  const auto control = functionNamed<int (*)(const char*, void*, std::size_t*, void*, std::size_t)>("mallctl");
  if (control == nullptr) return 0;
  std::uint64_t epoch = 1;
  std::size_t bytes = sizeof epoch;
  control("epoch", &epoch, &bytes, &epoch, bytes);
  std::uint64_t live = 0;
  bytes = sizeof live;
  return control("stats.allocated", &live, &bytes, nullptr, 0) == 0 ? live : 0;
}

std::uint64_t bytesOfTcmalloc() {
  const auto property = functionNamed<int (*)(const char*, std::size_t*)>("MallocExtension_GetNumericProperty");
  std::size_t live = 0;
  return property != nullptr && property("generic.current_allocated_bytes", &live) != 0 ? live : 0;
}

std::uint64_t bytesOfLibc() {
  const auto info = functionNamed<struct mallinfo2 (*)()>("mallinfo2");
  if (info == nullptr) return 0;
  const struct mallinfo2 figures = info();
  return figures.uordblks + figures.hblkhd;
}

// What the allocator that serves the program says is live, in its own rounded sizes; 0 where it cannot be asked.
std::uint64_t bytesLive() {
  const char* path = allocatorPath();
  if (std::strstr(path, "jemalloc") != nullptr) return bytesOfJemalloc();
  if (std::strstr(path, "tcmalloc") != nullptr) return bytesOfTcmalloc();
  return std::strstr(path, "/libc.so") != nullptr ? bytesOfLibc() : 0;
}

bool copyWhole(char* to, std::size_t room, const char* text) {
  const std::size_t length = std::strlen(text);
  if (length >= room) return false;
  std::memcpy(to, text, length + 1);
  return true;
}

}  // namespace
}  // namespace heapatlas::runtime

namespace rt = heapatlas::runtime;

extern "C" {

// 0 when the ring is up and the tables are rewritten; else an errno, EALREADY for a process that is watched.
[[gnu::visibility("default")]] int heapatlas_attach(const char* folder, std::uint32_t mode, const char* session) {
  rt::Settings settings{};
  if (!rt::copyWhole(settings.folder, sizeof settings.folder, folder)) return ENAMETOOLONG;
  if (!rt::copyWhole(settings.session, sizeof settings.session, session)) return ENAMETOOLONG;
  if (mode > static_cast<std::uint32_t>(heapatlas::ring::Mode::FullNoStacks)) return EINVAL;
  settings.mode = static_cast<heapatlas::ring::Mode>(mode);
  rt::resolve();
  if (const int error = rt::startAttached(settings, rt::bytesLive()); error != 0) return error;
  rt::takeOver();
  rt::watch();
  return 0;
}

// 0 when nothing is recorded any more and the tables are as they were; ENOTCONN for a process that is not attached.
[[gnu::visibility("default")]] int heapatlas_detach() {
  if (!rt::unwatch()) return ENOTCONN;
  rt::giveBack();
  rt::finishDetached();
  return 0;
}

}  // extern "C"
