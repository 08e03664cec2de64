// Claiming and giving back rings, and what is known of a thread when it begins. See thread.h.
#include "thread.h"

#include <pthread.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstring>
#include <limits>

#include "process.h"
#include "sampling.h"
#include "system.h"
#include "writer.h"

extern "C" void* __libc_stack_end;

namespace heapatlas::runtime {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint64_t kUnlimitedStack = 64 << 20;
constexpr std::uint32_t kLastExitRound = 4;  // PTHREAD_DESTRUCTOR_ITERATIONS: libc gives up behind it

// What self points to before a thread has a ring, and once it records in ring 0. Their expected never matches, their
// countdown is always over, so every event takes the slow path.
constexpr Thread standIn(Role role) {
  Thread thread;
  thread.expected = kNever;
  thread.countdown = std::numeric_limits<std::int64_t>::min() / 2;
  thread.role = role;
  return thread;
}
constinit Thread noThread = standIn(Role::None);
constinit Thread sharedThread = standIn(Role::Shared);

// One slot a ring: the Thread, then its stack cache on pages of its own. Reserved, not touched, until it is used.
unsigned char* slots = nullptr;
pthread_key_t exitKey;
bool exitKeyUsable = false;

constexpr std::size_t roundUp(std::size_t bytes) { return (bytes + kPage - 1) & ~(kPage - 1); }
constexpr std::size_t kStacksOffset = roundUp(sizeof(Thread));
std::size_t slotBytes() { return kStacksOffset + roundUp(unwind::ThreadStacks::bytes()); }
Thread* slotOf(std::uint32_t ring) { return reinterpret_cast<Thread*>(slots + ring * slotBytes()); }

// Runs at a thread's end. The last round of destructors is wanted, for those of others may allocate and release.
void atThreadExit(void* value) {
  auto* thread = static_cast<Thread*>(value);
  if (self != thread) return;
  if (++thread->exitRounds < kLastExitRound && pthread_setspecific(exitKey, value) == 0) return;
  releaseThread();
}

bool isGone(std::uint32_t thread) { return syscall(SYS_tgkill, process.pid, thread, 0) != 0 && errno == ESRCH; }

// Rings whose threads ended without saying so: raw clones, threads ended by the kernel.
void reap() {
  for (std::uint32_t ring = 1; ring < ring::kMaxRings; ++ring) {
    auto& owner = process.controls[ring].owner;
    std::uint32_t thread = owner.load();
    if (thread != 0 && isGone(thread)) owner.compare_exchange_strong(thread, 0);
  }
}

bool claimRing(std::uint32_t ring, std::uint32_t me) {
  std::uint32_t nobody = 0;
  return process.controls[ring].owner.compare_exchange_strong(nobody, me, std::memory_order_acquire);
}

// 0: there is none left.
std::uint32_t findRing(std::uint32_t me) {
  auto& count = process.header->ringCount;
  if (const std::uint32_t hint = hot.claimHint.exchange(0); hint != 0 && claimRing(hint, me)) return hint;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const std::uint32_t used = count.load();
    for (std::uint32_t ring = 1; ring < used; ++ring) {
      if (process.controls[ring].owner.load(std::memory_order_relaxed) == 0 && claimRing(ring, me)) return ring;
    }
    // New rings cost memory: look for abandoned ones first each time the number of rings has doubled.
    if (attempt == 0 && used >= 16 && ((used & (used - 1)) == 0 || used == ring::kMaxRings)) {
      reap();
      continue;
    }
    for (std::uint32_t next = count.load(); next < ring::kMaxRings;) {
      if (count.compare_exchange_weak(next, next + 1)) return claimRing(next, me) ? next : 0;
    }
    return 0;
  }
  return 0;
}

unwind::StackBounds mainBounds() {
  // The name of the executable lies above everything that the main thread's frames can be in.
  const std::uint64_t top = getauxval(AT_EXECFN);
  const auto end = reinterpret_cast<std::uint64_t>(__libc_stack_end);
  const std::uint64_t high = roundUp(top > end ? top : end);
  rlimit limit{};
  getrlimit(RLIMIT_STACK, &limit);
  const std::uint64_t size = limit.rlim_cur < kUnlimitedStack ? limit.rlim_cur : kUnlimitedStack;
  return {high - size, high};
}

void announce(Thread& thread) {
  const Record start = Record::make(Kind::ThreadStart, 0, thread.id, 0);
  if (!put(thread, start)) divert(thread, start);
  char text[16] = {};
  prctl(PR_GET_NAME, text);
  const Record name = nameRecord(text);
  if (!put(thread, name)) divert(thread, name);
}

void prepare(Thread& thread, std::uint32_t ring, std::uint32_t me) {
  thread = Thread{};
  thread.expected = kNever;
  thread.synced = kNever;
  thread.control = &process.controls[ring];
  thread.header = process.header;
  thread.records = process.records + std::uint64_t{ring} * ring::kRingRecords;
  thread.head = thread.limit = thread.control->head.load();
  thread.random = ticks() | 1;
  thread.ring = ring;
  thread.id = me;
  thread.role = Role::Own;
  thread.process = process.pid;
  thread.modeWritten = kNoMode;
  thread.countdown = nextSample(thread);
}

}  // namespace

constinit thread_local Thread* self = &noThread;

bool startThreads() {
  if (slots != nullptr) return true;
  slots = static_cast<unsigned char*>(
      mapMemory(nullptr, slotBytes() * ring::kMaxRings, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  exitKeyUsable = pthread_key_create(&exitKey, atThreadExit) == 0;
  return slots != nullptr;
}

void makeStacks(Thread& thread) {
  if (thread.ring == 0) return;
  void* memory = reinterpret_cast<unsigned char*>(&thread) + kStacksOffset;
  // Fresh pages are the zeroes that the cache wants, and a thread that only runs by costs none.
  syscall(SYS_madvise, memory, roundUp(unwind::ThreadStacks::bytes()), MADV_DONTNEED);
  thread.stacks = unwind::ThreadStacks::create(memory, thread.bounds);
}

Thread* claimThread(std::uint32_t preferredRing, unwind::StackBounds bounds) {
  const SignalsHeld signalsHeld;
  const std::uint32_t me = threadId();
  std::uint32_t ring = 0;
  if (preferredRing != 0 && claimRing(preferredRing, me)) {
    ring = preferredRing;
    process.header->ringCount.store(ring + 1);
  } else {
    ring = findRing(me);
  }
  if (ring != 0 && !backRing(ring, 0)) {
    process.controls[ring].owner.store(0);
    ring = 0;
  }
  if (ring == 0) {
    self = &sharedThread;
    return self;
  }
  Thread* thread = slotOf(ring);
  prepare(*thread, ring, me);
  thread->bounds = bounds.high != 0 || me != process.pid ? bounds : mainBounds();
  makeStacks(*thread);
  self = thread;
  enterAt(*thread, addressOf(__builtin_frame_address(0)));
  announce(*thread);
  leave(*thread);
  if (exitKeyUsable) pthread_setspecific(exitKey, thread);
  return thread;
}

void releaseThread() {
  Thread* thread = self;
  if (thread->role != Role::Own || hot.mode.load() <= kPassThrough) return;
  const SignalsHeld signalsHeld;
  enterAt(*thread, addressOf(__builtin_frame_address(0)));
  const Record exit = Record::make(Kind::ThreadExit, 0, thread->id, 0);
  if (!put(*thread, exit)) divert(*thread, exit);
  self = &sharedThread;
  thread->control->owner.store(0, std::memory_order_release);
  hot.claimHint.store(thread->ring, std::memory_order_relaxed);
}

Thread* sharedWriter() {
  Thread* writer = slotOf(0);
  if (hot.sharedReady.load() == 0) {
    prepare(*writer, 0, 0);
    hot.sharedReady.store(1);
  }
  return writer;
}

}  // namespace heapatlas::runtime
