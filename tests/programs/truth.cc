// A random load that keeps its own list of what is live, and writes it at the end: a line a block, "ADDRESS SIZE".
// Usage: truth THREADS OPERATIONS LIST [PHASES [plain] [turns] [shared]]. plain leaves out aligned blocks; with turns a
// thread works now and then alone for a while, and the others wait; with shared the slots themselves are the file
// LIST.slots, so that whoever stops the program can read its list at any moment. OPERATIONS are each thread's, in as many phases as asked
// for; behind each but the last it prints "phase N" and waits for a line of its input. Blocks are allocated and
// released in every way that C and C++ have, below the function `work`; threads hand them to each other, so that one
// releases what another allocated. Ends by _exit, so that nothing is released behind the list. Exit status 7.
#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <vector>

namespace {

// How a block came into being, and therefore how it must go.
enum class Family { C, New, NewArray, NewAligned };

struct Slot {
  std::atomic<int> lock{0};
  Family family;
  void* block;
  std::uint64_t size;
};

static_assert(sizeof(Slot) == 24);  // as whoever reads LIST.slots knows it

constexpr std::size_t kSlots = 20000;
constexpr std::align_val_t kAlignment{64};
Slot* slots;
bool plain = false;
bool turns = false;
constexpr long kTogether = 5'000;  // operations of a thread
constexpr long kAlone = 30'000;
std::atomic<const void*> alone{nullptr};  // whoever has its turn
constexpr std::uint64_t kPlainKinds[] = {0, 6, 8, 10};

std::uint64_t next(std::uint64_t& x) {
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return x;
}

void allocate(Slot& slot, std::uint64_t kind, std::size_t size) {
  const std::size_t rounded = (size + 63) / 64 * 64;
  slot.size = size;
  slot.family = Family::C;
  switch (plain ? kPlainKinds[kind % 4] : kind % 12) {
    case 0:
      slot.block = std::calloc(1, size);
      break;
    case 1:
      slot.block = std::aligned_alloc(64, rounded);
      slot.size = rounded;
      break;
    case 2:
      if (posix_memalign(&slot.block, 128, size) != 0) slot.block = nullptr;
      break;
    case 3:
      slot.block = memalign(256, size);
      break;
    case 4:
      slot.block = reallocarray(nullptr, 1, size);
      break;
    case 5:
      slot.block = valloc(size);
      break;
    case 6:
    case 7:
      slot.block = ::operator new(size);
      slot.family = Family::New;
      break;
    case 8:
      slot.block = ::operator new[](size);
      slot.family = Family::NewArray;
      break;
    case 9:
      slot.block = ::operator new(size, kAlignment);
      slot.family = Family::NewAligned;
      break;
    default:
      slot.block = std::malloc(size);
  }
}

void release(Slot& slot, std::uint64_t random) {
  switch (slot.family) {
    case Family::C:
      std::free(slot.block);
      break;
    case Family::New:
      random % 2 == 0 ? ::operator delete(slot.block) : ::operator delete(slot.block, slot.size);
      break;
    case Family::NewArray:
      ::operator delete[](slot.block);
      break;
    case Family::NewAligned:
      ::operator delete(slot.block, kAlignment);
      break;
  }
  slot.block = nullptr;
}

// One in a hundred asks for more than there is: the block stays as it was. Out of line, or the compiler takes the
// families for mixed up.
[[gnu::noinline]] void reallocate(Slot& slot, std::uint64_t random, std::size_t size) {
  const std::size_t asked = random % 100 == 0 ? SIZE_MAX / 4 : size;
  void* moved = std::realloc(slot.block, asked);
  if (moved == nullptr) return;
  slot.block = moved;
  slot.size = asked;
}

// Waits while another one works alone; begins and ends the own turn.
void takeTurns(const void* me, long operation, bool last) {
  const long within = operation % (kTogether + kAlone);
  const void* nobody = nullptr;
  if (within == kTogether) alone.compare_exchange_strong(nobody, me);
  if (alone.load() == me && (within == 0 || last)) alone.store(nullptr);
  while (alone.load() != nullptr && alone.load() != me) usleep(100);
}

[[gnu::noinline]] void work(std::uint64_t& x, long operations) {
  for (long i = 0; i < operations; ++i) {
    if (turns) takeTurns(&x, i, i + 1 == operations);
    Slot& slot = slots[next(x) % kSlots];
    while (slot.lock.exchange(1, std::memory_order_acquire) != 0) std::this_thread::yield();
    const std::uint64_t size = next(x) % 10 != 0 ? 1 + next(x) % 500 : 1000 + next(x) % 90000;
    const std::uint64_t random = next(x);
    if (slot.block == nullptr) {
      allocate(slot, random, size);
    } else if (slot.family == Family::C && random % 4 == 0) {
      reallocate(slot, random / 4, size);
    } else {
      release(slot, random);
    }
    slot.lock.store(0, std::memory_order_release);
  }
}

// Threads live for one phase: the next one's take over their rings.
void runPhase(std::vector<std::uint64_t>& seeds, long operations) {
  std::vector<std::thread> threads;
  threads.reserve(seeds.size());
  for (std::uint64_t& seed : seeds) threads.emplace_back(work, std::ref(seed), operations);
  for (auto& thread : threads) thread.join();
}

bool waitForWord(int phase) {
  std::printf("phase %d\n", phase);
  std::fflush(stdout);
  char word = 0;
  while (read(STDIN_FILENO, &word, 1) == 1) {
    if (word == '\n') return true;
  }
  return false;
}

// In memory, or in a file.
Slot* mapSlots(const char* file) {
  int descriptor = -1;
  if (file != nullptr) {
    descriptor = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0 || ftruncate(descriptor, kSlots * sizeof(Slot)) != 0) std::abort();
  }
  void* mapped = mmap(nullptr, kSlots * sizeof(Slot), PROT_READ | PROT_WRITE,
                      file != nullptr ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, descriptor, 0);
  if (mapped == MAP_FAILED) std::abort();
  return static_cast<Slot*>(mapped);
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

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const int phases = argc > 4 ? std::atoi(argv[4]) : 1;
  bool shared = false;
  for (int i = 5; i < argc; ++i) {
    shared = shared || std::strcmp(argv[i], "shared") == 0;
    plain = plain || std::strcmp(argv[i], "plain") == 0;
    turns = turns || std::strcmp(argv[i], "turns") == 0;
  }
  char file[4096];
  if (std::snprintf(file, sizeof file, "%s.slots", argv[3]) >= static_cast<int>(sizeof file)) return 2;
  slots = mapSlots(shared ? file : nullptr);
  std::vector<std::uint64_t> seeds;
  for (int i = 0; i < std::atoi(argv[1]); ++i) seeds.push_back((i + 1) * 0x9E3779B97F4A7C15ull + 1);
  for (int phase = 1; phase <= phases; ++phase) {
    runPhase(seeds, std::atol(argv[2]) / phases);
    if (phase < phases && !waitForWord(phase)) return 3;
  }
  writeList(argv[3]);
  std::puts("done");
  std::fflush(stdout);
  _exit(7);
}
