// What cache.h does when a stack is not the one that was kept.
#include "cache.h"

#include "trie.h"

namespace heapatlas::unwind {
namespace {

// The outermost frame to keep of a stack that is too deep. A frame at the edge of a block of addresses is taken, so
// that captures at neighbouring depths end at the same frame and share their nodes.
std::uint32_t outermostKept(const Frame* frames) {
  constexpr unsigned kBlockBits = 14;
  for (std::uint32_t i = kMaxFrames - 1; i > kMaxFrames / 2; --i) {
    if (frames[i].sp >> kBlockBits != frames[i - 1].sp >> kBlockBits) return i;
  }
  return kMaxFrames - 1;
}

bool isAt(const Callers::Caller& caller, Walk& walk) {
  if (caller.sp != walk.sp() || caller.pc != walk.pc()) return false;
  std::uint64_t base = 0;
  return !caller.needsBase || (walk.base(base) && base == caller.base);
}

}  // namespace

ThreadStacks* ThreadStacks::create(void* memory, StackBounds bounds) {
  auto* stacks = static_cast<ThreadStacks*>(memory);
  stacks->moveTo(bounds);
  return stacks;
}

void ThreadStacks::moveTo(StackBounds bounds) {
  for (Callers& callers : callers_) callers.forget();
  room_.reads.setBounds(bounds);
  nestedRoom_.reads.setBounds(bounds);
}

// From the inside out: that the inner words are as they were is what says that the outer ones are still there.
bool ThreadStacks::holdsElsewhere(const Leaf& leaf, const Registers& registers, std::uint32_t stack) {
  const Callers& callers = callers_[stack];
  if (!isFor(leaf, registers, stack)) return false;
  for (std::uint32_t i = 0; i < kOwnWords; ++i) {
    std::uint64_t value = 0;
    if (!room_.reads.load(registers.sp + leaf.offsets[i] * 8ull, value) || value != leaf.values[i]) return false;
  }
  return callers.unchanged(callers[leaf.rest], room_.reads);
}

// Whether a capture that began at sp, on the thread's own stack, cannot be under way any more.
bool ThreadStacks::isBehind(const Registers& registers, std::uint64_t sp) const {
  return room_.reads.inBounds(sp) && room_.reads.inBounds(registers.sp) && registers.sp >= sp;
}

std::uint32_t ThreadStacks::captureNested(std::uint64_t pc, std::uint64_t sp, std::uint64_t bp) noexcept {
  const Registers registers{pc, sp, bp};
  if (isBehind(registers, busySp_)) {
    busySp_ = nestedSp_ = 0;
    return capture(registers);
  }
  if (nestedSp_ != 0 && !isBehind(registers, nestedSp_)) return internNode(0, registers.pc, kNodeCut);
  nestedSp_ = registers.sp;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::uint32_t node = walkAlone(nestedRoom_, registers);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  nestedSp_ = 0;
  return node;
}

std::uint32_t ThreadStacks::walkAlone(Room& room, const Registers& registers) {
  Walk walk(room.frames, room.reads, registers);
  const bool kept = !codeUnsettled();
  return intern(room, run(walk, walk.rule(kept), kept, nullptr), 0);
}

// Which of callers_ is the stack that sp lies in.
std::uint32_t ThreadStacks::stackAround(std::uint64_t sp) {
  if (room_.reads.inBounds(sp)) return 0;
  for (std::uint32_t i = 1; i < kStacks; ++i) {
    if (callers_[i].reaches(sp)) return i;
  }
  lastStack_ = lastStack_ % (kStacks - 1) + 1;
  callers_[lastStack_].forget();
  return lastStack_;
}

std::uint32_t ThreadStacks::missed(std::uint32_t slot, std::uint64_t pc, std::uint64_t sp, std::uint64_t bp) noexcept {
  const Registers registers{pc, sp, bp};
  const Leaf& first = leaves_[slot];
  const Leaf& second = leaves_[slot ^ 1];
  if (holds(second, registers)) return second.node;
  const std::uint32_t generation = codeGeneration.load(std::memory_order_acquire);
  if (codeUnsettled() || registers.sp % 8 != 0) return walkAlone(room_, registers);
  const std::uint32_t stack = stackAround(registers.sp);
  if (stack != 0) {
    room_.reads.startAt(registers.sp);
    if (holdsElsewhere(first, registers, stack)) return first.node;
    if (holdsElsewhere(second, registers, stack)) return second.node;
  }
  return walkToCallers(slot, registers, stack, generation);
}

std::uint32_t ThreadStacks::walkToCallers(std::uint32_t slot, const Registers& registers, std::uint32_t stack,
                                          std::uint32_t generation) {
  Callers& callers = callers_[stack];
  StackReads& reads = room_.reads;
  if (callers.count() == 0 || callers.generation() != generation) {
    constexpr std::uint64_t kReach = 16ull << 30;
    callers.restart(stack == 0 ? reads.bounds().low & ~7ull : registers.sp - kReach, generation);
  }
  const Rule innermost = ruleOf(slot, registers, generation);
  Walk walk(room_.frames, reads, registers);
  const Outcome outcome = run(walk, innermost, true, &callers);
  const Callers::Caller none{};
  const Callers::Caller& behind = outcome.rest == 0 ? none : callers[outcome.rest - 1];
  walk.needs(outcome.steps, behind.needsBase, behind.base);
  const std::uint32_t node = intern(room_, outcome, behind.node);
  // Of the thread's own stack only what is read plainly is kept.
  if (node == 0 || (stack == 0 && reads.foreign())) return node;
  if (outcome.steps > 1 && !callers.extend(outcome.rest, room_.frames, outcome.steps)) return node;
  if (outcome.rest + outcome.steps > 1) keepLeaf(slot, registers, outcome.steps, stack, outcome.rest, innermost);
  return node;
}

// Of the innermost frame: a leaf that stood at this pc has it at hand.
Rule ThreadStacks::ruleOf(std::uint32_t slot, const Registers& registers, std::uint32_t generation) const {
  for (const std::uint32_t at : {slot, slot ^ 1}) {
    const Leaf& leaf = leaves_[at];
    if (leaf.sp != 0 && leaf.pc == registers.pc && leaf.generation == generation) return leaf.rule;
  }
  return ruleFor(registers.pc, false);
}

// rule: of the innermost frame. callers: those that the walk may join, null for none.
ThreadStacks::Outcome ThreadStacks::run(Walk& walk, Rule rule, bool keepRules, const Callers* callers) {
  const std::uint64_t sp = walk.sp();
  std::uint32_t usable = 0;
  while (true) {
    const Walk::Step step = walk.step(rule);
    const std::uint32_t count = walk.count();
    if (step != Walk::Step::Continue) {
      const bool cut = step == Walk::Step::Cut;
      return {count, count, 0, cut, cut};
    }
    if (count == kMaxFrames) {
      const std::uint32_t last = outermostKept(walk.frames());
      return {last + 1, last, 0, false, true};
    }
    if (count == 1 && callers != nullptr) {
      prefetchRule(walk.pc());  // a cache miss that the look at the callers hides
      usable = callers->unchangedFrom(sp, callers == callers_ ? nullptr : &room_.reads);
    }
    if (usable != 0) usable = callers->outside(walk.sp(), usable);
    if (usable != 0 && count + usable < kMaxFrames && isAt((*callers)[usable - 1], walk)) {
      return {count, count, usable, false, false};
    }
    rule = walk.rule(keepRules);
  }
}

std::uint32_t ThreadStacks::intern(Room& room, const Outcome& outcome, std::uint32_t rest) const {
  if (outcome.unknown) countCutStack();
  std::uint32_t node = rest;
  for (std::uint32_t i = outcome.frames; i-- > 0;) {
    Frame& frame = room.frames[i];
    const bool last = outcome.cut && i + 1 == outcome.frames;
    const std::uint32_t flags = ((frame.pc & kExactBit) != 0 ? kNodeExact : 0) | (last ? kNodeCut : 0);
    node = internNode(node, frame.pc & ~kExactBit, flags);
    if (node == 0) return 0;
    frame.node = node;
  }
  return node;
}

// The frames of a walk that ended at the outermost `rest` callers. All of them become the leaf's where their words have
// room, for then the leaf lasts as long as that caller does; else the innermost alone, with its caller behind it.
void ThreadStacks::keepLeaf(std::uint32_t slot, const Registers& registers, std::uint32_t frames, std::uint32_t stack,
                            std::uint32_t rest, const Rule& rule) {
  std::uint32_t words = 0;
  for (std::uint32_t i = 0; i < frames && words <= kOwnWords; ++i) words += room_.frames[i].readCount();
  const bool all = rest != 0 && stack == 0 && words <= kOwnWords;
  const std::uint32_t behind = all ? rest - 1 : rest + frames - 2;
  const Frame& innermost = room_.frames[0];
  Leaf& first = leaves_[slot];
  Leaf& second = leaves_[slot ^ 1];
  Leaf& leaf = first.written <= second.written ? first : second;
  leaf.sp = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::uint32_t at = 0;
  std::uint64_t wide = 0;
  const auto note = [&](const StackWord& word) {
    const std::uint64_t distance = (word.address - registers.sp) / 8;
    wide |= distance >> 16;
    leaf.offsets[at] = static_cast<std::uint16_t>(distance);
    leaf.values[at++] = word.value;
  };
  for (std::uint32_t i = 0; i < (all ? frames : 1); ++i) {
    const Frame& frame = room_.frames[i];
    for (std::uint32_t w = 0; w < frame.wordCount; ++w) note(frame.words[w]);
    if (frame.needsSavedBase) note(frame.savedBase);
  }
  if (at == 0 || wide != 0) return;
  for (; at < kOwnWords; ++at) {
    leaf.offsets[at] = leaf.offsets[at - 1];
    leaf.values[at] = leaf.values[at - 1];
  }
  const Callers::Caller& caller = callers_[stack][behind];
  leaf.pc = registers.pc;
  leaf.base = innermost.base;
  leaf.needsBase = innermost.needsBase ? -1 : 0;
  leaf.node = innermost.node;
  leaf.generation = callers_[stack].generation();
  leaf.stack = static_cast<std::uint8_t>(stack);
  leaf.rest = static_cast<std::uint16_t>(behind);
  leaf.restSp = caller.sp;
  leaf.restBase = caller.base;
  leaf.restNode = caller.node;
  leaf.rule = rule;
  leaf.written = ++leavesWritten_;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  leaf.sp = registers.sp;
}

}  // namespace heapatlas::unwind
