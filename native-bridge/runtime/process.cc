// Makes the ring file behind process.h. Raw system calls where libc's wrapper may be hooked.
#include "process.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "thread.h"
#include "unwind/unwind.h"

namespace heapatlas::runtime {
namespace {

constexpr std::uint64_t kNodesChunk = 1 << 16;  // nodes backed at a time: 1 MiB

alignas(4096) Hot cold{State::Cold};
std::atomic<int> starting{0};
std::atomic<pid_t> startingPid{0};
char path[4096];
std::atomic<std::uint32_t> backedNodes{0};

void* map(std::size_t bytes, int flags, int descriptor) {
  const long result = syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE, flags, descriptor, 0);
  return result == -1 ? nullptr : reinterpret_cast<void*>(result);
}

std::uint64_t clockNanos(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000000ull + static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t processStart() {
  char text[1024];
  const int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t bytes = read(file, text, sizeof text - 1);
  close(file);
  if (bytes <= 0) return 0;
  text[bytes] = 0;
  const char* at = strrchr(text, ')');
  for (int field = 2; at != nullptr && field < 22; ++field) at = strchr(at + 1, ' ');
  return at == nullptr ? 0 : strtoull(at + 1, nullptr, 10);
}

ring::Mode environmentMode() {
  const char* mode = getenv("HEAPATLAS_MODE");
  if (mode == nullptr || strcmp(mode, "full") == 0) return ring::Mode::Full;
  if (strcmp(mode, "sampled") == 0) return ring::Mode::Sampled;
  if (strcmp(mode, "full-no-stacks") == 0) return ring::Mode::FullNoStacks;
  return ring::Mode::Off;
}

// The folder must be the user's own and closed to others: what lies in it is the program's memory.
bool ownFolder(const char* folder) {
  struct stat status{};
  return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & 077) == 0;
}

int createFile() {
  const char* folder = getenv("HEAPATLAS_DIR");
  char fallback[64];
  if (folder == nullptr) {
    snprintf(fallback, sizeof fallback, "/dev/shm/heapatlas-%u", geteuid());
    folder = fallback;
  }
  snprintf(path, sizeof path, "%s/rings", folder);
  if (!ownFolder(folder) || !ownFolder(path)) return -1;
  std::uint64_t random = 0;
  if (syscall(SYS_getrandom, &random, sizeof random, 0) != sizeof random) random = __rdtsc();
  snprintf(path, sizeof path, "%s/rings/%d-%016llx.ring", folder, getpid(), static_cast<unsigned long long>(random));
  return open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

ring::Header* mapFile() {
  const int file = createFile();
  if (file < 0) return nullptr;
  const std::uint64_t early = ring::kNodesOffset + kNodesChunk * sizeof(ring::StackNode);
  void* memory = nullptr;
  if (ftruncate(file, static_cast<off_t>(ring::kFileBytes)) == 0 &&
      fallocate(file, 0, 0, static_cast<off_t>(early)) == 0) {
    memory = map(ring::kFileBytes, MAP_SHARED | MAP_NORESERVE, file);
  }
  close(file);
  if (memory == nullptr) {
    unlink(path);
    return nullptr;
  }
  madvise(memory, ring::kFileBytes, MADV_DONTFORK);
  backedNodes.store(kNodesChunk);
  return static_cast<ring::Header*>(memory);
}

void fillHeader(ring::Header& header) {
  header.version = ring::kVersion;
  header.headerBytes = ring::kHeaderBytes;
  header.fileBytes = ring::kFileBytes;
  header.pid = static_cast<std::uint32_t>(getpid());
  header.parentPid = static_cast<std::uint32_t>(getppid());
  header.processStart = processStart();
  header.startTicks = __rdtsc();
  header.startNanos = clockNanos(CLOCK_MONOTONIC);
  header.startRealNanos = clockNanos(CLOCK_REALTIME);
  header.wantedMode.store(static_cast<std::uint32_t>(environmentMode()));
  const char* mean = getenv("HEAPATLAS_SAMPLE_MEAN");
  const std::uint64_t bytes = mean == nullptr ? 0 : strtoull(mean, nullptr, 10);
  header.sampleMean.store(bytes == 0 ? 512 * 1024 : bytes);
  const char* frees = getenv("HEAPATLAS_FREE_STACKS");
  header.stacksOfFrees.store(frees == nullptr || frees[0] != '0');
  const char* session = getenv("HEAPATLAS_SESSION");
  if (session != nullptr) strncpy(header.session, session, sizeof header.session - 1);
  header.magic = ring::kMagic;
}

Hot* hotPage() {
  void* memory = map(4096, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (memory == nullptr) return nullptr;
  if (madvise(memory, 4096, MADV_WIPEONFORK) != 0) {
    syscall(SYS_munmap, memory, 4096);
    return nullptr;
  }
  return static_cast<Hot*>(memory);
}

State stateOf(ring::Mode mode) {
  switch (mode) {
    case ring::Mode::Off: return State::Off;
    case ring::Mode::Sampled: return State::Sampled;
    case ring::Mode::Full: return State::Full;
    case ring::Mode::FullNoStacks: return State::FullNoStacks;
  }
  return State::Off;
}

State makeWatched() {
  if (shared.hot == &cold) {
    Hot* page = hotPage();
    if (page == nullptr) {
      cold.state.store(State::Pass);
      return State::Pass;
    }
    shared.hot = page;
  }
  forgetThread();
  ring::Header* header = mapFile();
  if (header == nullptr) {
    shared.hot->state.store(State::Pass);
    return State::Pass;
  }
  char* base = reinterpret_cast<char*>(header);
  shared.header = header;
  shared.controls = reinterpret_cast<ring::RingControl*>(base + ring::kControlsOffset);
  shared.modules = reinterpret_cast<ring::Module*>(base + ring::kModulesOffset);
  shared.nodes = reinterpret_cast<ring::StackNode*>(base + ring::kNodesOffset);
  shared.shards = reinterpret_cast<ring::Shard*>(base + ring::kShardsOffset);
  shared.data = reinterpret_cast<ring::Record*>(base + ring::kDataOffset);
  fillHeader(*header);
  unwind::start(header, shared.modules, shared.nodes, backNodes);
  header->ready.store(1, std::memory_order_release);
  const State state = stateOf(static_cast<ring::Mode>(header->wantedMode.load()));
  shared.hot->state.store(state, std::memory_order_release);
  return state;
}

[[gnu::constructor(101)]] void onLoad() {
  if (shared.hot->state.load() == State::Cold) startProcess();
  if (getenv("HEAPATLAS_STOP") != nullptr) {
    unsetenv("HEAPATLAS_STOP");
    raise(SIGSTOP);
  }
}

}  // namespace

Shared shared{&cold, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};

State startProcess() {
  const int error = errno;
  // In a forked child the lock may have been held by a thread that is not here: its process tells.
  if (startingPid.load() != getpid()) {
    startingPid.store(getpid());
    starting.store(0);
  }
  int free = 0;
  if (!starting.compare_exchange_strong(free, 1)) return State::Pass;  // another thread, or a hook inside the start
  const State state = makeWatched();
  starting.store(0);
  errno = error;
  return state;
}

State followMode() {
  const State wanted = stateOf(static_cast<ring::Mode>(shared.header->wantedMode.load(std::memory_order_relaxed)));
  shared.hot->state.store(wanted, std::memory_order_relaxed);
  return wanted;
}

bool backFile(std::uint64_t offset, std::uint64_t bytes) {
  const int error = errno;
  const int file = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  bool backed = false;
  if (file >= 0) {
    backed = fallocate(file, 0, static_cast<off_t>(offset), static_cast<off_t>(bytes)) == 0;
    close(file);
  }
  errno = error;
  return backed;
}

bool backNodes(std::uint32_t upTo) {
  const std::uint32_t backed = backedNodes.load(std::memory_order_acquire);
  if (upTo <= backed) return true;
  const std::uint64_t next = (upTo + kNodesChunk - 1) / kNodesChunk * kNodesChunk;
  if (!backFile(ring::kNodesOffset + backed * sizeof(ring::StackNode), (next - backed) * sizeof(ring::StackNode))) {
    return false;
  }
  std::uint32_t expected = backed;
  backedNodes.compare_exchange_strong(expected, static_cast<std::uint32_t>(next));
  return true;
}

std::uint32_t threadId() { return static_cast<std::uint32_t>(syscall(SYS_gettid)); }

std::uint64_t monotonicNanos() { return clockNanos(CLOCK_MONOTONIC); }

}  // namespace heapatlas::runtime
