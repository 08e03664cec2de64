// The benchmark load: allocations and releases below 17 frames, from several sites, over a live set that is bounded.
// Usage: malloc_loop PAIRS. Nothing but the allocator's own work and a little arithmetic happens between two events.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kDepth = 15;
constexpr int kSlots = 4096;
void* slots[kSlots];
std::uint64_t state = 88172645463325252ull;

std::uint64_t next() {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

[[gnu::noinline]] void* small(std::size_t size) {
  void* block = std::malloc(size);
  asm volatile("" : "+r"(block));
  return block;
}

[[gnu::noinline]] void* large(std::size_t size) {
  void* block = std::malloc(size);
  asm volatile("" : "+r"(block));
  return block;
}

[[gnu::noinline]] void burst(int count) {
  for (int i = 0; i < count; ++i) {
    const std::uint64_t random = next();
    void*& slot = slots[random % kSlots];
    std::free(slot);
    const std::size_t size = 16 + (random >> 20) % 240;
    slot = (random >> 40) % 16 != 0 ? small(size) : large(size * 8);
  }
}

[[gnu::noinline]] void descend(int depth, int count) {
  if (depth == 0) {
    burst(count);
  } else {
    descend(depth - 1, count);
  }
  asm volatile("" ::: "memory");
}

}  // namespace

int main(int argc, char** argv) {
  const long pairs = argc > 1 ? std::atol(argv[1]) : 1000000;
  for (long done = 0; done < pairs; done += 100) descend(kDepth, 100);
  std::printf("%ld pairs\n", pairs);
  return 0;
}
