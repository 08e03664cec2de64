// See process.h. All memory of the ring file is asked for by MADV_POPULATE_WRITE, which needs no descriptor (the
// program may have closed them all, or left for a chroot) and answers a full file system with an error.
#include "process.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "order.h"
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

constexpr std::uint32_t kNodesAtATime = 1 << 12;   // 64 KiB
constexpr std::uint32_t kModulesAtATime = 1 << 6;  // 32 KiB
constexpr std::uint64_t kWaitForStart = 100'000'000;
constexpr std::uint64_t kWaitForHooks = 50'000'000;
constexpr std::uint64_t kPauseWithoutMemory = 10'000'000;  // a refusal is a system call, and would be one an event

Settings settings;
std::uint32_t laidBy = 0;  // the process whose memory the pointers of `process` lead to; a forked child has it not

ring::Mode environmentMode() {
  const char* name = std::getenv("HEAPATLAS_MODE");
  if (name == nullptr || std::strcmp(name, "full") == 0) return ring::Mode::Full;
  if (std::strcmp(name, "sampled") == 0) return ring::Mode::Sampled;
  if (std::strcmp(name, "full-no-stacks") == 0) return ring::Mode::FullNoStacks;
  return ring::Mode::Off;
}

void copyText(char* to, std::size_t bytes, const char* text) {
  if (text == nullptr) return;
  const std::size_t length = std::strlen(text);
  const char* from = length < bytes ? text : text + length - bytes + 1;  // the tail says more than the head
  std::strncpy(to, from, bytes - 1);
}

void readEnvironment() {
  settings = {};
  copyText(settings.folder, sizeof settings.folder, std::getenv("HEAPATLAS_DIR"));
  copyText(settings.session, sizeof settings.session, std::getenv("HEAPATLAS_SESSION"));
  settings.mode = environmentMode();
}

// A process that lives a millisecond is gone before the collector can ask the kernel what it was.
void describe(ring::Header& header) {
  syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", header.executable, sizeof header.executable - 1);
  const long got = readHead("/proc/self/cmdline", header.arguments, sizeof header.arguments - 1);
  header.argumentBytes = got > 0 ? static_cast<std::uint32_t>(got) : 0;
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
  header.wantedMode.store(static_cast<std::uint32_t>(settings.mode));
  header.modeInForce.store(ring::modeWord(settings.mode, ring::kFirstEpoch));
  header.modeTicks.store(header.startTicks);
  header.attachedLate.store(process.attached ? 1 : 0);
  if (process.attached) forgetTickets();
  const char* mean = std::getenv("HEAPATLAS_SAMPLE_MEAN");
  const std::uint64_t bytes = mean != nullptr ? std::strtoull(mean, nullptr, 10) : 0;
  header.sampleMean.store(bytes != 0 ? bytes : kDefaultSampleMean);
  const char* releases = std::getenv("HEAPATLAS_FREE_STACKS");
  header.stacksOfFrees.store(releases == nullptr || std::strcmp(releases, "0") != 0);
  const bool forked = process.image >> 32 > 1;
  header.runtimeFlags = (programHasOwnMalloc() ? 1u : 0u) | (forked ? 2u : 0u);
  static_assert(sizeof header.session == sizeof settings.session);
  std::memcpy(header.session, settings.session, sizeof header.session);
  copyText(header.allocator, sizeof header.allocator, allocatorPath());
  describe(header);
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
  laidBy = process.pid;
}

bool populate(void* address, std::size_t bytes) {
  const auto start = reinterpret_cast<std::uintptr_t>(address) & ~std::uintptr_t{4095};
  const auto end = (reinterpret_cast<std::uintptr_t>(address) + bytes + 4095) & ~std::uintptr_t{4095};
  for (int tries = 0; tries < 100; ++tries) {
    if (madvise(reinterpret_cast<void*>(start), end - start, MADV_POPULATE_WRITE) == 0) return true;
    if (errno != EINTR && errno != EAGAIN) return false;
  }
  return false;
}

// A new ring file for this process image.
bool makeRing() {
  process.pid = static_cast<std::uint32_t>(syscall(SYS_getpid));
  process.image = ((process.image >> 32) + 1) << 32 | process.pid;
  const char* locks = std::getenv("HEAPATLAS_LOCKS");
  process.locksWanted = locks != nullptr && std::strcmp(locks, "1") == 0;
  void* memory = createRingFile(settings.folder, process.pid);
  if (memory == nullptr) return false;
  lay(memory);
  const std::uint64_t fixed = ring::kModulesOffset;  // header and controls
  const bool roomy = populate(memory, fixed);
  if (!roomy || !startThreads()) {
    const int error = roomy ? ENOMEM : ENOSPC;
    refuseRingFile(memory, error);
    process.header = nullptr;
    laidBy = 0;
    errno = error;
    return false;
  }
  const StatFields stat = readStat();
  fill(*process.header, stat);
  hot.breakSeen.store(stat.startBreak);
  publishNames();
  unwind::onProbe(listenAt);
  unwind::start({process.header, process.modules, process.nodes, backModules, backNodes});
  process.header->ready.store(1, std::memory_order_release);
  return true;
}

// A child begins its tickets and its samples anew, with its file.
bool wipeInChildren() {
  return madvise(&hot, sizeof hot, MADV_WIPEONFORK) == 0 &&
         madvise(ticketCounters, sizeof ticketCounters, MADV_WIPEONFORK) == 0 && wipeSamplesInChildren();
}

// The ring file of an earlier attachment. A thread that was inside a hook when the process was detached may still
// write into it, and only into it; the one before it is past.
void forgetRing() {
  static void* before = nullptr;
  static std::uint32_t beforeOf = 0;
  if (beforeOf == laidBy) unmapMemory(before, ring::kFileBytes);
  before = process.header;
  beforeOf = laidBy;
  hot.modulesBacked.store(0);
  hot.nodesBacked.store(0);
  hot.sharedReady.store(0);
  hot.shardsBacked.store(0);
  hot.claimHint.store(0);
  for (auto& backed : hot.slicesBacked) backed.store(0);
}

// Threads keep their numbers of rings, and with them their slots, which one of them may be using this very moment.
int renewRing() {
  const bool again = laidBy == static_cast<std::uint32_t>(syscall(SYS_getpid));
  const ring::RingControl* before = again ? process.controls : nullptr;
  const std::uint32_t rings = again ? process.header->ringCount.load() : 0;
  if (again) {
    forgetRing();
  }
  errno = 0;
  if ((!again && !wipeInChildren()) || !makeRing()) {
    const int reason = errno;
    return reason != 0 ? reason : ENOMEM;
  }
  for (std::uint32_t ring = 1; ring < rings; ++ring) process.controls[ring].owner.store(before[ring].owner.load());
  if (rings != 0) process.header->ringCount.store(rings);
  forgetThreads(rings);
  return 0;
}

class StartLock {
 public:
  // Bounded: the holder may be a thread of a stopped process.
  StartLock() {
    for (int tries = 0; tries < 1000 && !held_; ++tries) {
      std::uint32_t nobody = 0;
      held_ = hot.startLock.compare_exchange_strong(nobody, threadId());
      if (!held_) nap(100'000);
    }
  }
  ~StartLock() {
    if (held_) hot.startLock.store(0, std::memory_order_release);
  }
  StartLock(const StartLock&) = delete;
  StartLock& operator=(const StartLock&) = delete;
  bool held() const { return held_; }

 private:
  bool held_ = false;
};

void startLocked() {
  if (hot.mode.load() != kUnset) return;
  if (!wipeInChildren()) {
    hot.mode.store(kPassThrough);
    return;
  }
  if (!process.attached) readEnvironment();
  const bool secure = getauxval(AT_SECURE) != 0;
  if (secure || !makeRing()) {
    hot.mode.store(kPassThrough);
    return;
  }
  watch();
}

// Preloaded or linked, the library comes before libc in the loader's list; loaded into a running program, behind it.
bool comesBehindLibc() {
  Dl_info info{};
  link_map* map = nullptr;
  if (dladdr1(reinterpret_cast<void*>(&comesBehindLibc), &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0) {
    return false;
  }
  for (; map != nullptr; map = map->l_next) {
    if (std::strstr(map->l_name, "/libc.so.") != nullptr || std::strstr(map->l_name, "/libc-2.") != nullptr)
      return false;
  }
  return true;
}

[[gnu::constructor(101)]] void onLoad() {
  if (!isResolved() && comesBehindLibc()) {
    loadedLate = true;  // and wait to be told by heapatlas_attach
    return;
  }
  resolve();
  start();
  if (std::getenv("HEAPATLAS_STOP") != nullptr) {
    unsetenv("HEAPATLAS_STOP");
    if (hot.mode.load() > kPassThrough) raise(SIGSTOP);
  }
}

[[gnu::destructor(101)]] void onUnload() { finish(true); }

// Backs the first upTo elements of an array of the ring file, a step at a time; backed: those that are already.
template <typename Element>
bool backArray(Element* array, std::uint32_t size, std::uint32_t step, std::atomic<std::uint32_t>& backed,
               std::uint32_t upTo) {
  std::uint32_t have = backed.load(std::memory_order_acquire);
  while (upTo > have) {
    const std::uint32_t next = (upTo / step + 1) * step;
    const std::uint32_t end = next < size ? next : size;
    if (upTo > end || !back(array + have, (end - have) * sizeof(Element))) return false;
    if (backed.compare_exchange_strong(have, end)) return true;
  }
  return true;
}

}  // namespace

bool start() {
  if (hot.mode.load(std::memory_order_acquire) != kUnset) return hot.mode.load() != kPassThrough;
  if (loadedLate && !process.attached) return false;
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

int startAttached(const Settings& wanted, std::uint64_t bytesBefore) {
  const StartLock lock;
  if (!lock.held()) return EAGAIN;
  if (hot.mode.load() > kPassThrough) return EALREADY;
  hot.mode.store(kPassThrough);
  settings = wanted;
  process.attached = true;
  ticketEveryEvent();
  const int error = renewRing();
  if (error != 0) {
    process.attached = false;
    return error;
  }
  process.header->beforeAttachBytes.store(bytesBefore);
  return 0;
}

void watch() {
  hot.sampleMean.store(process.header->sampleMean.load());
  hot.mode.store(hotMode(settings.mode, ring::kFirstEpoch), std::memory_order_release);
}

namespace {

// Under hot.modeLock. The collector can know of it before the first record of the new epoch is there.
void changeMode(ring::Mode wanted) {
  const std::uint64_t now = hot.mode.load();
  if (plainMode(now) <= kPassThrough || process.header->gap.load() != 0) return;
  const std::uint64_t mean = process.header->sampleMean.load();
  const ring::Mode before = ringMode(now);
  const bool missed = hot.missed.exchange(0) != 0;
  if (!missed && before == wanted && (wanted != ring::Mode::Sampled || mean == hot.sampleMean.load())) return;
  // Records with and without stacks mean the same.
  const bool changes = missed || before < ring::Mode::Full || wanted < ring::Mode::Full;
  hot.sampleMean.store(mean);
  settings.mode = wanted;  // of a forked child too
  if (changes) ticketEveryEvent();
  const std::uint64_t epoch = epochOf(now) + (changes ? 1 : 0);
  process.header->modeTicks.store(ticks());
  process.header->modeInForce.store(ring::modeWord(wanted, epoch));
  hot.mode.store(hotMode(wanted, epoch));
}

}  // namespace

std::uint64_t followCollector() {
  const std::uint32_t wanted = process.header->wantedMode.load(std::memory_order_relaxed);
  const std::uint64_t mode = hot.mode.load();
  const bool sameMean = plainMode(mode) != kSampled || process.header->sampleMean.load() == hot.sampleMean.load();
  if (wanted == static_cast<std::uint32_t>(ringMode(mode)) && sameMean && hot.missed.load() == 0) return mode;
  if (wanted > static_cast<std::uint32_t>(ring::Mode::FullNoStacks) || process.header->gap.load() != 0) return mode;
  const SignalsHeld signalsHeld;
  if (!ThreadLock::acquire(hot.modeLock, threadId())) return mode;
  changeMode(static_cast<ring::Mode>(wanted));
  ThreadLock::release(hot.modeLock);
  return hot.mode.load();
}

bool unwatch() {
  const StartLock lock;
  if (!lock.held() || !process.attached || hot.mode.load() <= kPassThrough) return false;
  hot.mode.store(kPassThrough);
  process.attached = false;
  return true;
}

void finishDetached() {
  for (std::uint64_t waited = 0; threadsInHooks() && waited < kWaitForHooks; waited += 1'000'000) nap(1'000'000);
  process.header->finished.store(2, std::memory_order_release);
}

void finish(bool done) {
  if (hot.mode.load() <= kPassThrough) return;
  if (static_cast<std::uint32_t>(syscall(SYS_getpid)) != process.pid) return;
  process.header->finished.store(done ? 1 : 0, std::memory_order_release);
}

bool back(void* address, std::size_t bytes) {
  const ErrnoKept errnoKept;
  const std::uint64_t now = nanos(CLOCK_MONOTONIC);
  const std::uint64_t failed = hot.memoryRefusedAt.load(std::memory_order_relaxed);
  if (failed != 0 && now - failed < kPauseWithoutMemory) return false;
  const bool done = populate(address, bytes);
  hot.memoryRefusedAt.store(done ? 0 : now, std::memory_order_relaxed);
  if (!done) process.header->memoryShort.store(1, std::memory_order_relaxed);
  return done;
}

bool backModules(std::uint32_t upTo) {
  return backArray(process.modules, ring::kMaxModules, kModulesAtATime, hot.modulesBacked, upTo);
}

bool backNodes(std::uint32_t upTo) {
  return backArray(process.nodes, ring::kMaxNodes, kNodesAtATime, hot.nodesBacked, upTo);
}

}  // namespace heapatlas::runtime
