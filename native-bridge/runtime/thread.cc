// Claiming and giving back rings, and what is known of a thread when it begins. See thread.h.
#include "thread.h"

#include <pthread.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstring>

#include "mappings.h"
#include "order.h"
#include "process.h"
#include "sampling.h"
#include "system.h"
#include "unwind/cache.h"
#include "writer.h"

extern "C" void* __libc_stack_end;  // NOLINT(bugprone-reserved-identifier) the loader's name

namespace heapatlas::runtime {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint64_t kUnlimitedStack = 64 << 20;
constexpr std::uint32_t kLastExitRound = 4;  // PTHREAD_DESTRUCTOR_ITERATIONS: libc gives up behind it

// What self points to before a thread has a ring, and where it records in ring 0. They expect what never is, so that
// every event takes the slow path.
constexpr Thread standIn(Role role) {
  Thread thread;
  thread.expected = kNever;
  thread.sampling = kNever;
  thread.role = role;
  return thread;
}
constinit Thread noThread = standIn(Role::None);
constinit Thread sharedThread = standIn(Role::Shared);
constinit Thread endingThread = standIn(Role::Ending);

// One slot a ring: the Thread, then its stack cache on pages of its own. Reserved, not touched, until it is used.
unsigned char* slots = nullptr;
pthread_key_t exitKey;
bool exitKeyUsable = false;

constexpr std::size_t roundUp(std::size_t bytes) { return (bytes + kPage - 1) & ~(kPage - 1); }
constexpr std::size_t kStacksOffset = roundUp(sizeof(Thread));
std::size_t slotBytes() { return kStacksOffset + roundUp(sizeof(unwind::ThreadStacks)); }
Thread* slotOf(std::uint32_t ring) { return reinterpret_cast<Thread*>(slots + ring * slotBytes()); }

// Runs at a thread's end. The last round of destructors is wanted, for those of others may allocate and release.
void atThreadExit(void* value) {
  auto* thread = static_cast<Thread*>(value);
  if (self != thread) return;
  if (++thread->exitRounds < kLastExitRound && pthread_setspecific(exitKey, value) == 0) return;
  releaseThread();
}

bool isGone(std::uint32_t thread) { return syscall(SYS_tgkill, process.pid, thread, 0) != 0 && errno == ESRCH; }

constexpr std::uint32_t kOwnRings = ring::kMaxRings - 1;
constexpr std::uint64_t kReapPause = 100'000'000;

void disown(std::uint32_t ring, std::uint32_t owner) {
  if (process.controls[ring].owner.compare_exchange_strong(owner, 0, std::memory_order_release)) --hot.ringsOwned;
}

bool claimRing(std::uint32_t ring, std::uint32_t me) {
  std::uint32_t nobody = 0;
  if (!process.controls[ring].owner.compare_exchange_strong(nobody, me, std::memory_order_acquire)) return nobody == me;
  ++hot.ringsOwned;
  return true;
}

void countRing(std::uint32_t ring) {
  auto& count = process.header->ringCount;
  for (std::uint32_t known = count.load(); known <= ring && !count.compare_exchange_weak(known, ring + 1);) {
  }
}

// Rings whose threads ended without saying so: raw clones, threads ended by the kernel. A look at all of them is a
// system call each, so that thousands of threads that find no ring must not each take it.
void reap() {
  const std::uint64_t now = nanos(CLOCK_MONOTONIC);
  std::uint64_t before = hot.reapedAt.load();
  if (now - before < kReapPause || !hot.reapedAt.compare_exchange_strong(before, now)) return;
  for (std::uint32_t ring = 1; ring < ring::kMaxRings; ++ring) {
    const std::uint32_t thread = process.controls[ring].owner.load();
    if (thread != 0 && isGone(thread)) disown(ring, thread);
  }
}

// Among the rings that have been used before; 0: none is free.
std::uint32_t findUsedRing(std::uint32_t me) {
  const std::uint32_t used = process.header->ringCount.load();
  if (hot.ringsOwned.load() + 1 >= used) return 0;
  for (std::uint32_t ring = 1; ring < used; ++ring) {
    if (process.controls[ring].owner.load(std::memory_order_relaxed) == 0 && claimRing(ring, me)) return ring;
  }
  return 0;
}

// 0: there is none left.
std::uint32_t findRing(std::uint32_t me) {
  if (const std::uint32_t hint = hot.claimHint.exchange(0); hint != 0 && claimRing(hint, me)) return hint;
  if (const std::uint32_t ring = findUsedRing(me); ring != 0) return ring;
  auto& count = process.header->ringCount;
  // New rings cost memory: look for abandoned ones first each time the number of rings has doubled.
  if (const std::uint32_t used = count.load(); used >= 16 && ((used & (used - 1)) == 0)) {
    reap();
    if (const std::uint32_t ring = findUsedRing(me); ring != 0) return ring;
  }
  for (std::uint32_t next = count.load(); next < ring::kMaxRings;) {
    if (count.compare_exchange_weak(next, next + 1)) return claimRing(next, me) ? next : 0;
  }
  return 0;
}

// A thread that ran before we came: its stack's memory, if libc made it, ends in its thread structure.
unwind::StackBounds boundsOfRunningThread() {
  if (!process.attached) return {0, 0};
  const auto top = static_cast<std::uint64_t>(pthread_self());
  const std::uint64_t low = mappingAround(addressOf(__builtin_frame_address(0)), top);
  return low != 0 ? unwind::StackBounds{low, top} : unwind::StackBounds{0, 0};
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
  thread.sampling = kNever;
  thread.control = &process.controls[ring];
  thread.header = process.header;
  thread.ring = ring;
  takeSeat(thread);
  thread.random = ticks() | 1;
  thread.id = me;
  thread.role = Role::Own;
  thread.image = process.image;
  thread.order = kOrderUnknown;
  thread.countdown = nextSample(thread);
}

}  // namespace

constinit thread_local Thread* self = &noThread;
constinit thread_local unwind::StackBounds ownStack{};

Thread& threadOf(std::uint32_t ring) { return *slotOf(ring); }

bool ringIsFree() {
  return hot.ringsOwned.load(std::memory_order_relaxed) < kOwnRings &&
         hot.ringsRefused.load(std::memory_order_relaxed) == 0;
}

bool startThreads() {
  if (slots != nullptr) return true;
  slots = static_cast<unsigned char*>(
      mapMemory(nullptr, slotBytes() * ring::kMaxRings, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  exitKeyUsable = pthread_key_create(&exitKey, atThreadExit) == 0;
  return slots != nullptr;
}

void makeStacks(Thread& thread) {
  void* memory = reinterpret_cast<unsigned char*>(&thread) + kStacksOffset;
  // Fresh pages are the zeroes that the cache wants, and a thread that only runs by costs none.
  syscall(SYS_madvise, memory, roundUp(sizeof(unwind::ThreadStacks)), MADV_DONTNEED);
  thread.stacks = unwind::ThreadStacks::create(memory, thread.bounds);
}

Thread* claimThread(std::uint32_t preferred) {
  const SignalsHeld signalsHeld;
  const std::uint32_t me = threadId();
  std::uint32_t ring = 0;
  if (preferred != 0 && claimRing(preferred, me)) {
    ring = preferred;
    countRing(ring);
  } else {
    ring = findRing(me);
  }
  Thread* thread = slotOf(ring);
  if (ring != 0) prepare(*thread, ring, me);
  if (ring != 0 && !readySlice(*thread)) {
    disown(ring, me);
    hot.ringsRefused.store(1);
    ring = 0;
  }
  if (ring == 0) {
    self = &sharedThread;
    return self;
  }
  if (ownStack.high == 0) ownStack = me == process.pid ? mainBounds() : boundsOfRunningThread();
  thread->bounds = ownStack;
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
  // Else whoever records next would wait for this hook to end.
  leave(*thread);
  self = &endingThread;
  disown(thread->ring, thread->id);
  hot.claimHint.store(thread->ring, std::memory_order_relaxed);
}

bool threadsInHooks() {
  const std::uint32_t rings = process.header->ringCount.load();
  for (std::uint32_t ring = 0; ring < rings; ++ring) {
    const std::uint64_t expected = std::atomic_ref(slotOf(ring)->expected).load();
    if (isFrame(expected)) return true;
  }
  return false;
}

void forgetThreads(std::uint32_t rings) {
  for (std::uint32_t ring = 0; ring < rings; ++ring) {
    std::atomic_ref(slotOf(ring)->synced).store(kNever);
    std::atomic_ref(slotOf(ring)->sampling).store(kNever);
    std::atomic_ref(slotOf(ring)->expected).store(kNever);
  }
}

Thread* sharedWriter() {
  Thread* writer = slotOf(0);
  if (hot.sharedReady.load() == 0) {
    prepare(*writer, 0, 0);
    makeStacks(*writer);
    hot.sharedReady.store(1);
  }
  return writer;
}

}  // namespace heapatlas::runtime
