// The cache behind cache.h. The hit path (find, isFor, unchanged) makes no call and no store but busySp_.
#include "cache.h"

#include <emmintrin.h>

#include <atomic>
#include <cstring>

#include "generations.h"
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

// Two words of the stack beside each other.
__m128i pairAt(const std::uint64_t* origin, const std::uint32_t* offsets) {
  std::uint64_t both = 0;
  std::memcpy(&both, offsets, sizeof both);
  const auto* first = reinterpret_cast<const double*>(origin + static_cast<std::uint32_t>(both));
  const auto* second = reinterpret_cast<const double*>(origin + (both >> 32));
  return _mm_castpd_si128(_mm_loadh_pd(_mm_load_sd(first), second));
}

__m128i valuesAt(const std::uint64_t* values) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(values)); }

bool isZero(__m128i bits) { return _mm_movemask_epi8(_mm_cmpeq_epi8(bits, _mm_setzero_si128())) == 0xffff; }

}  // namespace

void Cache::open(StackBounds bounds) {
  position_ += kWords + 1;  // what was kept is older than the store is long
  room_.reads.setBounds(bounds);
  nestedRoom_.reads.setBounds(bounds);
}

std::uint32_t Cache::slotOf(std::uint64_t sp, std::uint64_t pc) {
  return static_cast<std::uint32_t>(((sp << 20) ^ pc) * 0x9E3779B97F4A7C15ull >> (64 - kEntryBits));
}

bool Cache::isFor(const Entry& entry, std::uint64_t sp, std::uint64_t pc, std::uint64_t base) const {
  const std::uint64_t different = (entry.sp ^ sp) | (entry.pc ^ pc) | ((entry.base ^ base) & entry.baseMask) |
                                  (entry.generation ^ codeGeneration.load(std::memory_order_acquire));
  return different == 0 && position_ - entry.position <= kWords;
}

bool Cache::unchanged(const Entry& entry) const {
  if (entry.foreignGeneration != 0) [[unlikely]]
    return unchangedForeign(entry);
  constexpr std::uint32_t kBlock = 32;  // words between two looks at the result
  const std::uint64_t* origin = entry.origin;
  const std::uint32_t* offsets = offsets_ + entry.position % kWords;
  const std::uint64_t* values = values_ + entry.position % kWords;
  std::uint32_t left = (entry.words + kPadding) & ~kPadding;
  while (true) {
    const std::uint32_t* end = offsets + (left < kBlock ? left : kBlock);
    left -= static_cast<std::uint32_t>(end - offsets);
    __m128i even = _mm_setzero_si128();
    __m128i odd = even;
    for (; offsets != end; offsets += 4, values += 4) {
      even = _mm_or_si128(even, _mm_xor_si128(pairAt(origin, offsets), valuesAt(values)));
      odd = _mm_or_si128(odd, _mm_xor_si128(pairAt(origin, offsets + 2), valuesAt(values + 2)));
    }
    if (!isZero(_mm_or_si128(even, odd))) return false;
    if (left == 0) return true;
  }
}

// Word by word: that the inner words are as they were is what says that the outer ones are still there.
bool Cache::unchangedForeign(const Entry& entry) const {
  if (entry.foreignGeneration != foreignGeneration.load(std::memory_order_acquire)) return false;
  const std::uint64_t first = entry.position % kWords;
  for (std::uint64_t i = first; i < first + entry.words; ++i) {
    if (*reinterpret_cast<const volatile std::uint64_t*>(entry.origin + offsets_[i]) != values_[i]) return false;
  }
  return true;
}

std::uint32_t Cache::find(const Registers& registers) noexcept {
  if (busySp_ != 0) [[unlikely]]
    return findNested(registers);
  busySp_ = registers.sp;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  Entry& leaf = leaves_[slotOf(registers.sp, registers.pc)];
  const bool hit = isFor(leaf, registers.sp, registers.pc, registers.bp) && unchanged(leaf);
  const std::uint32_t node = hit ? leaf.node : missed(leaf, registers);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  busySp_ = 0;
  return node;
}

// Whether a capture that began at sp, on the thread's own stack, cannot be under way any more.
bool Cache::isBehind(const Registers& registers, std::uint64_t sp) const {
  return room_.reads.inBounds(sp) && room_.reads.inBounds(registers.sp) && registers.sp >= sp;
}

std::uint32_t Cache::findNested(const Registers& registers) {
  if (isBehind(registers, busySp_)) {
    busySp_ = nestedSp_ = 0;
    return find(registers);
  }
  if (nestedSp_ != 0 && !isBehind(registers, nestedSp_)) return internNode(0, registers.pc, kNodeCut);
  nestedSp_ = registers.sp;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::uint32_t node = walkAlone(nestedRoom_, registers);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  nestedSp_ = 0;
  return node;
}

std::uint32_t Cache::walkAlone(Room& room, const Registers& registers) {
  Walk walk(room.frames, room.reads, registers, codeUnsettled() ? ruleUncached : ruleFor);
  return intern(room, run(walk, false));
}

std::uint32_t Cache::missed(Entry& leaf, const Registers& registers) {
  const Generations generations{codeGeneration.load(std::memory_order_acquire),
                                foreignGeneration.load(std::memory_order_acquire)};
  if (codeUnsettled() || registers.sp % 8 != 0) return walkAlone(room_, registers);
  Walk walk(room_.frames, room_.reads, registers, ruleFor);
  const Outcome outcome = run(walk, true);
  const bool restNeedsBase = outcome.rest != nullptr && outcome.rest->baseMask != 0;
  walk.needs(outcome.steps, restNeedsBase, restNeedsBase ? outcome.rest->base : 0);
  const std::uint32_t node = intern(room_, outcome);
  if (node != 0) keep(leaf, registers, outcome, generations);
  return node;
}

Cache::Outcome Cache::run(Walk& walk, bool useCallers) {
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
Cache::Entry* Cache::callerOf(Walk& walk) {
  Entry& entry = callers_[slotOf(walk.sp(), walk.pc())];
  if (entry.sp != walk.sp() || entry.pc != walk.pc()) return nullptr;
  // Its words are copied behind a reservation, which must not overwrite them.
  if (position_ + 2 * kMaxRun - entry.position > kWords || walk.count() + entry.frames > kMaxFrames) return nullptr;
  std::uint64_t base = 0;
  if (entry.baseMask != 0 && !walk.base(base)) return nullptr;
  return isFor(entry, walk.sp(), walk.pc(), base) && unchanged(entry) ? &entry : nullptr;
}

std::uint32_t Cache::intern(Room& room, const Outcome& outcome) const {
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
std::uint64_t Cache::reserve(std::uint32_t words) {
  const std::uint64_t left = kWords - position_ % kWords;
  if (left < words) position_ += left;
  const std::uint64_t start = position_;
  position_ += words;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  return start;
}

bool Cache::writeWords(const Registers& registers, const Outcome& outcome, std::uint64_t position,
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
  for (std::uint32_t i = 0; i < outcome.steps; ++i) {
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

// A handler may leave in the middle of this by longjmp: an entry without sp is nobody's.
void Cache::replace(Entry& entry, Entry fresh) {
  const std::uint64_t sp = fresh.sp;
  fresh.sp = 0;
  entry.sp = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry = fresh;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entry.sp = sp;
}

void Cache::keep(Entry& leaf, const Registers& registers, const Outcome& outcome, const Generations& generations) {
  std::uint32_t behind = outcome.rest == nullptr ? 0 : outcome.rest->words;
  std::uint32_t frames = outcome.rest == nullptr ? outcome.frames - outcome.steps : outcome.rest->frames;
  std::uint32_t total = behind;
  for (std::uint32_t i = 0; i < outcome.steps; ++i) total += room_.frames[i].readCount();
  const std::uint64_t position = reserve(total + kPadding);
  if (!writeWords(registers, outcome, position, total)) return;
  const auto* origin = reinterpret_cast<const std::uint64_t*>(registers.sp);
  const bool foreign = room_.reads.foreign() || (outcome.rest != nullptr && outcome.rest->foreignGeneration != 0);
  if (outcome.rest != nullptr) {
    Entry moved = *outcome.rest;
    moved.position = position + total - behind;
    moved.origin = origin;
    replace(*outcome.rest, moved);
  }
  for (std::uint32_t i = outcome.steps; i-- > 0;) {
    const Frame& frame = room_.frames[i];
    behind += frame.readCount();
    ++frames;
    replace(i == 0 ? leaf : callers_[slotOf(frame.sp, frame.pc)],
            {frame.sp, frame.pc, frame.base, frame.needsBase ? ~0ull : 0, origin, position + total - behind,
             generations.code, foreign ? generations.foreign : 0, frame.node, static_cast<std::uint16_t>(behind),
             static_cast<std::uint16_t>(frames)});
  }
}

}  // namespace heapatlas::unwind
