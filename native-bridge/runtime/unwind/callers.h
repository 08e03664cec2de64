// The callers in a stack as they were last time, outermost first, each with the words that were read to step over it.
// A walk that reaches one of them while its words are unchanged has found all the rest of the stack: only what lies
// further in is walked, named and noted anew. Used by ThreadStacks (cache.h): one for the thread's own stack, others
// for stacks elsewhere.
//
// The words of a frame lie before those of the frames behind it, so that a frame and all behind it are proven by one
// run, from its first word to the end of the store:
//
//   offsets_, values_:   … │ caller 2 │ caller 1 │ caller 0 │ padding
//
// A signal handler may leave in the middle of extend by longjmp: what is being written is not counted yet.
#pragma once

#include <emmintrin.h>

#include <cstring>

#include "stack_reads.h"
#include "walk.h"

namespace heapatlas::unwind {

class Callers {
 public:
  struct Caller {
    std::uint64_t sp;
    std::uint64_t pc;    // with kExactBit where a signal interrupted the frame
    std::uint64_t base;  // where needsBase, else 0
    std::uint32_t node;
    std::uint16_t first;  // of the words that prove this frame and all behind it
    bool needsBase;       // they depend on the base pointer in this frame
  };
  static_assert(sizeof(Caller) == 32);

  // Forgets all. origin: the words' addresses count from here; at most 32 GiB lie between.
  void restart(std::uint64_t origin, std::uint32_t generation);
  void forget() { count_ = 0; }

  std::uint32_t generation() const { return generation_; }
  std::uint32_t count() const { return count_; }
  const Caller& operator[](std::uint32_t index) const { return callers_[index]; }
  // Whether sp may belong to the stack whose frames these are.
  bool reaches(std::uint64_t sp) const;
  // How many callers, of the first `count`, lie at sp or further out.
  std::uint32_t outside(std::uint64_t sp, std::uint32_t count) const;
  // Reads the stack, which must be there.
  bool unchanged(const Caller& caller) const;
  // The same where the words lie elsewhere.
  bool unchanged(const Caller& caller, StackReads& reads) const;
  // How many of the callers at sp and further out are as they were. reads: null for the thread's own stack.
  std::uint32_t unchangedFrom(std::uint64_t sp, StackReads* reads) const;
  // Keeps the outermost `kept` and puts frames [1, count) of a walk further in. False when their words lie too far
  // away: then no more than `kept` are left.
  bool extend(std::uint32_t kept, const Frame* frames, std::uint32_t count);

 private:
  static constexpr std::uint32_t kWords = kMaxFrames * kMaxReads;
  static constexpr std::uint32_t kPadding = 3;       // the words are compared four at a time
  static constexpr std::uint32_t kWordsInline = 64;  // compared without a look at the result in between

  bool equalWords(std::uint32_t first, std::uint32_t end) const;
  bool manyUnchanged(std::uint32_t first) const;
  bool isUnchanged(std::uint32_t word, StackReads* reads) const;
  bool put(const Frame& frame, std::uint32_t end);

  const std::uint64_t* origin_;
  std::uint32_t generation_;
  std::uint32_t count_;
  Caller callers_[kMaxFrames];
  std::uint32_t offsets_[kWords + kPadding];
  std::uint64_t values_[kWords + kPadding];
};

// Up to three words from `end` on are looked at as well.
[[gnu::always_inline]] inline bool Callers::equalWords(std::uint32_t first, std::uint32_t end) const {
  // Two words of the stack beside each other.
  const auto pairAt = [origin = origin_](const std::uint32_t* at) {
    std::uint64_t both = 0;
    std::memcpy(&both, at, sizeof both);
    const auto* one = reinterpret_cast<const double*>(origin + static_cast<std::uint32_t>(both));
    const auto* two = reinterpret_cast<const double*>(origin + (both >> 32));
    return _mm_castpd_si128(_mm_loadh_pd(_mm_load_sd(one), two));
  };
  const auto valuesAt = [](const std::uint64_t* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
  __m128i even = _mm_setzero_si128();
  __m128i odd = even;
  for (std::size_t i = first; i < end; i += 4) {
    even = _mm_or_si128(even, _mm_xor_si128(pairAt(offsets_ + i), valuesAt(values_ + i)));
    odd = _mm_or_si128(odd, _mm_xor_si128(pairAt(offsets_ + i + 2), valuesAt(values_ + i + 2)));
  }
  return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_or_si128(even, odd), _mm_setzero_si128())) == 0xffff;
}

[[gnu::always_inline]] inline bool Callers::unchanged(const Caller& caller) const {
  if (caller.first < kWords - kWordsInline) [[unlikely]]
    return manyUnchanged(caller.first);
  return equalWords(caller.first, kWords);
}

}  // namespace heapatlas::unwind
