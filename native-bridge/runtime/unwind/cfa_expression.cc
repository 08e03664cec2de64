// The stack machine behind cfa_expression.h.
#include "cfa_expression.h"

namespace heapatlas::unwind {
namespace {

using Kind = Term::Kind;
constexpr int kDepth = 16;

// As the processor adds: an expression from a damaged table may overflow.
std::int64_t wrappedSum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

class Machine {
 public:
  explicit Machine(std::uint64_t pc) : pc_(pc) {}

  Term run(TableReader in) {
    while (in.left() > 0) {
      if (!execute(in.take<std::uint8_t>(), in) || depth_ > kDepth) return {};
    }
    return depth_ == 0 ? Term{} : stack_[depth_ - 1];
  }

 private:
  bool execute(std::uint8_t op, TableReader& in) {
    if (op >= 0x30 && op <= 0x4f) return push({Kind::Constant, op - 0x30});
    if (op >= 0x70 && op <= 0x8f) return pushRegister(op - 0x70u, in.signedLeb());
    if (op >= 0x1a && op <= 0x2e && op != 0x1f && op != 0x20 && op != 0x23) return binary(op);
    switch (op) {
      case 0x06:
        return load();
      case 0x08:
        return push({Kind::Constant, in.take<std::uint8_t>()});
      case 0x09:
        return push({Kind::Constant, in.take<std::int8_t>()});
      case 0x0a:
        return push({Kind::Constant, in.take<std::uint16_t>()});
      case 0x0b:
        return push({Kind::Constant, in.take<std::int16_t>()});
      case 0x0c:
        return push({Kind::Constant, in.take<std::uint32_t>()});
      case 0x0d:
        return push({Kind::Constant, in.take<std::int32_t>()});
      case 0x10:
        return push({Kind::Constant, static_cast<std::int64_t>(in.unsignedLeb())});
      case 0x11:
        return push({Kind::Constant, in.signedLeb()});
      case 0x12:
        return depth_ > 0 && push(stack_[depth_ - 1]);
      case 0x23:
        return push({Kind::Constant, static_cast<std::int64_t>(in.unsignedLeb())}) && binary(0x22);
      default:
        return false;
    }
  }

  bool push(Term term) {
    if (depth_ == kDepth) return false;
    stack_[depth_++] = term;
    return true;
  }

  bool pushRegister(std::uint64_t number, std::int64_t offset) {
    if (number == 7) return push({Kind::Stack, offset});
    if (number == 6) return push({Kind::Base, offset});
    if (number == 16) return push({Kind::Constant, wrappedSum(static_cast<std::int64_t>(pc_), offset)});
    return false;
  }

  bool load() {
    if (depth_ == 0) return false;
    Term& top = stack_[depth_ - 1];
    if (top.kind != Kind::Stack && top.kind != Kind::Base) return false;
    top.kind = top.kind == Kind::Stack ? Kind::StackLoad : Kind::BaseLoad;
    return true;
  }

  bool binary(std::uint8_t op) {
    if (depth_ < 2) return false;
    const Term right = stack_[--depth_];
    Term& left = stack_[depth_ - 1];
    if (op == 0x22 && left.kind == Kind::Constant) {
      const std::int64_t added = left.offset;
      left = right;
      return add(left, added);
    }
    if (right.kind != Kind::Constant) return false;
    if (op == 0x22) return add(left, right.offset);
    if (op == 0x1c) return add(left, static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(right.offset)));
    return left.kind == Kind::Constant && fold(op, left.offset, right.offset);
  }

  static bool add(Term& term, std::int64_t offset) {
    if (term.kind == Kind::StackLoad || term.kind == Kind::BaseLoad) return offset == 0;
    term.offset = wrappedSum(term.offset, offset);
    return true;
  }

  static bool fold(std::uint8_t op, std::int64_t& left, std::int64_t right) {
    const auto bits = static_cast<std::uint64_t>(left);
    const auto amount = static_cast<std::uint64_t>(right);
    switch (op) {
      case 0x1a:
        left &= right;
        return true;
      case 0x21:
        left |= right;
        return true;
      case 0x24:
        left = amount < 64 ? static_cast<std::int64_t>(bits << amount) : 0;
        return true;
      case 0x25:
        left = amount < 64 ? static_cast<std::int64_t>(bits >> amount) : 0;
        return true;
      case 0x29:
        left = left == right;
        return true;
      case 0x2a:
        left = left >= right;
        return true;
      case 0x2b:
        left = left > right;
        return true;
      case 0x2c:
        left = left <= right;
        return true;
      case 0x2d:
        left = left < right;
        return true;
      case 0x2e:
        left = left != right;
        return true;
      default:
        return false;
    }
  }

  std::uint64_t pc_;
  Term stack_[kDepth];
  int depth_ = 0;
};

}  // namespace

Term evaluate(TableReader expression, std::uint64_t pc) { return Machine(pc).run(expression); }

}  // namespace heapatlas::unwind
