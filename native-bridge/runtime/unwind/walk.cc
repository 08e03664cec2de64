// Stepping behind walk.h.
#include "walk.h"

namespace heapatlas::unwind {
namespace {

// Offsets in the ucontext that the kernel leaves at sp when a signal handler returns (x86-64, asm/sigcontext.h).
constexpr std::uint64_t kContextBase = 40 + 10 * 8;
constexpr std::uint64_t kContextStack = 40 + 15 * 8;
constexpr std::uint64_t kContextPc = 40 + 16 * 8;

}  // namespace

bool Walk::base(std::uint64_t& value) {
  if (baseState_ == BaseState::InSlot) {
    std::uint64_t loaded = 0;
    if (!reads_.load(base_, loaded)) return false;
    base_ = loaded;
    baseState_ = BaseState::Known;
  }
  value = base_;
  return baseState_ == BaseState::Known;
}

bool Walk::useBase(Frame& frame) {
  frame.usesBase = base(frame.base);
  return frame.usesBase;
}

bool Walk::load(Frame& frame, std::uint64_t address, std::uint64_t& value) {
  if (!reads_.load(address, value)) return false;
  frame.words[frame.wordCount++] = {address, value};
  return true;
}

bool Walk::addressOf(Frame& frame, const Rule& rule, std::uint64_t& cfa) {
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

bool Walk::saveBase(Frame& frame, const Rule& rule, std::uint64_t cfa) {
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

Walk::Step Walk::stepSignal(Frame& frame) {
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

Walk::Step Walk::step() {
  Frame& frame = frames_[count_++];
  frame.pc = pc_;
  frame.sp = sp_;
  frame.wordCount = 0;
  frame.usesBase = frame.savesBase = frame.keepsBase = false;
  const Rule rule = source_(pc_ & ~kExactBit, (pc_ & kExactBit) != 0);
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

void Walk::needs(std::uint32_t count, bool followingNeeds, std::uint64_t followingBase) {
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
