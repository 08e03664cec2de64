// The unwinder against libunwind, frame by frame: over every kind of frame in frames.cc, in signal handlers (also on a
// stack of their own), after longjmp, in coroutines whose stacks are used again, and in threads. A captured stack is
// libunwind's, or says that it is cut and is the beginning of it. HEAPATLAS_FUZZ_ROUNDS makes it longer.
#define UNW_LOCAL_ONLY
#include "unwind.h"

#include <gtest/gtest.h>
#include <libunwind.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

#include "cache.h"
#include "test/frames.h"
#include "trie.h"

namespace heapatlas::unwind::test {
namespace {

constexpr int kMaxFrames = 256;
ring::StackNode* nodes;
thread_local ThreadStacks* stacks;
std::atomic<std::uint64_t> compared{0};
std::atomic<std::uint64_t> cut{0};
std::atomic<std::uint64_t> wrong{0};

template <typename Type>
Type* reserve(std::size_t bytes) {
  return static_cast<Type*>(
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
}

void startOnce() {
  static const bool started = [] {
    nodes = reserve<ring::StackNode>(sizeof(ring::StackNode) * ring::kMaxNodes);
    const auto endless = [](std::uint32_t) { return true; };
    start({reserve<ring::Header>(sizeof(ring::Header)), reserve<ring::Module>(sizeof(ring::Module) * ring::kMaxModules),
           nodes, endless, endless});
    return true;
  }();
  ASSERT_TRUE(started);
}

void startThread() {
  pthread_attr_t attributes;
  pthread_getattr_np(pthread_self(), &attributes);
  void* low = nullptr;
  std::size_t bytes = 0;
  pthread_attr_getstack(&attributes, &low, &bytes);
  pthread_attr_destroy(&attributes);
  const auto from = reinterpret_cast<std::uint64_t>(low);
  stacks = ThreadStacks::create(reserve<void>(sizeof(ThreadStacks)), {from, from + bytes});
}

struct Frames {
  std::uint64_t pc[kMaxFrames];
  int count = 0;
  bool cut = false;
};

Frames ours(std::uint32_t node) {
  Frames frames;
  frames.cut = node == 0 || (nodes[node].flags & kNodeCut) != 0;
  std::uint32_t at = node;
  // A cut stands at the outermost node.
  for (; at != 0 && frames.count < kMaxFrames; at = nodes[at].parent) {
    frames.cut = (nodes[at].flags & kNodeCut) != 0;
    frames.pc[frames.count++] = nodes[at].pc;
  }
  return frames;
}

[[gnu::noinline]] Frames theirs() {
  Frames frames;
  unw_context_t context;
  unw_cursor_t cursor;
  unw_getcontext(&context);
  unw_init_local(&cursor, &context);
  unw_step(&cursor);  // out of this function
  while (frames.count < kMaxFrames && unw_step(&cursor) > 0) {
    unw_word_t pc = 0;
    unw_get_reg(&cursor, UNW_REG_IP, &pc);
    if (pc == 0) break;
    frames.pc[frames.count++] = pc;
  }
  return frames;
}

int rounds() {
  const char* text = std::getenv("HEAPATLAS_FUZZ_ROUNDS");
  return text == nullptr ? 300 : std::atoi(text);
}

}  // namespace

[[gnu::noinline]] void probe() {
  const auto* frame = static_cast<const std::uint64_t*>(__builtin_frame_address(0));
  const Registers caller{reinterpret_cast<std::uint64_t>(__builtin_return_address(0)),
                         reinterpret_cast<std::uint64_t>(frame + 2), frame[0]};
  const std::uint32_t node = stacks->capture(caller);
  const Frames mine = ours(node);
  const Frames oracle = theirs();
  ++compared;
  if (mine.cut) ++cut;
  bool equal = mine.cut ? mine.count <= oracle.count : mine.count == oracle.count;
  for (int i = 0; equal && i < mine.count; ++i) equal = mine.pc[i] == oracle.pc[i];
  if (!equal && wrong++ < 3) {
    std::printf("ours %d frames%s, libunwind %d\n", mine.count, mine.cut ? " (cut)" : "", oracle.count);
    for (int i = 0; i < std::max(mine.count, oracle.count); ++i) {
      std::printf("  %2d %lx %lx\n", i, i < mine.count ? mine.pc[i] : 0, i < oracle.count ? oracle.pc[i] : 0);
    }
  }
}

Chain anyChain(Random& random) {
  static const Chain chains[] = {frames_O0(),
                                 frames_O2(),
                                 frames_O3(),
                                 frames_O2__fno_omit_frame_pointer(),
                                 frames_O0__fomit_frame_pointer(),
                                 frames_O3__mavx__funroll_loops()};
  return chains[random.next() % std::size(chains)];
}

namespace {

class Unwind : public testing::Test {
 protected:
  void SetUp() override {
    startOnce();
    if (stacks == nullptr) startThread();
    compared = cut = wrong = 0;
  }
  void TearDown() override {
    EXPECT_EQ(wrong, 0u) << "of " << compared;
    EXPECT_GT(compared, 0u);
    RecordProperty("compared", static_cast<int>(compared));
    RecordProperty("cut", static_cast<int>(cut));
  }
};

void descend(std::uint64_t seed, int depth) {
  Random random{seed * 0x9E3779B97F4A7C15ull + 1};
  anyChain(random)(random, depth);
}

TEST_F(Unwind, EveryKindOfFrameInEveryCompilation) {
  for (int i = 0; i < rounds(); ++i) descend(static_cast<std::uint64_t>(i), 4 + i % 12);
  EXPECT_EQ(cut, 0u) << "of " << compared;
}

TEST_F(Unwind, TheSamePlaceAgainFromTheCache) {
  for (int i = 0; i < rounds(); ++i) descend(static_cast<std::uint64_t>(i % 3), 6);
}

void onSignal(int) { descend(7, 5); }

TEST_F(Unwind, SignalHandlers) {
  struct sigaction action {};
  action.sa_handler = onSignal;
  sigaction(SIGUSR1, &action, nullptr);
  for (int i = 0; i < 50; ++i) raise(SIGUSR1);
  static char own[1 << 16];
  const stack_t alternate{own, 0, sizeof own};
  sigaltstack(&alternate, nullptr);
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  for (int i = 0; i < 50; ++i) raise(SIGUSR1);
}

jmp_buf back;

bool jumps = true;

[[gnu::noinline]] void jumpOut(int depth) {
  char block[128];
  asm volatile("" : : "r"(block) : "memory");
  if (depth == 0) {
    probe();
    if (jumps) longjmp(back, 1);
  } else {
    jumpOut(depth - 1);
  }
  asm volatile("" ::: "memory");
}

TEST_F(Unwind, AfterLongjmp) {
  static int i;
  for (i = 0; i < 100; ++i) {
    if (setjmp(back) == 0) jumpOut(i % 9);
    descend(static_cast<std::uint64_t>(i), 3);
  }
}

ucontext_t outside;
ucontext_t inside;
std::uint64_t coroutineSeed;

void coroutine() {
  descend(coroutineSeed, 6);
  swapcontext(&inside, &outside);
}

TEST_F(Unwind, CoroutinesWhoseStacksAreUsedAgain) {
  for (int i = 0; i < 60; ++i) {
    const std::size_t bytes = 1 << (15 + i % 3);
    char* stack = reserve<char>(bytes);
    getcontext(&inside);
    inside.uc_stack.ss_sp = stack;
    inside.uc_stack.ss_size = bytes;
    inside.uc_link = nullptr;
    makecontext(&inside, coroutine, 0);
    coroutineSeed = static_cast<std::uint64_t>(i % 4);
    swapcontext(&outside, &inside);
    memoryUnmapped();
    munmap(stack, bytes);
  }
}

TEST_F(Unwind, Threads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      startThread();
      for (int j = 0; j < rounds() / 4; ++j) descend(static_cast<std::uint64_t>(i * 1000 + j % 7), 5);
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace heapatlas::unwind::test
