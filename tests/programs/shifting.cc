// A load on several threads that goes on while a tool changes what it records, and that can say at any time what is
// live. Usage: shifting THREADS LIST [COMMANDS]. COMMANDS: a named pipe; else its standard input. A line each:
//   fresh  releases whatever was allocated before this command, while the load goes on and fills its slots again
//   list   stops the load, writes a line a block to LIST, "ADDRESS SIZE"
//   go     lets it go on
//   end    exit status 7, nothing released
// Each is answered on stdout in the past tense. Sizes are 16 n + 7, so that its blocks can be told from those of
// libraries. Blocks are released by whichever thread meets them; the first thread is mostly asleep.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace {

struct Slot {
  std::atomic<int> lock;
  void* block;
  std::uint64_t size;
  int phase;
};

constexpr std::size_t kSlots = 8000;
constexpr int kBatch = 400;
constexpr std::chrono::milliseconds kPause{1};
constexpr std::chrono::milliseconds kSleep{40};
Slot* slots;
std::atomic<int> phase{0};
std::atomic<std::size_t> operations{0};
std::shared_mutex running;  // held by who works, and alone by who stops them all

std::uint64_t next(std::uint64_t& x) {
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return x;
}

void acquire(Slot& slot) {
  while (slot.lock.exchange(1, std::memory_order_acquire) != 0) std::this_thread::yield();
}
void release(Slot& slot) { slot.lock.store(0, std::memory_order_release); }

[[gnu::noinline]] void operate(std::uint64_t& x) {
  Slot& slot = slots[next(x) % kSlots];
  const std::uint64_t size = (next(x) % 20 != 0 ? next(x) % 128 : next(x) % 4096) * 16 + 7;
  acquire(slot);
  if (slot.block == nullptr || next(x) % 4 == 0) {
    slot.block = slot.block == nullptr ? std::malloc(size) : std::realloc(slot.block, size);
    slot.size = size;
    slot.phase = phase.load();
  } else {
    std::free(slot.block);
    slot.block = nullptr;
  }
  release(slot);
}

[[noreturn]] void work(int number) {
  std::uint64_t x = (number + 1) * 0x9E3779B97F4A7C15ull + 1;
  for (;;) {
    {
      const std::shared_lock<std::shared_mutex> lock(running);
      for (int i = 0; i < (number == 0 ? 3 : kBatch); ++i) operate(x);
      operations += kBatch;
    }
    std::this_thread::sleep_for(number == 0 ? kSleep : kPause);
  }
}

void dropOlder() {
  const int now = ++phase;
  for (std::size_t i = 0; i < kSlots; ++i) {
    Slot& slot = slots[i];
    acquire(slot);
    if (slot.block != nullptr && slot.phase != now) {
      std::free(slot.block);
      slot.block = nullptr;
    }
    release(slot);
  }
  const std::size_t begin = operations;
  while (operations < begin + 3 * kSlots) std::this_thread::sleep_for(kPause);
}

void writeList(const char* path) {
  FILE* list = std::fopen(path, "w");
  if (list == nullptr) std::abort();
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (slots[i].block == nullptr) continue;
    std::fprintf(list, "%llx %llu\n", reinterpret_cast<unsigned long long>(slots[i].block),
                 static_cast<unsigned long long>(slots[i].size));
  }
  std::fclose(list);
}

void answer(const char* words) {
  std::puts(words);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  // A pipe that is opened for writing too has no end when a writer leaves.
  const int commands = argc > 3 ? open(argv[3], O_RDWR) : dup(STDIN_FILENO);
  FILE* in = commands >= 0 ? fdopen(commands, "r") : nullptr;
  if (in == nullptr) return 2;
  slots = static_cast<Slot*>(
      mmap(nullptr, kSlots * sizeof(Slot), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  for (int i = 0; i < std::atoi(argv[1]); ++i) std::thread(work, i).detach();
  answer("working");
  char line[64];
  while (std::fgets(line, sizeof line, in) != nullptr) {
    if (std::strcmp(line, "fresh\n") == 0) {
      dropOlder();
      answer("freshened");
    } else if (std::strcmp(line, "list\n") == 0) {
      running.lock();
      writeList(argv[2]);
      answer("listed");
    } else if (std::strcmp(line, "go\n") == 0) {
      running.unlock();
      answer("gone on");
    } else {
      break;
    }
  }
  _exit(7);
}
