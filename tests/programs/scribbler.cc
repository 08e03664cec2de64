// A hostile program: writes noise over the ring that the runtime mapped into it, again and again, while it allocates.
// Prints "scribbled" once it has found the mapping and written over it; ends after the seconds of its argument.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

namespace {

struct Mapping {
  unsigned long from = 0;
  unsigned long to = 0;
};

Mapping ring() {
  std::FILE* maps = std::fopen("/proc/self/maps", "r");
  char line[4096];
  Mapping found;
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    if (std::strstr(line, ".ring") == nullptr) continue;
    if (std::sscanf(line, "%lx-%lx", &found.from, &found.to) == 2) break;
  }
  std::fclose(maps);
  return found;
}

}  // namespace

int main(int, char** argv) {
  const Mapping mapping = ring();
  if (mapping.from == 0) return 2;
  std::mt19937_64 random(1);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[1]));
  constexpr std::uint64_t kScribbled = 8u << 20;  // header, controls and the first rings
  const std::uint64_t bytes = std::min<std::uint64_t>(mapping.to - mapping.from, kScribbled);
  bool said = false;
  while (std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 1000; ++i) {
      auto* word = reinterpret_cast<volatile std::uint64_t*>(mapping.from + (random() % bytes & ~7ull));
      *word = random();
    }
    if (!said) std::puts("scribbled");
    said = true;
    std::fflush(stdout);
  }
  std::_Exit(0);
}
