// The interpreter behind cfa_program.h. It keeps the state of three columns only, for no other is needed: the base
// pointer (6), the stack pointer (7), which must stay the CFA, and the return address (16), which must lie at CFA - 8.
#include "cfa_program.h"

#include "cfa_expression.h"
#include "table_reader.h"

namespace heapatlas::unwind {
namespace {

constexpr std::uint64_t kBaseColumn = 6;
constexpr std::uint64_t kStackColumn = 7;
constexpr int kRememberDepth = 8;

// What the instructions say at one location.
struct State {
  Term cfa;
  SavedBase base = SavedBase::Same;
  std::int64_t baseOffset = 0;
  bool returnSaved = false;
  bool stackIsCfa = true;
  bool outermost = false;
};

class Interpreter {
 public:
  Interpreter(const CommonEntry& common, std::uint64_t location, std::uint64_t pc)
      : common_(common), location_(location), pc_(pc) {}

  const State& state() const { return state_; }
  void keepInitial() { initial_ = state_; }

  // Until the location passes `last`; false on an instruction that is not followed.
  bool run(Bounds instructions, std::uint64_t last) {
    TableReader in(instructions, instructions.begin);
    while (in.left() > 0 && location_ <= last) {
      const auto op = in.take<std::uint8_t>();
      if (!(op >> 6 != 0 ? packed(op, in) : extended(op, in))) return false;
    }
    return true;
  }

 private:
  bool packed(std::uint8_t op, TableReader& in) {
    const std::uint8_t low = op & 0x3f;
    switch (op >> 6) {
      case 1:
        return advance(low);
      case 2:
        return saved(low, factored(in.unsignedLeb()));
      default:
        return restore(low);
    }
  }

  bool extended(std::uint8_t op, TableReader& in) {
    if (op <= 0x04) return move(op, in);
    switch (op) {
      case 0x0a:
        return remember();
      case 0x0b:
        return recall();
      case 0x0c:
      case 0x0d:
      case 0x0e:
      case 0x0f:
      case 0x12:
      case 0x13:
        return frameAddress(op, in);
      case 0x2e:  // GNU_args_size
        in.unsignedLeb();
        return true;
      default:
        return column(op, in);
    }
  }

  bool move(std::uint8_t op, TableReader& in) {
    switch (op) {
      case 0x01:
        location_ = in.encoded(common_.pointerEncoding, 0);
        return true;
      case 0x02:
        return advance(in.take<std::uint8_t>());
      case 0x03:
        return advance(in.take<std::uint16_t>());
      case 0x04:
        return advance(in.take<std::uint32_t>());
      default:  // nop
        return true;
    }
  }

  bool frameAddress(std::uint8_t op, TableReader& in) {
    switch (op) {
      case 0x0c: {
        const std::uint64_t reg = in.unsignedLeb();
        return cfa(reg, static_cast<std::int64_t>(in.unsignedLeb()));
      }
      case 0x0d:
        return cfa(in.unsignedLeb(), offset_);
      case 0x0e:
        return moveCfa(static_cast<std::int64_t>(in.unsignedLeb()));
      case 0x12: {
        const std::uint64_t reg = in.unsignedLeb();
        return cfa(reg, factored(in.signedLeb()));
      }
      case 0x13:
        return moveCfa(factored(in.signedLeb()));
      default: {
        const std::uint64_t bytes = in.unsignedLeb();
        state_.cfa = evaluate(in.first(bytes), pc_);
        in.skip(bytes);
        return true;
      }
    }
  }

  bool column(std::uint8_t op, TableReader& in) {
    const std::uint64_t reg = in.unsignedLeb();
    switch (op) {
      case 0x05:
        return saved(reg, factored(in.unsignedLeb()));
      case 0x06:
        return restore(reg);
      case 0x07:
        return undefined(reg);
      case 0x08:
        return same(reg);
      case 0x09:  // in another register
      case 0x14:  // a value by its offset
        in.unsignedLeb();
        return lost(reg);
      case 0x15:
        in.signedLeb();
        return lost(reg);
      case 0x11:
        return saved(reg, factored(in.signedLeb()));
      case 0x2f:  // GNU_negative_offset_extended
        return saved(reg, factored(0 - in.unsignedLeb()));
      case 0x10:
      case 0x16: {
        const std::uint64_t bytes = in.unsignedLeb();
        const TableReader expression = in.first(bytes);
        in.skip(bytes);
        return op == 0x10 ? savedByExpression(reg, expression) : lost(reg);
      }
      default:
        return false;
    }
  }

  // As the processor multiplies: a damaged table may overflow.
  std::int64_t factored(std::uint64_t offset) const {
    return static_cast<std::int64_t>(offset * static_cast<std::uint64_t>(common_.dataAlign));
  }
  std::int64_t factored(std::int64_t offset) const { return factored(static_cast<std::uint64_t>(offset)); }

  bool advance(std::uint64_t delta) {
    location_ += delta * common_.codeAlign;
    return true;
  }

  bool remember() {
    if (depth_ == kRememberDepth) return false;
    remembered_[depth_++] = {state_, offset_};
    return true;
  }

  bool recall() {
    if (depth_ == 0) return false;
    state_ = remembered_[--depth_].state;
    offset_ = remembered_[depth_].offset;
    return true;
  }

  bool cfa(std::uint64_t reg, std::int64_t offset) {
    offset_ = offset;
    state_.cfa.kind = reg == kStackColumn  ? Term::Kind::Stack
                      : reg == kBaseColumn ? Term::Kind::Base
                                           : Term::Kind::Unknown;
    state_.cfa.offset = offset;
    return true;
  }

  bool moveCfa(std::int64_t offset) {
    offset_ = offset;
    state_.cfa.offset = offset;
    return true;
  }

  bool saved(std::uint64_t reg, std::int64_t offset) {
    if (reg == kBaseColumn) {
      state_.base = SavedBase::AtCfaOffset;
      state_.baseOffset = offset;
    }
    if (reg == kStackColumn) state_.stackIsCfa = false;
    if (reg == kReturnColumn) {
      state_.returnSaved = offset == -8;
      state_.outermost = false;
    }
    return true;
  }

  bool savedByExpression(std::uint64_t reg, TableReader expression) {
    if (reg != kBaseColumn) return lost(reg);
    const Term place = evaluate(expression, pc_);
    state_.base = place.kind == Term::Kind::Base ? SavedBase::AtBaseOffset : SavedBase::Unknown;
    state_.baseOffset = place.offset;
    return true;
  }

  bool restore(std::uint64_t reg) {
    if (reg == kBaseColumn) {
      state_.base = initial_.base;
      state_.baseOffset = initial_.baseOffset;
    }
    if (reg == kStackColumn) state_.stackIsCfa = initial_.stackIsCfa;
    if (reg == kReturnColumn) {
      state_.returnSaved = initial_.returnSaved;
      state_.outermost = initial_.outermost;
    }
    return true;
  }

  bool same(std::uint64_t reg) {
    if (reg != kBaseColumn) return lost(reg);
    state_.base = SavedBase::Same;
    return true;
  }

  bool lost(std::uint64_t reg) {
    if (reg == kBaseColumn) state_.base = SavedBase::Unknown;
    if (reg == kStackColumn) state_.stackIsCfa = false;
    if (reg == kReturnColumn) state_.returnSaved = false;
    return true;
  }

  bool undefined(std::uint64_t reg) {
    if (reg == kReturnColumn) state_.outermost = true;
    return lost(reg);
  }

  struct Remembered {
    State state;
    std::int64_t offset;
  };

  const CommonEntry& common_;
  std::uint64_t location_;
  std::uint64_t pc_;
  std::int64_t offset_ = 0;  // of the CFA from its register, also while that register is not followed
  State state_;
  State initial_;
  Remembered remembered_[kRememberDepth];
  int depth_ = 0;
};

Cfa kindOf(const Term& term) {
  switch (term.kind) {
    case Term::Kind::Stack:
      return Cfa::StackPlus;
    case Term::Kind::Base:
      return Cfa::BasePlus;
    case Term::Kind::StackLoad:
      return Cfa::StackLoad;
    case Term::Kind::BaseLoad:
      return Cfa::BaseLoad;
    default:
      return Cfa::Unknown;
  }
}

Rule toRule(const State& state) {
  if (state.outermost) return {0, 0, Cfa::End, SavedBase::Unknown};
  const auto cfaOffset = static_cast<std::int32_t>(state.cfa.offset);
  const auto baseOffset = static_cast<std::int16_t>(state.baseOffset);
  const Cfa kind = kindOf(state.cfa);
  const bool fits = cfaOffset == state.cfa.offset && baseOffset == state.baseOffset;
  if (!state.returnSaved || !state.stackIsCfa || !fits || kind == Cfa::Unknown) return {};
  return {cfaOffset, baseOffset, kind, state.base};
}

}  // namespace

Rule ruleFromProgram(const CommonEntry& common, const FunctionProgram& function, std::uint64_t pc,
                     std::uint64_t inside) {
  Interpreter interpreter(common, function.start, pc);
  if (!interpreter.run(common.program, ~0ull)) return {};
  interpreter.keepInitial();
  if (!interpreter.run(function.instructions, inside)) return {};
  return toRule(interpreter.state());
}

}  // namespace heapatlas::unwind
