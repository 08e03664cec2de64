// The parser behind eh_frame.h. It trusts the tables of a loaded object as the C++ runtime does, but gives up, with
// Cfa::Unknown, on whatever it does not follow exactly: a missing rule is a shorter stack, a guess is a wrong one.
#include "eh_frame.h"

#include <cstring>

namespace heapatlas::unwind {
namespace {

constexpr std::uint8_t kBase = 6;    // DWARF numbers of rbp, rsp and the return address on x86-64
constexpr std::uint8_t kStack = 7;
constexpr std::uint8_t kReturn = 16;
constexpr int kRememberDepth = 8;

class Reader {
 public:
  explicit Reader(std::uint64_t at) : at_(at) {}
  std::uint64_t at() const { return at_; }
  void skip(std::uint64_t bytes) { at_ += bytes; }
  template <typename T>
  T take() {
    T value;
    std::memcpy(&value, reinterpret_cast<const void*>(at_), sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  std::uint64_t unsignedLeb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = take<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) break;
    }
    return value;
  }
  std::int64_t signedLeb() {
    std::uint64_t value = 0;
    unsigned shift = 0;
    std::uint8_t byte = 0x80;
    while ((byte & 0x80) != 0 && shift < 64) {
      byte = take<std::uint8_t>();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      shift += 7;
    }
    if (shift < 64 && (byte & 0x40) != 0) value |= ~0ull << shift;
    return static_cast<std::int64_t>(value);
  }
  // A pointer in one of the DW_EH_PE encodings; data relative to `data`.
  std::uint64_t encoded(std::uint8_t encoding, std::uint64_t data) {
    if (encoding == 0xff) return 0;
    const std::uint64_t here = at_;
    std::uint64_t value = 0;
    switch (encoding & 0x0f) {
      case 0x00:
      case 0x04:
      case 0x0c: value = take<std::uint64_t>(); break;
      case 0x01: value = unsignedLeb(); break;
      case 0x02: value = take<std::uint16_t>(); break;
      case 0x03: value = take<std::uint32_t>(); break;
      case 0x09: value = static_cast<std::uint64_t>(signedLeb()); break;
      case 0x0a: value = static_cast<std::uint64_t>(std::int64_t{take<std::int16_t>()}); break;
      case 0x0b: value = static_cast<std::uint64_t>(std::int64_t{take<std::int32_t>()}); break;
      default: return 0;
    }
    if (value == 0) return 0;
    if ((encoding & 0x70) == 0x10) value += here;
    if ((encoding & 0x70) == 0x30) value += data;
    if ((encoding & 0x80) != 0) std::memcpy(&value, reinterpret_cast<const void*>(value), sizeof value);
    return value;
  }

 private:
  std::uint64_t at_;
};

struct CommonEntry {
  std::uint64_t codeAlign = 1;
  std::int64_t dataAlign = 1;
  std::uint8_t pointerEncoding = 0;
  bool augmented = false;
  bool signal = false;
  bool known = false;
  std::uint64_t program = 0;
  std::uint64_t programEnd = 0;
};

CommonEntry readCommon(std::uint64_t address) {
  CommonEntry entry;
  Reader in(address);
  const auto length = in.take<std::uint32_t>();
  if (length == 0 || length == 0xffffffffu) return entry;
  entry.programEnd = in.at() + length;
  if (in.take<std::uint32_t>() != 0) return entry;
  in.skip(1);
  const char* augmentation = reinterpret_cast<const char*>(in.at());
  in.skip(std::strlen(augmentation) + 1);
  entry.codeAlign = in.unsignedLeb();
  entry.dataAlign = in.signedLeb();
  if (in.unsignedLeb() != kReturn) return entry;
  entry.known = true;
  if (augmentation[0] == 'z') {
    entry.augmented = true;
    const std::uint64_t bytes = in.unsignedLeb();
    const std::uint64_t end = in.at() + bytes;
    for (const char* letter = augmentation + 1; *letter != 0; ++letter) {
      if (*letter == 'R') entry.pointerEncoding = in.take<std::uint8_t>();
      else if (*letter == 'P') { const auto encoding = in.take<std::uint8_t>(); in.encoded(encoding & 0x7f, 0); }
      else if (*letter == 'L') in.skip(1);
      else if (*letter == 'S') entry.signal = true;
      else { entry.known = *letter == 'B'; }
    }
    in = Reader(end);
  } else if (augmentation[0] != 0) {
    entry.known = false;
  }
  entry.program = in.at();
  return entry;
}

// What the interpreted program says at one location.
struct State {
  enum class Kind : std::uint8_t { Register, BaseDeref, Unknown } cfaKind = Kind::Register;
  std::uint64_t cfaRegister = kStack;
  std::int64_t cfaOffset = 8;
  SavedBase base = SavedBase::Same;
  std::int64_t baseOffset = 0;
  bool returnSaved = true;  // at CFA-8
  bool end = false;
};

class Program {
 public:
  Program(const CommonEntry& common, std::uint64_t from, std::uint64_t target)
      : common_(common), location_(from), target_(target) {}

  State& state() { return state_; }
  void keepInitial() { initial_ = state_; }

  // Runs until the location passes the target; false on an instruction that is not followed.
  bool run(std::uint64_t begin, std::uint64_t end) {
    Reader in(begin);
    while (in.at() < end && location_ <= target_) {
      const auto op = in.take<std::uint8_t>();
      const bool ok = (op >> 6) != 0 ? packed(op, in) : extended(op, in);
      if (!ok) return false;
    }
    return true;
  }

 private:
  bool packed(std::uint8_t op, Reader& in) {
    const std::uint8_t low = op & 0x3f;
    switch (op >> 6) {
      case 1: location_ += low * common_.codeAlign; break;
      case 2: saved(low, static_cast<std::int64_t>(in.unsignedLeb()) * common_.dataAlign); break;
      default: restore(low); break;
    }
    return true;
  }

  bool extended(std::uint8_t op, Reader& in) {
    switch (op) {
      case 0x00: return true;
      case 0x01: location_ = in.encoded(common_.pointerEncoding, 0); return true;
      case 0x02: location_ += in.take<std::uint8_t>() * common_.codeAlign; return true;
      case 0x03: location_ += in.take<std::uint16_t>() * common_.codeAlign; return true;
      case 0x04: location_ += in.take<std::uint32_t>() * common_.codeAlign; return true;
      case 0x05: { const auto reg = in.unsignedLeb(); saved(reg, static_cast<std::int64_t>(in.unsignedLeb()) * common_.dataAlign); return true; }
      case 0x06: restore(in.unsignedLeb()); return true;
      case 0x07: undefined(in.unsignedLeb()); return true;
      case 0x08: same(in.unsignedLeb()); return true;
      case 0x09: lost(in.unsignedLeb()); in.unsignedLeb(); return true;
      case 0x0a: if (depth_ == kRememberDepth) return false; stack_[depth_++] = state_; return true;
      case 0x0b: if (depth_ == 0) return false; state_ = stack_[--depth_]; return true;
      case 0x0c: { const auto reg = in.unsignedLeb(); cfa(reg, static_cast<std::int64_t>(in.unsignedLeb())); return true; }
      case 0x0d: cfa(in.unsignedLeb(), state_.cfaOffset); return true;
      case 0x0e: state_.cfaOffset = static_cast<std::int64_t>(in.unsignedLeb()); return true;
      case 0x0f: cfaExpression(in); return true;
      case 0x10: savedExpression(in, true); return true;
      case 0x16: savedExpression(in, false); return true;
      case 0x11: { const auto reg = in.unsignedLeb(); saved(reg, in.signedLeb() * common_.dataAlign); return true; }
      case 0x12: { const auto reg = in.unsignedLeb(); cfa(reg, in.signedLeb() * common_.dataAlign); return true; }
      case 0x13: state_.cfaOffset = in.signedLeb() * common_.dataAlign; return true;
      case 0x2e: in.unsignedLeb(); return true;  // GNU_args_size
      default: return false;
    }
  }

  void cfa(std::uint64_t reg, std::int64_t offset) {
    state_.cfaKind = reg == kStack || reg == kBase ? State::Kind::Register : State::Kind::Unknown;
    state_.cfaRegister = reg;
    state_.cfaOffset = offset;
  }
  void cfaExpression(Reader& in) {
    const std::uint64_t bytes = in.unsignedLeb();
    const std::uint64_t end = in.at() + bytes;
    state_.cfaKind = State::Kind::Unknown;
    if (in.take<std::uint8_t>() == 0x76) {  // DW_OP_breg6 offset, DW_OP_deref
      const std::int64_t offset = in.signedLeb();
      if (in.at() + 1 == end && in.take<std::uint8_t>() == 0x06) {
        state_.cfaKind = State::Kind::BaseDeref;
        state_.cfaOffset = offset;
      }
    }
    in = Reader(end);
  }
  void savedExpression(Reader& in, bool address) {
    const std::uint64_t reg = in.unsignedLeb();
    const std::uint64_t bytes = in.unsignedLeb();
    const std::uint64_t end = in.at() + bytes;
    if (reg == kBase) {
      state_.base = SavedBase::Unknown;
      if (address && in.take<std::uint8_t>() == 0x76) {
        const std::int64_t offset = in.signedLeb();
        if (in.at() == end) { state_.base = SavedBase::AtBaseOffset; state_.baseOffset = offset; }
      }
    }
    if (reg == kReturn) state_.returnSaved = false;
    in = Reader(end);
  }
  void saved(std::uint64_t reg, std::int64_t offset) {
    if (reg == kBase) { state_.base = SavedBase::AtCfaOffset; state_.baseOffset = offset; }
    if (reg == kReturn) { state_.returnSaved = offset == -8; state_.end = false; }
  }
  void restore(std::uint64_t reg) {
    if (reg == kBase) { state_.base = initial_.base; state_.baseOffset = initial_.baseOffset; }
    if (reg == kReturn) { state_.returnSaved = initial_.returnSaved; state_.end = initial_.end; }
  }
  void same(std::uint64_t reg) {
    if (reg == kBase) state_.base = SavedBase::Same;
    if (reg == kReturn) state_.returnSaved = false;
  }
  void lost(std::uint64_t reg) {
    if (reg == kBase) state_.base = SavedBase::Unknown;
    if (reg == kReturn) state_.returnSaved = false;
  }
  void undefined(std::uint64_t reg) {
    if (reg == kBase) state_.base = SavedBase::Unknown;
    if (reg == kReturn) state_.end = true;
  }

  const CommonEntry& common_;
  std::uint64_t location_;
  std::uint64_t target_;
  State state_;
  State initial_;
  State stack_[kRememberDepth];
  int depth_ = 0;
};

Rule toRule(const State& state) {
  Rule rule{0, 0, 0, Cfa::Unknown, state.base};
  if (state.end) {
    rule.cfa = Cfa::End;
    return rule;
  }
  const bool fits = state.cfaOffset == static_cast<std::int32_t>(state.cfaOffset) &&
                    state.baseOffset == static_cast<std::int16_t>(state.baseOffset);
  if (!state.returnSaved || !fits || state.cfaKind == State::Kind::Unknown) return rule;
  rule.cfaOffset = static_cast<std::int32_t>(state.cfaOffset);
  rule.baseOffset = static_cast<std::int16_t>(state.baseOffset);
  if (state.cfaKind == State::Kind::BaseDeref) rule.cfa = Cfa::BaseDeref;
  else rule.cfa = state.cfaRegister == kStack ? Cfa::StackPlus : Cfa::BasePlus;
  return rule;
}

// Address of the frame description whose function starts last at or below pc, by the sorted table; 0 when none.
std::uint64_t findDescription(std::uint64_t header, std::uint64_t pc) {
  Reader in(header);
  if (in.take<std::uint8_t>() != 1) return 0;
  const auto frameEncoding = in.take<std::uint8_t>();
  const auto countEncoding = in.take<std::uint8_t>();
  const auto tableEncoding = in.take<std::uint8_t>();
  if (tableEncoding != 0x3b) return 0;  // data relative, signed 4 bytes: what every linker writes
  in.encoded(frameEncoding, header);
  const std::uint64_t count = in.encoded(countEncoding, header);
  struct Row {
    std::int32_t start;
    std::int32_t description;
  };
  const Row* rows = reinterpret_cast<const Row*>(in.at());
  const auto wanted = static_cast<std::int64_t>(pc - header);
  std::uint64_t low = 0;
  std::uint64_t high = count;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (rows[middle].start <= wanted) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? 0 : header + static_cast<std::uint64_t>(std::int64_t{rows[low - 1].description});
}

}  // namespace

Rule ruleFromTables(std::uint64_t header, std::uint64_t pc) {
  const Rule unknown{0, 0, 0, Cfa::Unknown, SavedBase::Unknown};
  const std::uint64_t description = findDescription(header, pc);
  if (description == 0) return unknown;
  Reader in(description);
  const auto length = in.take<std::uint32_t>();
  if (length == 0 || length == 0xffffffffu) return unknown;
  const std::uint64_t end = in.at() + length;
  const std::uint64_t pointer = in.at();
  const CommonEntry common = readCommon(pointer - in.take<std::uint32_t>());
  if (!common.known) return unknown;
  const std::uint64_t start = in.encoded(common.pointerEncoding, 0);
  const std::uint64_t size = in.encoded(common.pointerEncoding & 0x0f, 0);
  if (pc < start || pc >= start + size) return unknown;
  if (common.signal) return {0, 0, 0, Cfa::SignalFrame, SavedBase::Unknown};
  if (common.augmented) {
    const std::uint64_t bytes = in.unsignedLeb();
    in.skip(bytes);
  }
  Program initial(common, start, ~0ull - 1);
  if (!initial.run(common.program, common.programEnd)) return unknown;
  initial.keepInitial();
  Program program(common, start, pc);
  program.state() = initial.state();
  program.keepInitial();
  if (!program.run(in.at(), end)) return unknown;
  return toRule(program.state());
}

}  // namespace heapatlas::unwind
