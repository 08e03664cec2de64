// One walk from a capture's registers towards the outermost frame, by rules. It notes of each frame the words that were
// read to step over it, so that the stack can be verified later by reading them again.
// Main entries: rule and step, until it says that the walk is over. The saved base pointer is loaded only when a frame
// needs it: where it is an ordinary register its value changes all the time and says nothing about the stack.
#pragma once

#include "rules.h"
#include "stack_reads.h"
#include "unwind.h"

namespace heapatlas::unwind {

inline constexpr std::uint32_t kMaxFrames = 512;  // deeper stacks are cut
inline constexpr std::uint32_t kMaxReads = 3;     // words of one frame: where its CFA is given, two from there
inline constexpr std::uint64_t kExactBit = 1ull << 63;

struct StackWord {
  std::uint64_t address;
  std::uint64_t value;
};

struct Frame {
  std::uint64_t pc;  // with kExactBit where a signal interrupted the frame
  std::uint64_t sp;
  std::uint64_t base;   // the base pointer in this frame, where usesBase or needsBase
  StackWord savedBase;  // where this frame saved its caller's base pointer; its value where needsSavedBase
  StackWord words[2];   // read by this frame's rule, in order
  std::uint32_t node;
  std::uint8_t wordCount;
  bool usesBase;
  bool savesBase;
  bool keepsBase;  // its caller's base pointer is its own
  // Filled by Walk::needs:
  bool needsBase;       // this frame and those behind it depend on the base pointer in it
  bool needsSavedBase;  // those behind it depend on the one that it saved

  std::uint32_t readCount() const { return wordCount + (needsSavedBase ? 1u : 0u); }
};

class Walk {
 public:
  enum class Step : std::uint8_t { Continue, End, Cut };

  Walk(Frame* frames, StackReads& reads, const Registers& registers)
      : frames_(frames), reads_(reads), pc_(registers.pc), sp_(registers.sp), base_(registers.bp) {
    reads_.startAt(registers.sp);
  }

  // The rule of the current frame; kept: from the table, and into it.
  Rule rule(bool kept) const;
  // Notes the current frame, whose rule this is, and moves to its caller.
  Step step(const Rule& rule);

  std::uint32_t count() const { return count_; }
  std::uint64_t pc() const { return pc_; }
  std::uint64_t sp() const { return sp_; }
  const Frame* frames() const { return frames_; }
  // The base pointer in the current frame; false when it cannot be known.
  bool base(std::uint64_t& value);
  // Works out which of the first `count` frames depend on the base pointer, given whether what follows them does, and
  // its value there.
  void needs(std::uint32_t count, bool followingNeeds, std::uint64_t followingBase);

 private:
  enum class BaseState : std::uint8_t { Known, InSlot, Unknown };

  bool load(Frame& frame, std::uint64_t address, std::uint64_t& value);
  bool addressOf(Frame& frame, const Rule& rule, std::uint64_t& cfa);
  bool saveBase(Frame& frame, const Rule& rule, std::uint64_t cfa);
  Step stepSignal(Frame& frame);
  bool useBase(Frame& frame);

  Frame* frames_;
  StackReads& reads_;
  std::uint32_t count_ = 0;
  std::uint64_t pc_;
  std::uint64_t sp_;
  std::uint64_t base_;  // value, or where it lies
  BaseState baseState_ = BaseState::Known;
};

// Offsets in the ucontext that the kernel leaves at sp when a signal handler returns (x86-64, asm/sigcontext.h).
inline constexpr std::uint64_t kContextBase = 40 + 10 * 8;
inline constexpr std::uint64_t kContextStack = 40 + 15 * 8;
inline constexpr std::uint64_t kContextPc = 40 + 16 * 8;

inline bool Walk::base(std::uint64_t& value) {
  if (baseState_ == BaseState::InSlot) {
    std::uint64_t loaded = 0;
    if (!reads_.load(base_, loaded)) return false;
    base_ = loaded;
    baseState_ = BaseState::Known;
  }
  value = base_;
  return baseState_ == BaseState::Known;
}

inline bool Walk::useBase(Frame& frame) {
  frame.usesBase = base(frame.base);
  return frame.usesBase;
}

inline bool Walk::load(Frame& frame, std::uint64_t address, std::uint64_t& value) {
  if (!reads_.load(address, value)) return false;
  frame.words[frame.wordCount++] = {address, value};
  return true;
}

inline bool Walk::addressOf(Frame& frame, const Rule& rule, std::uint64_t& cfa) {
  const auto offset = static_cast<std::uint64_t>(std::int64_t{rule.cfaOffset});
  switch (rule.cfa) {
    case Cfa::StackPlus:
      cfa = sp_ + offset;
      return true;
    case Cfa::StackLoad:
      return load(frame, sp_ + offset, cfa);
    case Cfa::BasePlus:
      if (!useBase(frame)) return false;
      cfa = frame.base + offset;
      return true;
    case Cfa::BaseLoad:
      return useBase(frame) && load(frame, frame.base + offset, cfa);
    default:
      return false;
  }
}

inline bool Walk::saveBase(Frame& frame, const Rule& rule, std::uint64_t cfa) {
  const auto offset = static_cast<std::uint64_t>(std::int64_t{rule.baseOffset});
  switch (rule.base) {
    case SavedBase::Same:
      frame.keepsBase = true;
      return true;
    case SavedBase::AtCfaOffset:
      frame.savedBase.address = cfa + offset;
      break;
    case SavedBase::AtBaseOffset:
      if (!useBase(frame)) return false;
      frame.savedBase.address = frame.base + offset;
      break;
    case SavedBase::Unknown:
      baseState_ = BaseState::Unknown;
      return true;
  }
  frame.savesBase = true;
  base_ = frame.savedBase.address;
  baseState_ = BaseState::InSlot;
  return true;
}

inline Walk::Step Walk::stepSignal(Frame& frame) {
  const std::uint64_t context = sp_;
  std::uint64_t pc = 0;
  std::uint64_t sp = 0;
  if (!load(frame, context + kContextPc, pc) || !load(frame, context + kContextStack, sp)) return Step::Cut;
  frame.savesBase = true;
  frame.savedBase.address = context + kContextBase;
  base_ = frame.savedBase.address;
  baseState_ = BaseState::InSlot;
  sp_ = sp;
  if (pc == 0) return Step::End;
  if ((pc & kExactBit) != 0) return Step::Cut;
  pc_ = pc | kExactBit;
  return Step::Continue;
}

inline Rule Walk::rule(bool kept) const {
  const bool exact = (pc_ & kExactBit) != 0;
  return kept ? ruleFor(pc_ & ~kExactBit, exact) : ruleUncached(pc_ & ~kExactBit, exact);
}

inline Walk::Step Walk::step(const Rule& rule) {
  Frame& frame = frames_[count_++];
  frame.pc = pc_;
  frame.sp = sp_;
  frame.wordCount = 0;
  frame.usesBase = frame.savesBase = frame.keepsBase = false;
  if (rule.cfa == Cfa::End) return Step::End;
  if (rule.cfa == Cfa::SignalFrame) return stepSignal(frame);
  std::uint64_t cfa = 0;
  std::uint64_t pc = 0;
  if (!addressOf(frame, rule, cfa) || cfa <= sp_) return Step::Cut;
  if (!saveBase(frame, rule, cfa) || !load(frame, cfa - 8, pc)) return Step::Cut;
  sp_ = cfa;
  if (pc == 0) return Step::End;
  if ((pc & kExactBit) != 0) return Step::Cut;
  pc_ = pc;
  return Step::Continue;
}

inline void Walk::needs(std::uint32_t count, bool followingNeeds, std::uint64_t followingBase) {
  bool need = followingNeeds;
  std::uint64_t value = followingBase;
  for (std::uint32_t i = count; i-- > 0;) {
    Frame& frame = frames_[i];
    frame.needsSavedBase = need && frame.savesBase;
    if (frame.needsSavedBase) frame.savedBase.value = value;
    if (!frame.keepsBase) need = false;
    if (frame.usesBase) {
      need = true;
      value = frame.base;
    }
    frame.needsBase = need;
    if (need) frame.base = value;
  }
}

}  // namespace heapatlas::unwind
