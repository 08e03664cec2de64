// Threads' rings: claimed from a pool, given back at a thread's end; what happens when one is full; and the gap.
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "gap.h"

extern "C" void* __libc_stack_end;

namespace heapatlas::runtime {

thread_local Thread* self [[gnu::tls_model("initial-exec")]] = nullptr;

namespace {

constexpr std::uint64_t kStaleNanos = 20'000'000;      // the collector stands still when its last pass is older
constexpr std::uint64_t kMaxWaitNanos = 1'000'000'000;  // of one event, on a collector that advances
constexpr long kNapNanos = 50'000;

// Stands for 'this thread is being made': hooks below it pass unrecorded.
Thread making{};
Thread* pool[ring::kMaxRings];
bool backed[ring::kMaxRings];
pthread_key_t endKey;
std::atomic<int> keyState{0};

template <typename Result>
Result* allocate(std::size_t bytes) {
  const long memory = syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == -1 ? nullptr : reinterpret_cast<Result*>(memory);
}

unwind::StackBounds stackBounds() {
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  if (static_cast<pid_t>(threadId()) == getpid()) {
    const auto high = reinterpret_cast<std::uint64_t>(__libc_stack_end);
    rlimit limit{};
    const bool known = getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    const std::uint64_t low = high - (known ? limit.rlim_cur : 1ull << 30);
    return here > low && here < high ? unwind::StackBounds{low, high} : unwind::StackBounds{0, 0};
  }
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {0, 0};
  void* low = nullptr;
  std::size_t bytes = 0;
  pthread_attr_getstack(&attributes, &low, &bytes);
  pthread_attr_destroy(&attributes);
  const auto start = reinterpret_cast<std::uint64_t>(low);
  return here > start && here < start + bytes ? unwind::StackBounds{start, start + bytes} : unwind::StackBounds{0, 0};
}

bool claim(std::uint32_t ring, std::uint32_t id) {
  std::uint32_t owner = shared.controls[ring].owner.load(std::memory_order_relaxed);
  // A thread that ended without its destructors (a raw clone) left its ring behind.
  if (owner != 0 && (owner == id || syscall(SYS_tgkill, getpid(), owner, 0) == 0 || errno != ESRCH)) return false;
  return shared.controls[ring].owner.compare_exchange_strong(owner, id, std::memory_order_acq_rel);
}

std::uint32_t claimRing(std::uint32_t id) {
  for (std::uint32_t ring = 1; ring < ring::kMaxRings; ++ring) {
    if (shared.controls[ring].owner.load(std::memory_order_relaxed) == 0 && claim(ring, id)) return ring;
  }
  for (std::uint32_t ring = 1; ring < ring::kMaxRings; ++ring) {
    if (claim(ring, id)) return ring;
  }
  return 0;
}

bool backRing(std::uint32_t ring) {
  if (backed[ring]) return true;
  backed[ring] = backFile(ring::kDataOffset + ring * ring::kRingBytes, ring::kRingBytes);
  return backed[ring];
}

void atThreadEnd(void* value) {
  auto* thread = static_cast<Thread*>(value);
  if (thread != self) return;
  endThread(thread);
}

void watchEnd(Thread* thread) {
  int none = 0;
  if (keyState.compare_exchange_strong(none, 1)) keyState.store(pthread_key_create(&endKey, atThreadEnd) == 0 ? 2 : 3);
  while (keyState.load() == 1) sched_yield();
  if (keyState.load() == 2) pthread_setspecific(endKey, thread);
}

void open(Thread& thread, std::uint32_t ring, std::uint32_t id) {
  unwind::ThreadStacks* stacks = thread.stacks;
  memset(&thread, 0, sizeof thread);
  thread.ring = ring;
  thread.id = id;
  thread.control = &shared.controls[ring];
  thread.data = shared.data + static_cast<std::uint64_t>(ring) * ring::kRingRecords;
  thread.head = thread.control->head.load(std::memory_order_acquire);
  thread.knownTail = thread.control->tail.load(std::memory_order_acquire);
  thread.random = __rdtsc() | 1;
  if (stacks != nullptr) munmap(stacks, unwind::ThreadStacks::bytes());
  void* memory = ring == 0 ? nullptr : allocate<void>(unwind::ThreadStacks::bytes());
  thread.stacks = memory == nullptr ? nullptr : unwind::ThreadStacks::create(memory, stackBounds());
  std::uint32_t used = shared.header->ringCount.load();
  while (used <= ring && !shared.header->ringCount.compare_exchange_weak(used, ring + 1)) {
  }
}

void announce(Thread& thread) {
  push(thread, ring::Record::time(__rdtsc()));
  push(thread, ring::Record::make(ring::Kind::ThreadStart, 0, thread.id, 0));
  ring::Record name{static_cast<std::uint64_t>(ring::Kind::ThreadName), 0};
  char text[16] = {};
  prctl(PR_GET_NAME, text);
  memcpy(reinterpret_cast<char*>(&name) + 1, text, 15);
  push(thread, name);
}

// Waits for the collector to make room; false when it does not advance.
bool waitForRoom(Thread& thread) {
  const int error = errno;
  const std::uint64_t begin = monotonicNanos();
  bool room = false;
  while (true) {
    thread.knownTail = thread.control->tail.load(std::memory_order_acquire);
    room = thread.head - thread.knownTail < ring::kRingRecords - 2;
    const std::uint64_t now = monotonicNanos();
    if (room || now - begin > kMaxWaitNanos) break;
    const std::uint64_t pass = shared.header->collectorNanos.load();
    if (pass + kStaleNanos < now && now - begin > kStaleNanos) break;
    if (pass == 0) break;
    const timespec nap{0, kNapNanos};
    syscall(SYS_nanosleep, &nap, nullptr);
  }
  errno = error;
  return room;
}

void pushShared(Thread& thread, const ring::Record& record) {
  std::uint32_t free = 0;
  while (!shared.header->sharedRingLock.compare_exchange_weak(free, thread.id, std::memory_order_acquire)) {
    free = 0;
    sched_yield();
  }
  thread.head = thread.control->head.load(std::memory_order_relaxed);
  thread.knownTail = thread.control->tail.load(std::memory_order_acquire);
  const bool room = thread.head - thread.knownTail < ring::kRingRecords - 2 || waitForRoom(thread);
  if (room) {
    pushRaw(thread, ring::Record::time(__rdtsc()));
    pushRaw(thread, record);
  }
  shared.header->sharedRingLock.store(0, std::memory_order_release);
  if (!room) {
    beginGap();
    coalesce(thread, record);
  }
}

}  // namespace

Thread* makeThread() {
  const int error = errno;
  self = &making;
  const std::uint32_t id = threadId();
  std::uint32_t ring = claimRing(id);
  if (ring != 0 && !backRing(ring)) {
    shared.controls[ring].owner.store(0);
    ring = 0;
  }
  Thread* thread = nullptr;
  if (ring == 0) {
    thread = backRing(0) ? allocate<Thread>(sizeof(Thread)) : nullptr;
  } else {
    if (pool[ring] == nullptr) pool[ring] = allocate<Thread>(sizeof(Thread));
    thread = pool[ring];
  }
  if (thread != nullptr) {
    open(*thread, ring, id);
    thread->busy = 1;
    thread->busyAt = static_cast<const char*>(__builtin_frame_address(0)) + (1 << 20);
    watchEnd(thread);
    announce(*thread);
    thread->busy = 0;
  }
  self = thread;
  errno = error;
  return thread;
}

void forgetThread() {
  self = nullptr;
  memset(pool, 0, sizeof pool);
  memset(backed, 0, sizeof backed);
}

void endThread(Thread* thread) {
  push(*thread, ring::Record::make(ring::Kind::ThreadExit, 0, thread->id, 0));
  // Destructors behind this one may still allocate: they make themselves a thread anew.
  self = nullptr;
  if (thread->ring == 0) {
    syscall(SYS_munmap, thread, sizeof(Thread));
  } else {
    thread->control->owner.store(0, std::memory_order_release);
  }
}

void pushTime(Thread& thread) {
  thread.sinceTime = 0;
  thread.lastPass = shared.header->collectorNanos.load(std::memory_order_relaxed);
  pushRaw(thread, ring::Record::time(__rdtsc()));
  const auto wanted = shared.header->wantedMode.load(std::memory_order_relaxed);
  static std::atomic<std::uint32_t> known{shared.header->wantedMode.load()};
  if (known.exchange(wanted, std::memory_order_relaxed) != wanted) {
    pushRaw(thread, ring::Record::make(ring::Kind::Mode, 0, wanted, 0));
    followMode();
  }
}

void pushSlowly(Thread& thread, const ring::Record& record) {
  if (shared.header->gap.load(std::memory_order_acquire) != 0) {
    coalesce(thread, record);
  } else if (thread.ring == 0) {
    pushShared(thread, record);
  } else if (waitForRoom(thread)) {
    pushTime(thread);
    pushRaw(thread, record);
  } else {
    beginGap();
    coalesce(thread, record);
  }
}

void keepPending(Thread& thread, const ring::Record& record) {
  if (thread.pendingCount < kPending) {
    thread.pending[thread.pendingCount++] = record;
  } else {
    shared.header->lostEvents.fetch_add(1, std::memory_order_relaxed);
  }
}

void flushPending(Thread& thread) {
  for (std::uint32_t i = 0; i < thread.pendingCount; ++i) push(thread, thread.pending[i]);
  thread.pendingCount = 0;
}

}  // namespace heapatlas::runtime
