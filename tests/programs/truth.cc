// A random load that keeps its own list of what is live, and writes it at the end: a line a block, "ADDRESS SIZE".
// Usage: truth THREADS OPERATIONS LIST. Threads hand blocks to each other, so that one frees what another allocated.
// Ends by _exit, so that nothing is freed behind the list. Exit status 7.
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace {

struct Slot {
  std::atomic<int> lock{0};
  void* block;
  std::uint64_t size;
};

constexpr std::size_t kSlots = 20000;
Slot* slots;

std::uint64_t next(std::uint64_t& x) {
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return x;
}

void* allocate(std::uint64_t kind, std::size_t size) {
  switch (kind % 6) {
    case 0: return std::calloc(1, size);
    case 1: return std::aligned_alloc(64, (size + 63) / 64 * 64);
    case 2: {
      void* block = nullptr;
      return posix_memalign(&block, 128, size) == 0 ? block : nullptr;
    }
    default: return std::malloc(size);
  }
}

void work(std::uint64_t seed, long operations) {
  std::uint64_t x = seed * 0x9E3779B97F4A7C15ull + 1;
  for (long i = 0; i < operations; ++i) {
    Slot& slot = slots[next(x) % kSlots];
    while (slot.lock.exchange(1, std::memory_order_acquire) != 0) std::this_thread::yield();
    const std::uint64_t size = next(x) % 10 != 0 ? 1 + next(x) % 500 : 1000 + next(x) % 90000;
    if (slot.block != nullptr && next(x) % 8 == 0) {
      slot.block = std::realloc(slot.block, size);
      slot.size = size;
    } else if (slot.block != nullptr) {
      std::free(slot.block);
      slot.block = nullptr;
    } else {
      const std::uint64_t kind = next(x);
      slot.block = allocate(kind, size);
      slot.size = kind % 6 == 1 ? (size + 63) / 64 * 64 : size;
    }
    slot.lock.store(0, std::memory_order_release);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  FILE* list = std::fopen(argv[3], "w");
  slots = static_cast<Slot*>(
      mmap(nullptr, kSlots * sizeof(Slot), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  {
    std::vector<std::thread> threads;
    for (int i = 0; i < std::atoi(argv[1]); ++i) threads.emplace_back(work, i + 1, std::atol(argv[2]));
    for (auto& thread : threads) thread.join();
  }
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (slots[i].block != nullptr) {
      std::fprintf(list, "%llx %llu\n", reinterpret_cast<unsigned long long>(slots[i].block),
                   static_cast<unsigned long long>(slots[i].size));
    }
  }
  std::fflush(list);
  std::puts("done");
  std::fflush(stdout);
  _exit(7);
}
