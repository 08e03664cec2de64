// See process.h. All memory of the ring file is asked for by MADV_POPULATE_WRITE, which needs no descriptor (the
// program may have closed them all, or left for a chroot) and answers a full file system with an error.
#include "process.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "probe.h"
#include "real.h"
#include "ring_file.h"
#include "sampling.h"
#include "system.h"
#include "thread.h"
#include "unwind/unwind.h"
#include "writer.h"

namespace heapatlas::runtime {

constinit Wiped hot{};
constinit Process process{};

namespace {

constexpr std::uint32_t kNodesAtATime = 1 << 14;        // 256 KiB
constexpr std::uint32_t kRecordsBackedATime = 1 << 12;  // 64 KiB
static_assert(ring::kRingRecords % kRecordsBackedATime == 0 && kRecordsBackedATime > 2 * kRecordsATick);
constexpr std::uint64_t kWaitForStart = 100'000'000;

std::uint32_t environmentMode() {
  const char* name = std::getenv("HEAPATLAS_MODE");
  if (name == nullptr || std::strcmp(name, "full") == 0) return static_cast<std::uint32_t>(ring::Mode::Full);
  if (std::strcmp(name, "sampled") == 0) return static_cast<std::uint32_t>(ring::Mode::Sampled);
  if (std::strcmp(name, "full-no-stacks") == 0) return static_cast<std::uint32_t>(ring::Mode::FullNoStacks);
  return static_cast<std::uint32_t>(ring::Mode::Off);
}

void copyText(char* to, std::size_t bytes, const char* text) {
  if (text == nullptr) return;
  const std::size_t length = std::strlen(text);
  const char* from = length < bytes ? text : text + length - bytes + 1;  // the tail says more than the head
  std::strncpy(to, from, bytes - 1);
}

void fill(ring::Header& header, const StatFields& stat) {
  header.magic = ring::kMagic;
  header.version = ring::kVersion;
  header.headerBytes = static_cast<std::uint32_t>(ring::kHeaderBytes);
  header.fileBytes = ring::kFileBytes;
  header.pid = process.pid;
  header.parentPid = static_cast<std::uint32_t>(syscall(SYS_getppid));
  header.processStart = stat.startTime;
  header.startTicks = ticks();
  header.startNanos = nanos(CLOCK_MONOTONIC);
  header.startRealNanos = nanos(CLOCK_REALTIME);
  header.wantedMode.store(environmentMode());
  const char* mean = std::getenv("HEAPATLAS_SAMPLE_MEAN");
  const std::uint64_t bytes = mean != nullptr ? std::strtoull(mean, nullptr, 10) : 0;
  header.sampleMean.store(bytes != 0 ? bytes : kDefaultSampleMean);
  const char* releases = std::getenv("HEAPATLAS_FREE_STACKS");
  header.stacksOfFrees.store(releases == nullptr || std::strcmp(releases, "0") != 0);
  header.runtimeFlags = programHasOwnMalloc() ? 1 : 0;
  copyText(header.session, sizeof header.session, std::getenv("HEAPATLAS_SESSION"));
  copyText(header.allocator, sizeof header.allocator, allocatorPath());
  header.ringCount.store(1);
  header.nodeCount.store(1);  // node 0 is the root
}

void lay(void* memory) {
  auto* base = static_cast<unsigned char*>(memory);
  process.header = reinterpret_cast<ring::Header*>(base);
  process.controls = reinterpret_cast<ring::RingControl*>(base + ring::kControlsOffset);
  process.modules = reinterpret_cast<ring::Module*>(base + ring::kModulesOffset);
  process.names = reinterpret_cast<ring::Name*>(base + ring::kNamesOffset);
  process.nodes = reinterpret_cast<ring::StackNode*>(base + ring::kNodesOffset);
  process.shards = reinterpret_cast<ring::Shard*>(base + ring::kShardsOffset);
  process.records = reinterpret_cast<ring::Record*>(base + ring::kDataOffset);
}

// A new ring file for this process image.
bool makeRing() {
  process.pid = static_cast<std::uint32_t>(syscall(SYS_getpid));
  const char* locks = std::getenv("HEAPATLAS_LOCKS");
  process.locksWanted = locks != nullptr && std::strcmp(locks, "1") == 0;
  void* memory = createRingFile(process.pid);
  if (memory == nullptr) return false;
  lay(memory);
  const std::uint64_t fixed = ring::kNamesOffset;  // header, controls and modules
  if (!back(memory, fixed) || !startThreads()) {
    removeRingFile(memory);
    process.header = nullptr;
    return false;
  }
  const StatFields stat = readStat();
  fill(*process.header, stat);
  hot.breakSeen.store(stat.startBreak);
  publishNames();
  unwind::onProbe(listenAt);
  unwind::start(process.header, process.modules, process.nodes, backNodes);
  process.header->ready.store(1, std::memory_order_release);
  return true;
}

void startLocked() {
  if (hot.mode.load() != kUnset) return;
  if (madvise(&hot, sizeof hot, MADV_WIPEONFORK) != 0) {
    hot.mode.store(kPassThrough);
    return;
  }
  const bool secure = getauxval(AT_SECURE) != 0;
  if (secure || !makeRing()) {
    hot.mode.store(kPassThrough);
    return;
  }
  const auto mode = static_cast<ring::Mode>(process.header->wantedMode.load());
  if (mode == ring::Mode::Sampled) forgetSamples();
  hot.mode.store(hotMode(mode), std::memory_order_release);
}

[[gnu::constructor(101)]] void onLoad() {
  resolve();
  start();
  if (std::getenv("HEAPATLAS_STOP") != nullptr) {
    unsetenv("HEAPATLAS_STOP");
    if (hot.mode.load() > kPassThrough) raise(SIGSTOP);
  }
}

[[gnu::destructor(101)]] void onUnload() { finish(true); }

}  // namespace

bool start() {
  if (hot.mode.load(std::memory_order_acquire) != kUnset) return hot.mode.load() != kPassThrough;
  if (environ == nullptr) return false;  // libc is not ready: nothing can be known yet
  const ErrnoKept errnoKept;
  resolve();
  if (!isResolved()) return false;  // inside dlsym
  const std::uint32_t me = threadId();
  const std::uint64_t begin = nanos(CLOCK_MONOTONIC);
  std::uint32_t holder = 0;
  while (!hot.startLock.compare_exchange_strong(holder, me)) {
    // Inside our own start (the loader allocating), or next to a thread that starts and may need what we hold.
    if (holder == me || nanos(CLOCK_MONOTONIC) - begin > kWaitForStart) return false;
    holder = 0;
    syscall(SYS_sched_yield);
  }
  startLocked();
  hot.startLock.store(0, std::memory_order_release);
  return hot.mode.load() > kPassThrough;
}

void enterChild(ring::Header* parents) {
  if (parents == nullptr) return;
  const ErrnoKept errnoKept;
  // The parent's rings are not mapped here (MADV_DONTFORK). What stands in their place costs address space only; where
  // a handler of pthread_atfork has put something there meanwhile, this fails.
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  void* memory = mapMemory(parents, ring::kFileBytes, kFlags, -1);
  if (memory != nullptr && memory != parents) unmapMemory(memory, ring::kFileBytes);  // a kernel before 4.17
}

void finish(bool done) {
  if (hot.mode.load() <= kPassThrough) return;
  if (static_cast<std::uint32_t>(syscall(SYS_getpid)) != process.pid) return;
  process.header->finished.store(done ? 1 : 0, std::memory_order_release);
}

bool back(void* address, std::size_t bytes) {
  const ErrnoKept errnoKept;
  const auto start = reinterpret_cast<std::uintptr_t>(address) & ~std::uintptr_t{4095};
  const auto end = (reinterpret_cast<std::uintptr_t>(address) + bytes + 4095) & ~std::uintptr_t{4095};
  for (int tries = 0; tries < 100; ++tries) {
    if (madvise(reinterpret_cast<void*>(start), end - start, MADV_POPULATE_WRITE) == 0) return true;
    if (errno != EINTR && errno != EAGAIN) return false;
  }
  return false;
}

bool backNodes(std::uint32_t upTo) {
  std::uint32_t backed = hot.nodesBacked.load(std::memory_order_acquire);
  while (upTo > backed) {
    const std::uint32_t next = (upTo / kNodesAtATime + 1) * kNodesAtATime;
    const std::uint32_t end = next < ring::kMaxNodes ? next : ring::kMaxNodes;
    if (upTo > end || !back(process.nodes + backed, (end - backed) * sizeof(ring::StackNode))) return false;
    if (hot.nodesBacked.compare_exchange_strong(backed, end)) return true;
  }
  return true;
}

bool backRing(std::uint32_t ring, std::uint64_t head) {
  auto& backed = hot.ringBacked[ring];
  const auto wanted = static_cast<std::uint32_t>(head < ring::kRingRecords ? head + 2 * kRecordsATick : 0);
  const std::uint32_t have = backed.load(std::memory_order_relaxed);
  if (wanted <= have || have == ring::kRingRecords) return true;
  ring::Record* records = process.records + std::uint64_t{ring} * ring::kRingRecords;
  if (!back(records + have, kRecordsBackedATime * sizeof(ring::Record))) return false;
  backed.store(have + kRecordsBackedATime);
  return true;
}

}  // namespace heapatlas::runtime
