// An allocator that starts the hard way, as a preloaded library for traps_test.cc: at its first call, under a lock that
// may not be taken twice, it asks dlsym and reads a file of /proc. Whoever allocates in between hangs.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <cstddef>

namespace {

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
bool started = false;
void* (*realMalloc)(std::size_t) = nullptr;
void (*realFree)(void*) = nullptr;

void startUp() {
  pthread_mutex_lock(&lock);
  if (!started) {
    realMalloc = reinterpret_cast<void* (*)(std::size_t)>(dlsym(RTLD_NEXT, "malloc"));
    realFree = reinterpret_cast<void (*)(void*)>(dlsym(RTLD_NEXT, "free"));
    const int file = open("/proc/sys/vm/overcommit_memory", O_RDONLY);
    char text[16];
    if (file >= 0 && read(file, text, sizeof text) > 0) close(file);
    started = true;
  }
  pthread_mutex_unlock(&lock);
}

}  // namespace

extern "C" {

[[gnu::visibility("default")]] void* malloc(std::size_t size) {
  startUp();
  return realMalloc(size);
}
[[gnu::visibility("default")]] void free(void* block) {
  startUp();
  realFree(block);
}

}  // extern "C"
