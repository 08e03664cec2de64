// large-heap: a process with as many live allocations as asked for, which goes on allocating and releasing. It writes
// its ring as the runtime in a watched program would, so that an unmodified collector shows 10^9 live allocations on a
// machine that could not hold that many blocks themselves.
// Usage: HEAPATLAS_DIR=DIR large-heap LIVE EVENTS_PER_SECOND
// Says "filled" once the collector has read all allocations, then churns until stdin ends, and prints how many events
// that were, as "churned EVENTS SECONDS".
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "ring_writer.h"

extern "C" const char __executable_start;
extern "C" const char etext;
extern "C" const char end;

namespace {

using heapatlas::collector::monotonicNanos;
using heapatlas::collector::test::RingWriter;
namespace ring = heapatlas::ring;

constexpr std::uint64_t kBase = 0x600000000000;
constexpr std::uint64_t kMostBacking = 1ull << 30;
constexpr std::uint32_t kSites = 1000;
constexpr std::uint32_t kFrames = 12;  // of a call stack
constexpr std::uint32_t kRing = 1;     // 0 is the shared one
constexpr std::uint64_t kTickNanos = 1'000'000;
constexpr std::uint64_t kReportEvents = 1ull << 26;

std::uint64_t heapBytes(std::uint64_t live) { return (live / 4 * 160 + 4096) & ~4095ull; }

// Resident pages where the blocks would lie, so that the kernel's account of this process costs what it would cost for
// such a heap: the same memory again and again, for the machine has not enough of it.
void mapHeap(std::uint64_t bytes) {
  const std::uint64_t backing = std::min(bytes, kMostBacking);
  const int memory = memfd_create("heap", MFD_CLOEXEC);
  if (memory < 0 || ftruncate(memory, static_cast<off_t>(backing)) != 0) throw std::runtime_error("no memory file");
  for (std::uint64_t at = 0; at < bytes; at += backing) {
    void* wanted = reinterpret_cast<void*>(kBase + at);
    void* part = mmap(wanted, std::min(backing, bytes - at), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_POPULATE | MAP_FIXED_NOREPLACE, memory, 0);
    if (part != wanted) throw std::runtime_error("the heap's addresses cannot be mapped");
  }
  close(memory);
}

// Without the ending that the collector looks for, until the header is whole.
std::string newRing() {
  const char* folder = std::getenv("HEAPATLAS_DIR");
  if (folder == nullptr) throw std::runtime_error("HEAPATLAS_DIR does not name the collector's folder");
  return std::string(folder) + "/rings/" + std::to_string(getpid()) + "-0000000000000001";
}

class LargeHeap {
 public:
  LargeHeap(std::uint64_t live, std::uint64_t rate) : path_(newRing()), writer_(path_), live_(live), rate_(rate) {
    mapHeap(heapBytes(live));
    addStacks();
    std::strcpy(writer_.header().session, "bench");
    std::filesystem::rename(path_, path_ + ".ring");
    writer_.put(kRing, ring::Record::make(ring::Kind::ThreadStart, 0, static_cast<std::uint64_t>(getpid()), 0));
  }

  void fill() {
    for (std::uint64_t i = 0; i < live_; ++i) {
      allocate(i);
      if (i % kReportEvents == kReportEvents - 1) say("filling", i + 1);
    }
    const ring::RingControl& control = writer_.control(kRing);
    while (control.tail.load() != control.head.load()) rest(kTickNanos);
    say("filled", live_);
  }

  // Most blocks die young and near one another; one in eight dies anywhere in the heap.
  void churn() {
    const std::uint64_t start = monotonicNanos();
    std::uint64_t events = 0;
    std::uint64_t window = 0;
    for (std::uint64_t due = start; !stdinEnded(); due += kTickNanos) {
      for (std::uint64_t i = 0; i < rate_ * kTickNanos / 1'000'000'000 / 2; ++i, events += 2) {
        if (events % 8192 == 0) window = random() % live_;
        const std::uint64_t slot = events % 16 == 0 ? random() % live_ : (window + random() % 65'536) % live_;
        put(ring::Record::make(ring::Kind::Free, addressOf(slot), 0, 0));
        allocate(slot);
      }
      const std::uint64_t now = monotonicNanos();
      if (due > now) rest(due - now);
      if (now > due + 1'000'000'000) due = now;  // behind for good: not to be made up for in one burst
    }
    std::printf("churned %llu %.3f\n", static_cast<unsigned long long>(events),
                static_cast<double>(monotonicNanos() - start) / 1e9);
  }

 private:
  static void rest(std::uint64_t nanos) {
    const timespec time{static_cast<time_t>(nanos / 1'000'000'000), static_cast<long>(nanos % 1'000'000'000)};
    nanosleep(&time, nullptr);
  }
  static bool stdinEnded() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) > 0;
  }
  static void say(const char* what, std::uint64_t count) {
    std::printf("%s %llu\n", what, static_cast<unsigned long long>(count));
    std::fflush(stdout);
  }
  // Sizes 16, 32, 48 and 64 in turn, laid as an allocator lays them.
  static std::uint64_t addressOf(std::uint64_t slot) {
    static constexpr std::uint64_t kOffsets[4] = {0, 16, 48, 96};
    return kBase + slot / 4 * 160 + kOffsets[slot % 4];
  }
  std::uint64_t random() {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
  }
  // Places in this program's own code stand for call sites: they have names as any program's have.
  void addStacks() {
    const auto start = reinterpret_cast<std::uint64_t>(&__executable_start);
    writer_.addModule(start, reinterpret_cast<std::uint64_t>(&end), std::filesystem::read_symlink("/proc/self/exe"));
    const auto code = reinterpret_cast<std::uint64_t>(&LargeHeap::stdinEnded);
    const std::uint64_t bytes = reinterpret_cast<std::uint64_t>(&etext) - code;
    for (std::uint32_t site = 0; site < kSites; ++site) {
      std::uint32_t node = 0;
      for (std::uint32_t frame = 0; frame < kFrames; ++frame) node = writer_.addNode(code + random() % bytes, node);
      sites_.push_back(node);
    }
  }
  void allocate(std::uint64_t slot) {
    const std::uint32_t site = sites_[random() % kSites];
    put(ring::Record::make(ring::Kind::Alloc, addressOf(slot), 16 + slot % 4 * 16, site));
  }
  void put(const ring::Record& record) {
    if (written_++ % 64 == 0) {
      while (writer_.full(kRing)) rest(kTickNanos / 10);
      writer_.time(kRing);
    }
    while (writer_.full(kRing)) rest(kTickNanos / 10);
    writer_.put(kRing, record);
  }

  std::string path_;
  RingWriter writer_;
  std::uint64_t live_;
  std::uint64_t rate_;
  std::uint64_t random_ = 88172645463325252ull;
  std::uint64_t written_ = 0;
  std::vector<std::uint32_t> sites_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t live = argc == 3 ? std::strtoull(argv[1], nullptr, 10) : 0;
  if (live < 100'000) {
    std::fprintf(stderr, "usage: large-heap LIVE EVENTS_PER_SECOND, with LIVE from 100000 on\n");
    return 2;
  }
  try {
    LargeHeap heap(live, std::strtoull(argv[2], nullptr, 10));
    heap.fill();
    heap.churn();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "large-heap: %s: %s\n", error.what(), std::strerror(errno));
    return 1;
  }
  return 0;
}
