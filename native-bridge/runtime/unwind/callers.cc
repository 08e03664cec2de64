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

bool Callers::manyUnchanged(std::uint32_t words) const {
  std::uint32_t left = (words + kPadding) & ~kPadding;
  std::uint32_t at = kWords - words;
  for (; left > kWordsInline; left -= kWordsInline, at += kWordsInline) {
    if (!equalWords(at, kWordsInline)) return false;
  }
  return equalWords(at, left);
}

bool Callers::isUnchanged(std::uint32_t word, StackReads* reads) const {
  const std::uint64_t* address = origin_ + offsets_[word];
  if (reads == nullptr) return *address == values_[word];
  std::uint64_t value = 0;
  return reads->load(reinterpret_cast<std::uint64_t>(address), value) && value == values_[word];
}

bool Callers::unchanged(const Caller& caller, StackReads& reads) const {
  for (std::uint32_t i = kWords - caller.words; i < kWords; ++i) {
    if (!isUnchanged(i, &reads)) return false;
  }
  return true;
}

std::uint32_t Callers::unchangedFrom(std::uint64_t sp, StackReads* reads) const {
  std::uint32_t count = outside(sp, count_);
  const std::uint32_t words = count == 0 ? 0 : callers_[count - 1].words;
  std::uint32_t same = 0;  // counted from the outermost word
  while (reads == nullptr && same + 4 <= words && equalWords(kWords - same - 4, 4)) same += 4;
  while (same < words && isUnchanged(kWords - same - 1, reads)) ++same;
  while (count != 0 && callers_[count - 1].words > same) --count;
  return count;
}

// Its words, before the `words` that are there.
bool Callers::put(const Frame& frame, std::uint32_t words) {
  std::uint32_t at = kWords - words - frame.readCount();
  std::uint64_t wide = 0;
  const auto note = [&](const StackWord& word) {
    const std::uint64_t distance = (word.address - reinterpret_cast<std::uint64_t>(origin_)) / 8;
    wide |= distance >> 32;
    offsets_[at] = static_cast<std::uint32_t>(distance);
    values_[at++] = word.value;
  };
  for (std::uint32_t i = 0; i < frame.wordCount; ++i) note(frame.words[i]);
  if (frame.needsSavedBase) note(frame.savedBase);
  for (std::uint32_t i = 0; i < kPadding && words == 0; ++i) {
    offsets_[kWords + i] = offsets_[kWords - 1];
    values_[kWords + i] = values_[kWords - 1];
  }
  return wide == 0;
}

bool Callers::extend(std::uint32_t kept, const Frame* frames, std::uint32_t count) {
  count_ = kept;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::uint32_t words = kept == 0 ? 0 : callers_[kept - 1].words;
  std::uint32_t at = kept;
  for (std::uint32_t i = count; i-- > 1;) {
    const Frame& frame = frames[i];
    if (!put(frame, words)) return false;
    words += frame.readCount();
    const std::int16_t needsBase = frame.needsBase ? -1 : 0;
    callers_[at++] = {frame.sp, frame.pc, frame.base, frame.node, static_cast<std::uint16_t>(words), needsBase};
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  count_ = at;
  return true;
}

}  // namespace heapatlas::unwind
