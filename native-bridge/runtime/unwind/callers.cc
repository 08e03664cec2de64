// See callers.h.
#include "callers.h"

#include <atomic>

namespace heapatlas::unwind {

void Callers::restart(std::uint64_t origin, std::uint32_t generation) {
  count_ = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  origin_ = reinterpret_cast<const std::uint64_t*>(origin);
  generation_ = generation;
}

bool Callers::reaches(std::uint64_t sp) const {
  constexpr std::uint64_t kReach = 1 << 20;
  return count_ != 0 && callers_[0].sp - sp < kReach;
}

std::uint32_t Callers::outside(std::uint64_t sp, std::uint32_t count) const {
  while (count != 0 && callers_[count - 1].sp < sp) --count;
  return count;
}

bool Callers::manyUnchanged(std::uint32_t first) const {
  for (; first + kWordsInline < kWords; first += kWordsInline) {
    if (!equalWords(first, first + kWordsInline)) return false;
  }
  return equalWords(first, kWords);
}

bool Callers::isUnchanged(std::uint32_t word, StackReads* reads) const {
  const std::uint64_t* address = origin_ + offsets_[word];
  if (reads == nullptr) return *address == values_[word];
  std::uint64_t value = 0;
  return reads->load(reinterpret_cast<std::uint64_t>(address), value) && value == values_[word];
}

bool Callers::unchanged(const Caller& caller, StackReads& reads) const {
  for (std::uint32_t i = caller.first; i < kWords; ++i) {
    if (!isUnchanged(i, &reads)) return false;
  }
  return true;
}

std::uint32_t Callers::unchangedFrom(std::uint64_t sp, StackReads* reads) const {
  std::uint32_t count = outside(sp, count_);
  const std::uint32_t first = count == 0 ? kWords : callers_[count - 1].first;
  std::uint32_t same = kWords;  // from here on
  while (reads == nullptr && same >= first + 4 && equalWords(same - 4, same)) same -= 4;
  while (same > first && isUnchanged(same - 1, reads)) --same;
  while (count != 0 && callers_[count - 1].first < same) --count;
  return count;
}

// Its words, before those that begin at `end`.
bool Callers::put(const Frame& frame, std::uint32_t end) {
  std::uint32_t at = end - frame.readCount();
  std::uint64_t wide = 0;
  const auto note = [&](const StackWord& word) {
    const std::uint64_t distance = (word.address - reinterpret_cast<std::uint64_t>(origin_)) / 8;
    wide |= distance >> 32;
    offsets_[at] = static_cast<std::uint32_t>(distance);
    values_[at++] = word.value;
  };
  for (std::uint32_t i = 0; i < frame.wordCount; ++i) note(frame.words[i]);
  if (frame.needsSavedBase) note(frame.savedBase);
  for (std::uint32_t i = 0; i < kPadding && end == kWords; ++i) {
    offsets_[kWords + i] = offsets_[kWords - 1];
    values_[kWords + i] = values_[kWords - 1];
  }
  return wide == 0;
}

bool Callers::extend(std::uint32_t kept, const Frame* frames, std::uint32_t count) {
  count_ = kept;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::uint32_t first = kept == 0 ? kWords : callers_[kept - 1].first;
  std::uint32_t at = kept;
  for (std::uint32_t i = count; i-- > 1;) {
    const Frame& frame = frames[i];
    if (!put(frame, first)) return false;
    first -= frame.readCount();
    const std::uint64_t base = frame.needsBase ? frame.base : 0;
    callers_[at++] = {frame.sp, frame.pc, base, frame.node, static_cast<std::uint16_t>(first), frame.needsBase};
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  count_ = at;
  return true;
}

}  // namespace heapatlas::unwind
