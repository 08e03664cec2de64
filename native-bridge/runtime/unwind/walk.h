// One walk from a capture's registers towards the outermost frame, by rules. It notes of each frame the words that were
// read to step over it, so that the stack can be verified later by reading them again.
// Main entry: step, until it says that the walk is over. The saved base pointer is loaded only when a frame needs it:
// where it is an ordinary register its value changes all the time and says nothing about the stack.
#pragma once

#include "rules.h"
#include "stack_reads.h"
#include "unwind.h"

namespace heapatlas::unwind {

inline constexpr std::uint32_t kMaxFrames = 512;  // deeper stacks are cut
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
  using RuleSource = Rule (*)(std::uint64_t pc, bool exact);

  Walk(Frame* frames, StackReads& reads, const Registers& registers, RuleSource source)
      : frames_(frames), reads_(reads), source_(source), pc_(registers.pc), sp_(registers.sp), base_(registers.bp) {
    reads_.startAt(registers.sp);
  }

  // Notes the current frame and moves to its caller.
  Step step();

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
  RuleSource source_;
  std::uint32_t count_ = 0;
  std::uint64_t pc_;
  std::uint64_t sp_;
  std::uint64_t base_;  // value, or where it lies
  BaseState baseState_ = BaseState::Known;
};

}  // namespace heapatlas::unwind
