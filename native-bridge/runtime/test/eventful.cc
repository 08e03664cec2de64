// The watched program of events_test.cc: maps, locks, waits and threads in a known order, each object's address printed
// behind its name. Ends with status 7.
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

constexpr std::size_t kPage = 4096;

void say(const char* name, const void* address) { std::printf("%s %p\n", name, address); }

void* must(void* address) {
  if (address == MAP_FAILED) std::abort();
  return address;
}

void maps() {
  void* first = must(mmap(nullptr, 16 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  say("mapped", first);
  void* target = must(mmap(nullptr, 64 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  void* moved = must(mremap(first, 16 * kPage, 32 * kPage, MREMAP_MAYMOVE | MREMAP_FIXED, target));
  say("moved", moved);
  if (mremap(moved, 32 * kPage, 48 * kPage, MREMAP_MAYMOVE | MREMAP_FIXED, static_cast<char*>(moved) + 1) != MAP_FAILED)
    std::abort();
  say("refused", moved);
  munmap(moved, 32 * kPage);
  // More of the brk heap than malloc keeps ahead.
  void* before = sbrk(0);
  for (int i = 0; i < 64; ++i) static_cast<char*>(std::malloc(100 << 10))[0] = 1;
  say("break", before);
}

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
bool ready = false;
std::atomic<bool> held{false};

void locks() {
  pthread_rwlock_rdlock(&rwlock);
  pthread_rwlock_unlock(&rwlock);
  pthread_rwlock_wrlock(&rwlock);
  pthread_rwlock_unlock(&rwlock);
  pthread_mutex_lock(&mutex);
  std::thread other([] {
    pthread_setname_np(pthread_self(), "contender");
    held = true;
    pthread_mutex_lock(&mutex);  // waits until the first lets go in its wait
    ready = true;
    pthread_cond_signal(&condition);
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
  });
  while (!held) usleep(100);
  usleep(10000);  // likely waited for by then; nothing depends on it
  while (!ready) pthread_cond_wait(&condition, &mutex);
  pthread_mutex_unlock(&mutex);
  other.join();
  say("mutex", &mutex);
  say("rwlock", &rwlock);
  say("condition", &condition);
}

}  // namespace

int main() {
  maps();
  locks();
  std::fflush(stdout);
  _exit(7);
}
