// collector-bench: how fast the collector folds events, and what a live allocation costs, at 10^6 … 10^9 live.
// Usage: collector-bench [--rings N] [--json] [LIVE…]   (default 1000000 10000000 100000000; 1000000000 takes 10 GB)
// For each: fills the table through the rings, which take turns, then releases and allocates at random places, as a
// program would; then asks for tiles. Time is CPU time of the draining thread; writing the rings is not counted.
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
constexpr std::uint64_t kTurn = 256;  // records that a ring writes until the next one's turn

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
  double fillMillions = 0;  // events a second
  double churnMillions = 0;
  double bytesEach = 0;
  double bytesEachChurned = 0;
  double tilesMicros = 0;  // 1,024 tiles, nothing changed since the last
  double dirtyTilesMicros = 0;
};

class Bench {
 public:
  Bench(std::uint64_t live, std::uint32_t rings)
      : live_(live),
        rings_(rings),
        file_(RingFile::overMemory(writer_.base(), 1)),
        drain_(file_, heap_, threads_, coverage_, TickClock(file_.identity().startTicks, file_.identity().startNanos)) {
  }
  Figures run() {
    Figures figures;
    figures.live = live_;
    for (std::uint64_t i = 0; i < live_; ++i) allocate(i);
    drain();
    figures.fillMillions = static_cast<double>(live_) / seconds_ / 1e6;
    figures.bytesEach = bytesEach();
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
    figures.bytesEachChurned = bytesEach();
    figures.churnMillions = static_cast<double>(kChurn) / (seconds_ - filled) / 1e6;
    figures.dirtyTilesMicros = tiles();
    figures.tilesMicros = tiles();
    return figures;
  }

 private:
  double bytesEach() const { return static_cast<double>(heap_.table().bytes()) / static_cast<double>(live_); }
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
    const auto to = static_cast<std::uint32_t>(written_ / kTurn % rings_);
    if (written_ % 64 == 0) writer_.time(to);
    writer_.put(to, record);
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
  std::uint32_t rings_;
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

struct Arguments {
  std::vector<std::uint64_t> sizes;
  std::uint32_t rings = 1;
  bool json = false;
  bool good = true;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      arguments.json = true;
    } else if (std::strcmp(argv[i], "--rings") == 0 && i + 1 < argc) {
      arguments.rings = static_cast<std::uint32_t>(std::strtoul(argv[++i], nullptr, 10));
    } else {
      arguments.sizes.push_back(std::strtoull(argv[i], nullptr, 10));
    }
  }
  if (arguments.sizes.empty()) arguments.sizes = {1'000'000, 10'000'000, 100'000'000};
  arguments.good = *std::min_element(arguments.sizes.begin(), arguments.sizes.end()) >= 1000 && arguments.rings >= 1 &&
                   arguments.rings <= ring::kMaxRings;
  return arguments;
}

std::string show(const Figures& f) {
  std::printf(
      "%12llu live: fill %6.1f M events/s, churn %6.1f M events/s, %5.2f B each (%.2f after the churn), 1024 "
      "tiles %.0f us (%.0f us after the churn)\n",
      static_cast<unsigned long long>(f.live), f.fillMillions, f.churnMillions, f.bytesEach, f.bytesEachChurned,
      f.tilesMicros, f.dirtyTilesMicros);
  std::fflush(stdout);
  char line[320];
  std::snprintf(line, sizeof(line),
                "{\"live\":%llu,\"fillEventsPerSecond\":%.0f,\"churnEventsPerSecond\":%.0f,\"bytesPerAllocation\":%.3f,"
                "\"bytesPerAllocationChurned\":%.3f,\"tilesMicros\":%.1f}",
                static_cast<unsigned long long>(f.live), f.fillMillions * 1e6, f.churnMillions * 1e6, f.bytesEach,
                f.bytesEachChurned, f.tilesMicros);
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  if (!arguments.good) {
    std::fprintf(stderr, "collector-bench: live allocations must be 1000 or more, rings 1 to 1024\n");
    return 2;
  }
  std::string lines;
  for (const std::uint64_t live : arguments.sizes) {
    lines += (lines.empty() ? "" : ",") + show(Bench(live, arguments.rings).run());
  }
  if (arguments.json) std::printf("{\"collector\":[%s]}\n", lines.c_str());
  return 0;
}
