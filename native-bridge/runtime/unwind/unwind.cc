// ThreadStacks behind unwind.h: the cache with its read sets, and the walk that fills it.
// The hit path (holds) is a loop of loads and compares and nothing else.
#include "unwind.h"

#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <new>

#include "objects.h"
#include "rules.h"
#include "trie.h"

namespace heapatlas::unwind {
namespace {

std::atomic<std::uint32_t> generation{1};
std::atomic<std::uint32_t> foreignGeneration{1};
ring::Header* shared = nullptr;
ring::Module* sharedModules = nullptr;

// Offsets in the ucontext that the kernel leaves at sp when a signal handler returns (x86-64, asm/sigcontext.h).
constexpr std::uint64_t kContextBp = 40 + 10 * 8;
constexpr std::uint64_t kContextSp = 40 + 15 * 8;
constexpr std::uint64_t kContextPc = 40 + 16 * 8;

constexpr std::uint32_t kScansForUnknownCode = 256;  // code outside every object may be a just-in-time compiler's

// The caller lies in no known object: something was loaded since the last scan, or it is generated code.
void findNewObjects() {
  static std::atomic<std::uint32_t> scans{0};
  if (shared == nullptr || scans.fetch_add(1, std::memory_order_relaxed) >= kScansForUnknownCode) return;
  if (scanObjects(shared, sharedModules)) scans.store(0, std::memory_order_relaxed);
}

bool mapped(std::uint64_t address) {
  std::uint64_t value = 0;
  iovec local{&value, sizeof value};
  iovec remote{reinterpret_cast<void*>(address), sizeof value};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == sizeof value;
}

}  // namespace

// One walk: steps by rules, and keeps every word that it read in the thread's arena.
class ThreadStacks::Walk {
 public:
  Walk(ThreadStacks& stacks, const Registers& registers) : stacks_(stacks), now_(registers) {}

  // Fills frames_ (leaf first); the count. A frame's lowest bit of exactness is kept apart in exact_.
  std::uint32_t run() {
    std::uint32_t count = 0;
    bool exact = false;
    while (count < kMaxFrames) {
      stacks_.frames_[count++] = now_.pc | (exact ? kExactBit : 0);
      const Rule rule = ruleFor(now_.pc, exact);
      if (rule.cfa == Cfa::End) return count;
      exact = rule.cfa == Cfa::SignalFrame;
      if (!(exact ? stepSignal() : step(rule))) break;
      if (now_.pc == 0) return count;
    }
    cut = true;
    return count;
  }

  static constexpr std::uint64_t kExactBit = 1ull << 63;
  bool cut = false;
  bool usesBase = false;
  bool foreign = false;
  bool kept = true;

 private:
  bool load(std::uint64_t address, std::uint64_t& value) {
    if (address % 8 != 0) return false;
    if (address < stacks_.bounds_.low || address + 8 > stacks_.bounds_.high) {
      const std::uint64_t page = address >> 12;
      if (page != provenPage_) {
        if (!mapped(address)) return false;
        provenPage_ = page;
      }
      foreign = true;
    }
    std::memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
    if (stacks_.usedWords_ == kWords) kept = false;
    else stacks_.words_[stacks_.usedWords_++] = {address, value};
    return true;
  }

  // The base register's first use makes the cached stack depend on it; later ones depend on a word that was read.
  std::uint64_t base() {
    if (baseIsInitial_) usesBase = true;
    return now_.bp;
  }

  bool step(const Rule& rule) {
    std::uint64_t cfa = 0;
    const auto offset = static_cast<std::uint64_t>(std::int64_t{rule.cfaOffset});
    switch (rule.cfa) {
      case Cfa::StackPlus: cfa = now_.sp + offset; break;
      case Cfa::BasePlus:
        if (!baseKnown_) return false;
        cfa = base() + offset;
        break;
      case Cfa::BaseDeref:
        if (!baseKnown_ || !load(base() + offset, cfa)) return false;
        break;
      default: return false;
    }
    if (cfa <= now_.sp) return false;
    const auto baseOffset = static_cast<std::uint64_t>(std::int64_t{rule.baseOffset});
    std::uint64_t savedBase = now_.bp;
    bool known = baseKnown_;
    bool initial = baseIsInitial_;
    if (rule.base == SavedBase::AtCfaOffset || rule.base == SavedBase::AtBaseOffset) {
      if (rule.base == SavedBase::AtBaseOffset && !baseKnown_) return false;
      if (!load((rule.base == SavedBase::AtCfaOffset ? cfa : base()) + baseOffset, savedBase)) return false;
      known = true;
      initial = false;
    } else if (rule.base == SavedBase::Unknown) {
      known = false;
    }
    if (!load(cfa - 8, now_.pc)) return false;
    now_.sp = cfa;
    now_.bp = savedBase;
    baseKnown_ = known;
    baseIsInitial_ = initial;
    return true;
  }

  bool stepSignal() {
    const std::uint64_t context = now_.sp;
    baseKnown_ = true;
    baseIsInitial_ = false;
    return load(context + kContextBp, now_.bp) && load(context + kContextPc, now_.pc) && load(context + kContextSp, now_.sp);
  }

  ThreadStacks& stacks_;
  Registers now_;
  bool baseKnown_ = true;
  bool baseIsInitial_ = true;
  std::uint64_t provenPage_ = 0;
};

void start(ring::Header* header, ring::Module* modules, ring::StackNode* nodes, bool (*reserve)(std::uint32_t)) {
  shared = header;
  sharedModules = modules;
  startTrie(header, nodes, reserve);
  forgetRules();
  scanObjects(header, modules);
  generation.fetch_add(1);
}

void modulesChanged() {
  if (shared == nullptr) return;
  scanObjects(shared, sharedModules);
  forgetRules();
  generation.fetch_add(1);
}

void memoryUnmapped() { foreignGeneration.fetch_add(1, std::memory_order_relaxed); }

std::size_t ThreadStacks::bytes() { return sizeof(ThreadStacks); }

ThreadStacks* ThreadStacks::create(void* memory, StackBounds bounds) {
  auto* stacks = static_cast<ThreadStacks*>(memory);
  stacks->bounds_ = bounds;
  return stacks;
}

bool ThreadStacks::holds(const Entry& entry, const Registers& registers) const noexcept {
  if (entry.sp != registers.sp || entry.pc != registers.pc) return false;
  if (entry.generation != generation.load(std::memory_order_relaxed)) return false;
  if (entry.usesBase && entry.bp != registers.bp) return false;
  if (entry.foreign && entry.foreignGeneration != foreignGeneration.load(std::memory_order_relaxed)) return false;
  const Word* word = words_ + entry.firstWord;
  std::uint64_t different = 0;
  for (const Word* end = word + entry.words; word != end; ++word) {
    different |= *reinterpret_cast<const volatile std::uint64_t*>(word->address) ^ word->value;
  }
  return different == 0;
}

std::uint32_t ThreadStacks::capture(const Registers& registers) noexcept {
  if (busy_) return internNode(0, registers.pc, kNodeCut);
  busy_ = true;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::uint64_t at = (registers.sp >> 4) * 31 + registers.pc * 0x9E3779B97F4A7C15ull % 1021;
  Entry& entry = entries_[at % kEntries];
  const std::uint32_t node = holds(entry, registers) ? entry.node : walkAndKeep(entry, registers);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  busy_ = false;
  return node;
}

std::uint32_t ThreadStacks::walkAndKeep(Entry& entry, const Registers& registers) noexcept {
  if (usedWords_ > kWords - 2 * kMaxFrames) {
    usedWords_ = 0;
    std::memset(entries_, 0, sizeof entries_);
  }
  if (objectAt(registers.pc) == nullptr) findNewObjects();
  entry.sp = 0;
  const std::uint32_t first = usedWords_;
  Walk walk(*this, registers);
  const std::uint32_t count = walk.run();
  std::uint32_t node = 0;
  for (std::uint32_t i = count; i-- > 0;) {
    const bool last = i + 1 == count && walk.cut;
    const std::uint32_t flags = ((frames_[i] & Walk::kExactBit) != 0 ? kNodeExact : 0) | (last ? kNodeCut : 0);
    node = internNode(node, frames_[i] & ~Walk::kExactBit, flags);
    if (node == 0) return 0;
  }
  if (walk.cut) shared->stackFallbacks.fetch_add(1, std::memory_order_relaxed);
  if (walk.kept) {
    entry = {registers.sp, registers.pc, registers.bp, generation.load(), foreignGeneration.load(), node, first,
             static_cast<std::uint16_t>(usedWords_ - first), walk.usesBase, walk.foreign};
  }
  return node;
}

}  // namespace heapatlas::unwind
