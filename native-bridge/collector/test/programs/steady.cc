// Allocates and releases for as long as it is told, on several threads that release each other's blocks, checks what it
// wrote into them, and can say exactly what it holds. Usage: steady THREADS; each line of stdin is a command:
//   list FILE   a line a live block, "ADDRESS SIZE NANOS", the moment behind its call; all threads stand still
//   go -        until then
//   load FILE   dlopen, and dlclose of what was loaded before
//   fill PATH   dlopen of PATH0, PATH1 … until the loader refuses one; answers with its reason
//   state -     answers what the loaded library's stateOfTables() says
//   end         ends with status 7, or 1 when a block's content was not its own
// Every command is answered by a line on stdout.
#include <dlfcn.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Slot {
  std::mutex lock;
  unsigned char* block = nullptr;
  std::size_t size = 0;
  std::uint64_t nanos = 0;
  bool byNew = false;
};

constexpr std::size_t kSlots = 4000;
Slot slots[kSlots];
std::atomic<bool> ending{false};
std::atomic<bool> still{false};
std::atomic<int> standing{0};
int workers = 0;
std::atomic<int> wrong{0};

std::uint64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_nsec);
}

unsigned char markOf(const Slot& slot) { return static_cast<unsigned char>(slot.size * 7 + 3); }

void fill(Slot& slot) {
  slot.nanos = now();
  slot.block[0] = markOf(slot);
  slot.block[slot.size - 1] = markOf(slot);
}

void release(Slot& slot) {
  if (slot.block[0] != markOf(slot) || slot.block[slot.size - 1] != markOf(slot)) ++wrong;
  if (slot.byNew) {
    delete[] slot.block;
  } else {
    std::free(slot.block);
  }
  slot.block = nullptr;
}

void allocate(Slot& slot, std::uint64_t random, std::size_t size) {
  slot.size = size;
  slot.byNew = random % 4 == 0;
  if (slot.byNew) {
    slot.block = new unsigned char[size];
  } else if (random % 4 == 1) {
    slot.block = static_cast<unsigned char*>(std::calloc(size, 1));
  } else {
    // Its address in code: an executable at a fixed address then has a stub of that name.
    void* (*volatile const byAddress)(std::size_t) = &std::malloc;
    slot.block = static_cast<unsigned char*>(byAddress(size));
  }
  fill(slot);
}

void standStill() {
  if (!still) return;
  ++standing;
  while (still) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  --standing;
}

void work(std::uint64_t seed) {
  std::uint64_t x = seed * 0x9E3779B97F4A7C15u + 1;
  while (!ending) {
    standStill();
    for (int i = 0; i < 64; ++i) {
      x ^= x << 13;
      x ^= x >> 7;
      x ^= x << 17;
      Slot& slot = slots[x % kSlots];
      const std::lock_guard hold(slot.lock);
      const std::size_t size = x >> 40 & 15 ? 1 + (x >> 44) % 600 : 20000 + (x >> 44) % 200000;
      if (slot.block != nullptr && !slot.byNew && (x >> 32 & 7) == 0) {
        slot.block = static_cast<unsigned char*>(std::realloc(slot.block, size));
        slot.size = size;
        fill(slot);
      } else if (slot.block != nullptr) {
        release(slot);
      } else {
        allocate(slot, x >> 36, size);
      }
    }
  }
}

void list(const std::string& path) {
  still = true;
  while (standing != workers) std::this_thread::yield();
  FILE* file = std::fopen(path.c_str(), "w");
  for (const Slot& slot : slots) {
    if (slot.block == nullptr) continue;
    std::fprintf(file, "%llx %zu %llu\n", reinterpret_cast<unsigned long long>(slot.block), slot.size,
                 static_cast<unsigned long long>(slot.nanos));
  }
  std::fclose(file);
}

void go() {
  still = false;
  while (standing != 0) std::this_thread::yield();
}

void* loaded = nullptr;

const char* load(const std::string& path) {
  if (loaded != nullptr) dlclose(loaded);
  loaded = dlopen(path.c_str(), RTLD_LAZY);
  return loaded != nullptr ? "loaded" : dlerror();
}

const char* fill(const std::string& path) {
  int number = 0;
  while (dlopen((path + std::to_string(number)).c_str(), RTLD_NOW) != nullptr) ++number;
  return dlerror();
}

const char* state() {
  void* const function = dlsym(loaded, "stateOfTables");
  return function != nullptr ? reinterpret_cast<const char* (*)()>(function)() : dlerror();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::thread> threads;
  workers = argc > 1 ? std::atoi(argv[1]) : 1;
  for (int i = 0; i < workers; ++i) threads.emplace_back(work, i + 1);
  std::puts("ready");
  std::fflush(stdout);
  std::string word;
  std::string path;
  while (std::cin >> word && word != "end") {
    std::cin >> path;
    if (word == "list") list(path);
    if (word == "go") go();
    std::puts(word == "load" ? load(path) : word == "fill" ? fill(path) : word == "state" ? state() : "done");
    std::fflush(stdout);
  }
  ending = true;
  for (std::thread& thread : threads) thread.join();
  for (Slot& slot : slots) {
    if (slot.block != nullptr) release(slot);
  }
  return wrong == 0 ? 7 : 1;
}
