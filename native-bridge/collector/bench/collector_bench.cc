// collector-bench: how fast the collector folds events, and what a live allocation costs, at 10^6 … 10^9 live.
// Usage: collector-bench [LIVE…] [--json]   (default 1000000 10000000 100000000; 1000000000 takes 11 GB and minutes)
// For each: fills the table through a ring, then releases and allocates at random places, as a program would; then asks
// for tiles. Time is CPU time of the draining thread; writing the ring is not counted.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "input/ring_file.h"
#include "order/ring_drain.h"
#include "ring_writer.h"

namespace {

using namespace heapatlas::collector;
using heapatlas::collector::test::RingWriter;
namespace ring = heapatlas::ring;

constexpr std::uint64_t kBase = 0x7f0000000000;
constexpr std::uint64_t kChurn = 20'000'000;  // events
constexpr std::uint32_t kSites = 1000;

double cpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::uint64_t next(std::uint64_t& x) {
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return x;
}

struct Figures {
  std::uint64_t live = 0;
  double fillMillions = 0;   // events a second
  double churnMillions = 0;
  double bytesEach = 0;
  double tilesMicros = 0;    // 1,024 tiles, nothing changed since the last
  double dirtyTilesMicros = 0;
};

class Bench {
 public:
  explicit Bench(std::uint64_t live)
      : live_(live),
        file_(RingFile::overMemory(writer_.base(), 1)),
        drain_(file_, heap_, threads_, coverage_, TickClock(file_.identity().startTicks, file_.identity().startNanos)) {
  }
  Figures run() {
    Figures figures;
    figures.live = live_;
    for (std::uint64_t i = 0; i < live_; ++i) allocate(i);
    drain();
    figures.fillMillions = static_cast<double>(live_) / seconds_ / 1e6;
    figures.bytesEach = static_cast<double>(heap_.table().bytes()) / static_cast<double>(live_);
    const double filled = seconds_;
    // Most blocks die young and near one another; one in eight dies anywhere in the heap.
    std::uint64_t window = 0;
    for (std::uint64_t i = 0; i < kChurn / 2; ++i) {
      if (i % 4096 == 0) window = next(random_) % live_;
      const std::uint64_t near = (window + next(random_) % 65'536) % live_;
      const std::uint64_t slot = i % 8 == 0 ? next(random_) % live_ : near;
      put(ring::Record::make(ring::Kind::Free, addressOf(slot), 0, 0));
      allocate(slot);
    }
    drain();
    figures.churnMillions = static_cast<double>(kChurn) / (seconds_ - filled) / 1e6;
    figures.dirtyTilesMicros = tiles();
    figures.tilesMicros = tiles();
    return figures;
  }

 private:
  // Sizes 16, 32, 48 and 64 in turn, laid as an allocator lays them.
  static std::uint64_t addressOf(std::uint64_t slot) {
    static constexpr std::uint64_t kOffsets[4] = {0, 16, 48, 96};
    return kBase + slot / 4 * 160 + kOffsets[slot % 4];
  }
  void allocate(std::uint64_t slot) {
    put(ring::Record::make(ring::Kind::Alloc, addressOf(slot), 16 + slot % 4 * 16,
                           static_cast<std::uint32_t>(1 + next(random_) % kSites)));
  }
  void put(const ring::Record& record) {
    if (written_ % 64 == 0) writer_.time(0);
    writer_.put(0, record);
    if (++written_ % (ring::kRingRecords / 2) == 0) drain();
  }
  void drain() {
    const double before = cpuSeconds();
    drain_.beginPass();
    while (!drain_.work(32'768)) {
    }
    drain_.endPass(false);
    seconds_ += cpuSeconds() - before;
  }
  double tiles() {
    const std::uint64_t bytes = live_ / 4 * 160 + 4096;
    std::uint64_t tile = 4096;
    while (tile * 1024 < bytes) tile *= 2;
    const double before = cpuSeconds();
    const std::size_t found = heap_.pyramid().tiles(kBase / tile * tile, kBase + tile * 1023, tile).size();
    if (found == 0) std::abort();
    return (cpuSeconds() - before) * 1e6;
  }

  std::uint64_t live_;
  std::uint64_t random_ = 88172645463325252ull;
  std::uint64_t written_ = 0;
  double seconds_ = 0;
  RingWriter writer_;
  RingFile file_;
  Heap heap_;
  ThreadTable threads_;
  CoverageCounters coverage_;
  RingDrain drain_;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::uint64_t> sizes;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else {
      sizes.push_back(std::strtoull(argv[i], nullptr, 10));
    }
  }
  if (sizes.empty()) sizes = {1'000'000, 10'000'000, 100'000'000};
  std::string lines;
  for (const std::uint64_t live : sizes) {
    if (live < 1000) {
      std::fprintf(stderr, "collector-bench: the number of live allocations must be 1000 or more\n");
      return 2;
    }
    const Figures f = Bench(live).run();
    std::printf("%12llu live: fill %6.1f M events/s, churn %6.1f M events/s, %5.2f B each, 1024 tiles %.0f us (%.0f us "
                "after the churn)\n",
                static_cast<unsigned long long>(f.live), f.fillMillions, f.churnMillions, f.bytesEach, f.tilesMicros,
                f.dirtyTilesMicros);
    std::fflush(stdout);
    char line[256];
    std::snprintf(line, sizeof(line),
                  "%s{\"live\":%llu,\"fillEventsPerSecond\":%.0f,\"churnEventsPerSecond\":%.0f,\"bytesPerAllocation\":"
                  "%.3f,\"tilesMicros\":%.1f}",
                  lines.empty() ? "" : ",", static_cast<unsigned long long>(f.live), f.fillMillions * 1e6,
                  f.churnMillions * 1e6, f.bytesEach, f.tilesMicros);
    lines += line;
  }
  if (json) std::printf("{\"collector\":[%s]}\n", lines.c_str());
  return 0;
}
