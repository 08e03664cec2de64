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

}  // namespace

ThreadStacks* ThreadStacks::create(void* memory, StackBounds bounds) {
  auto* stacks = static_cast<ThreadStacks*>(memory);
  stacks->moveTo(bounds);
  return stacks;
}

void ThreadStacks::moveTo(StackBounds bounds) {
  position_ += kWords + 1;  // what was kept is older than the store is long
  room_.reads.setBounds(bounds);
  nestedRoom_.reads.setBounds(bounds);
}

bool ThreadStacks::unchangedOwn(const Entry& entry) const {
  std::uint64_t at = entry.position % kWords;
  std::uint32_t left = (entry.words + kPadding) & ~kPadding;
  for (; left > kWordsInline; left -= kWordsInline, at += kWordsInline) {
    if (!equalWords(offsets_ + at, values_ + at, entry.origin, kWordsInline)) return false;
  }
  return equalWords(offsets_ + at, values_ + at, entry.origin, left);
}

// Word by word: that the inner words are as they were is what says that the outer ones are still there.
bool ThreadStacks::unchangedForeign(const Entry& entry) const {
  if (entry.foreignGeneration != foreignGeneration.load(std::memory_order_acquire)) return false;
  const std::uint64_t first = entry.position % kWords;
  for (std::uint64_t i = first; i < first + entry.words; ++i) {
    if (*reinterpret_cast<const volatile std::uint64_t*>(entry.origin + offsets_[i]) != values_[i]) return false;
  }
  return true;
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
  Walk walk(room.frames, room.reads, registers, codeUnsettled() ? ruleUncached : ruleFor);
  return intern(room, run(walk, false));
}

// The frame is the leaf's and its caller is where it was, but what lies behind has changed and been walked since.
bool ThreadStacks::relink(Leaf& leaf, const Registers& registers) {
  if (leaf.restPosition == 0 || leaf.sp != registers.sp || leaf.pc != registers.pc ||
      leaf.generation != codeGeneration.load(std::memory_order_acquire)) {
    return false;
  }
  // What depends on the base pointer is left to a walk, which finds out its value there.
  const std::uint32_t slot = slotOf(leaf.restSp, leaf.restPc);
  const Entry& rest = callers_[slot];
  if (leaf.baseMask != 0 || rest.baseMask != 0 || changesInOwn(leaf, registers.sp) != 0) return false;
  if (!isFor(rest, leaf.restSp, leaf.restPc, 0) || rest.frames >= kMaxFrames || !unchanged(rest)) return false;
  const std::uint32_t node = rest.node == leaf.restNode ? leaf.node : internNode(rest.node, leaf.pc, 0);
  if (node == 0) return false;
  leaf.restPosition = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  leaf.rest = slot;
  leaf.node = node;
  leaf.restNode = rest.node;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  leaf.restPosition = rest.position;
  return true;
}

ThreadStacks::Leaf& ThreadStacks::leafToReplace(std::uint32_t slot) {
  Leaf& first = leaves_[slot];
  Leaf& second = leaves_[slot ^ 1];
  return first.restPosition <= second.restPosition ? first : second;
}

std::uint32_t ThreadStacks::missed(std::uint32_t slot, std::uint64_t pc, std::uint64_t sp, std::uint64_t bp) noexcept {
  const Registers registers{pc, sp, bp};
  Leaf& first = leaves_[slot];
  Leaf& second = leaves_[slot ^ 1];
  if (holds(second, registers) || relink(second, registers)) return second.node;
  if (relink(first, registers)) return first.node;
  const Generations generations{codeGeneration.load(std::memory_order_acquire),
                                foreignGeneration.load(std::memory_order_acquire)};
  if (codeUnsettled() || registers.sp % 8 != 0) return walkAlone(room_, registers);
  Walk walk(room_.frames, room_.reads, registers, ruleFor);
  const Outcome outcome = run(walk, true);
  const bool restNeedsBase = outcome.rest != nullptr && outcome.rest->baseMask != 0;
  walk.needs(outcome.steps, restNeedsBase, restNeedsBase ? outcome.rest->base : 0);
  const std::uint32_t node = intern(room_, outcome);
  if (node == 0 || outcome.steps == 0) return node;
  const Entry* rest = outcome.steps > 1 ? keepCallers(registers, outcome, generations) : outcome.rest;
  if (rest != nullptr) keepLeaf(slot, registers, *rest, generations.code);
  return node;
}

ThreadStacks::Outcome ThreadStacks::run(Walk& walk, bool useCallers) {
  while (true) {
    if (useCallers && walk.count() != 0) {
      Entry* rest = callerOf(walk);
      if (rest != nullptr) return {walk.count(), walk.count(), rest, false, false};
    }
    const Walk::Step step = walk.step();
    const std::uint32_t count = walk.count();
    if (step != Walk::Step::Continue) {
      const bool cut = step == Walk::Step::Cut;
      return {count, count, nullptr, cut, cut};
    }
    if (count == kMaxFrames) {
      const std::uint32_t last = outermostKept(walk.frames());
      return {last + 1, last, nullptr, false, true};
    }
  }
}

// The entry for what lies behind the frames walked so far, if it still holds.
ThreadStacks::Entry* ThreadStacks::callerOf(Walk& walk) {
  Entry& entry = callers_[slotOf(walk.sp(), walk.pc())];
  if (entry.sp != walk.sp() || entry.pc != walk.pc()) return nullptr;
  // Its words are copied behind a reservation, which must not overwrite them.
  if (position_ + std::uint64_t{2} * kMaxRun - entry.position > kWords || walk.count() + entry.frames > kMaxFrames)
    return nullptr;
  std::uint64_t base = 0;
  if (entry.baseMask != 0 && !walk.base(base)) return nullptr;
  return isFor(entry, walk.sp(), walk.pc(), base) && unchanged(entry) ? &entry : nullptr;
}

std::uint32_t ThreadStacks::intern(Room& room, const Outcome& outcome) {
  if (outcome.unknown) countCutStack();
  std::uint32_t node = outcome.rest == nullptr ? 0 : outcome.rest->node;
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

// A run does not wrap: one that would begins at the store's start.
std::uint64_t ThreadStacks::reserve(std::uint32_t words) {
  const std::uint64_t left = kWords - position_ % kWords;
  if (left < words) position_ += left;
  const std::uint64_t start = position_;
  position_ += words;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  return start;
}

bool ThreadStacks::writeWords(const Registers& registers, const Outcome& outcome, std::uint64_t position,
                              std::uint32_t total) {
  std::uint32_t* offset = offsets_ + position % kWords;
  std::uint64_t* value = values_ + position % kWords;
  std::uint64_t wide = 0;
  const auto put = [&](std::uint64_t address, std::uint64_t word) {
    const std::uint64_t distance = (address - registers.sp) / 8;
    wide |= distance >> 32;
    *offset++ = static_cast<std::uint32_t>(distance);
    *value++ = word;
  };
  for (std::uint32_t i = 1; i < outcome.steps; ++i) {
    const Frame& frame = room_.frames[i];
    for (std::uint32_t w = 0; w < frame.wordCount; ++w) put(frame.words[w].address, frame.words[w].value);
    if (frame.needsSavedBase) put(frame.savedBase.address, frame.savedBase.value);
  }
  if (outcome.rest != nullptr) {
    const std::uint64_t from = outcome.rest->position % kWords;
    const auto origin = reinterpret_cast<std::uint64_t>(outcome.rest->origin);
    for (std::uint32_t w = 0; w < outcome.rest->words; ++w) put(origin + offsets_[from + w] * 8ull, values_[from + w]);
  }
  for (std::uint32_t w = 0; w < kPadding && total != 0; ++w) {
    offset[w] = offset[-1];
    value[w] = value[-1];
  }
  return wide == 0;
}

// A handler may leave in the middle of this by longjmp: an entry without sp is nobody's, at position 0 no leaf's.
void ThreadStacks::replace(Entry& entry, const Entry& fresh) {
  Entry nobodys = fresh;
  nobodys.sp = 0;
  nobodys.position = 0;
  entry.sp = 0;
  entry.position = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry = nobodys;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.position = fresh.position;
  entry.sp = fresh.sp;
}

// The entries of all frames walked but the innermost; returns that of its caller, null when nothing was kept.
const ThreadStacks::Entry* ThreadStacks::keepCallers(const Registers& registers, const Outcome& outcome,
                                                     const Generations& generations) {
  std::uint32_t behind = outcome.rest == nullptr ? 0 : outcome.rest->words;
  std::uint32_t frames = outcome.rest == nullptr ? outcome.frames - outcome.steps : outcome.rest->frames;
  std::uint32_t total = behind;
  for (std::uint32_t i = 1; i < outcome.steps; ++i) total += room_.frames[i].readCount();
  const std::uint64_t position = reserve(total + kPadding);
  if (!writeWords(registers, outcome, position, total)) return nullptr;
  const auto* origin = reinterpret_cast<const std::uint64_t*>(registers.sp);
  const bool foreign = room_.reads.foreign() || (outcome.rest != nullptr && outcome.rest->foreignGeneration != 0);
  // Its words were copied; where the old ones will soon be overwritten it goes on with the new ones.
  if (outcome.rest != nullptr && position - outcome.rest->position > kWords / 2) {
    Entry moved = *outcome.rest;
    moved.position = position + total - behind;
    moved.origin = origin;
    replace(*outcome.rest, moved);
  }
  Entry* entry = nullptr;
  for (std::uint32_t i = outcome.steps; i-- > 1;) {
    const Frame& frame = room_.frames[i];
    behind += frame.readCount();
    ++frames;
    entry = &callers_[slotOf(frame.sp, frame.pc)];
    replace(*entry, {frame.sp, frame.pc, frame.base, frame.needsBase ? ~0ull : 0, origin, position + total - behind,
                     generations.code, foreign ? generations.foreign : 0, frame.node,
                     static_cast<std::uint16_t>(behind), static_cast<std::uint16_t>(frames)});
  }
  return entry;
}

void ThreadStacks::keepLeaf(std::uint32_t slot, const Registers& registers, const Entry& rest,
                            std::uint32_t generation) {
  const Frame& frame = room_.frames[0];
  StackWord words[kOwnWords];
  std::uint32_t count = 0;
  for (; count < frame.wordCount; ++count) words[count] = frame.words[count];
  if (frame.needsSavedBase) words[count++] = frame.savedBase;
  if (count == 0) return;
  Leaf& leaf = leafToReplace(slot);
  leaf.restPosition = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  for (std::uint32_t i = 0; i < kOwnWords; ++i) {
    const StackWord& word = words[i < count ? i : count - 1];
    const std::uint64_t distance = (word.address - registers.sp) / 8;
    if (distance >> 32 != 0) return;
    leaf.offsets[i] = static_cast<std::uint32_t>(distance);
    leaf.values[i] = word.value;
  }
  leaf.sp = registers.sp;
  leaf.pc = registers.pc;
  leaf.base = frame.base;
  leaf.baseMask = frame.needsBase ? ~0ull : 0;
  leaf.rest = static_cast<std::uint32_t>(&rest - callers_);
  leaf.generation = generation;
  leaf.node = frame.node;
  leaf.restNode = rest.node;
  leaf.restSp = rest.sp;
  leaf.restPc = rest.pc;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  leaf.restPosition = rest.position;
}

}  // namespace heapatlas::unwind
