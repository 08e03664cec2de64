// Allocates and releases without end, and keeps a chronicle that outlives it however it dies: each thread's file
// LOG.TID, in memory shared with the page cache, is a count and then so many entries {address, size, nanoseconds},
// size 0 for a release. An allocation is written behind the call, a release before it.
// Usage: chronicle LOG THREADS.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <thread>
#include <vector>

namespace {

struct Entry {
  std::uint64_t address, size, nanos;
};

constexpr std::uint64_t kMostEntries = 4'000'000;
constexpr std::size_t kSlots = 2'000;
constexpr std::uint64_t kOperationsAtOnce = 500;

struct Log {
  std::atomic<std::uint64_t> count;
  Entry entries[kMostEntries];
};

// Allocates nothing, for that would not be in the chronicle.
Log* openLog(const char* log) {
  char path[4096];
  std::snprintf(path, sizeof path, "%s.%d", log, static_cast<int>(gettid()));
  const int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 || ftruncate(file, sizeof(Log)) != 0) _exit(3);
  void* const memory = mmap(nullptr, sizeof(Log), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) _exit(4);
  return static_cast<Log*>(memory);
}

void write(Log& log, const void* block, std::uint64_t size) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::uint64_t count = log.count.load(std::memory_order_relaxed);
  log.entries[count] = {
      reinterpret_cast<std::uint64_t>(block), size,
      static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec)};
  log.count.store(count + 1, std::memory_order_release);
}

[[gnu::noinline]] void chronicle(Log& log, std::uint64_t x, void** slots) {
  for (std::uint64_t i = 0; i < kMostEntries; ++i) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    void*& slot = slots[x % kSlots];
    if (slot != nullptr) {
      write(log, slot, 0);
      std::free(slot);
      slot = nullptr;
    } else {
      const std::size_t size = 1 + (x >> 20) % 700;
      slot = (x >> 40) % 2 == 0 ? std::malloc(size) : std::calloc(1, size);
      write(log, slot, size);
    }
    if (i % kOperationsAtOnce == 0) usleep(1'000);  // or a second of it would be all that a test can check
  }
  pause();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    threads.emplace_back([&, i] {
      static thread_local void* slots[kSlots];
      Log& log = *openLog(argv[1]);
      chronicle(log, (static_cast<std::uint64_t>(i) + 1) * 0x9E3779B97F4A7C15ull, slots);
    });
  }
  for (std::thread& thread : threads) thread.join();
}
