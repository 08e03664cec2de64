// Finding and decoding of the frame description (FDE) and its common entry (CIE) behind eh_frame.h.
#include "eh_frame.h"

#include "cfa_program.h"
#include "table_reader.h"

namespace heapatlas::unwind {
namespace {

constexpr std::uint8_t kHeaderVersion = 1;
constexpr std::uint8_t kSortedTable = 0x3b;  // relative to the header, signed, 4 bytes: what every linker writes
constexpr std::uint32_t kWideLength = 0xffffffffu;

// The letters of the augmentation; false when one is not known, for then the meaning of the whole is not either.
bool readAugmentation(const char* letters, TableReader& in, CommonEntry& entry) {
  for (; *letters != 0; ++letters) {
    switch (*letters) {
      case 'R':
        entry.pointerEncoding = in.take<std::uint8_t>();
        break;
      case 'P': {
        const auto encoding = in.take<std::uint8_t>();
        in.encoded(encoding & 0x7f, 0);
        break;
      }
      case 'L':
        in.skip(1);
        break;
      case 'S':
        entry.signal = true;
        break;
      case 'B':
        break;
      default:
        return false;
    }
  }
  return true;
}

// The length that an entry begins with, and a cursor over what it spans; nothing left where it is of no known form.
TableReader openEntry(TableReader in) {
  const auto length = in.take<std::uint32_t>();
  return in.first(length == kWideLength || length > in.left() ? 0 : length);
}

bool readCommon(TableReader at, CommonEntry& entry) {
  TableReader in = openEntry(at);
  const std::uint64_t end = in.at() + in.left();
  if (in.left() == 0 || in.take<std::uint32_t>() != 0) return false;
  in.skip(1);
  const char* augmentation = reinterpret_cast<const char*>(in.at());
  const std::uint64_t letters = strnlen(augmentation, in.left());
  if (letters == in.left()) return false;
  in.skip(letters + 1);
  entry.codeAlign = in.unsignedLeb();
  entry.dataAlign = in.signedLeb();
  if (in.unsignedLeb() != kReturnColumn) return false;
  if (augmentation[0] == 'z') {
    entry.augmented = true;
    const std::uint64_t bytes = in.unsignedLeb();
    TableReader data = in.first(bytes);
    if (!readAugmentation(augmentation + 1, data, entry)) return false;
    in.skip(bytes);
  } else if (augmentation[0] != 0) {
    return false;
  }
  entry.program = {in.at(), end};
  return true;
}

// Address of the description whose function starts last at or below pc, by the sorted table; 0 when there is none.
std::uint64_t findDescription(const LoadedObject& object, std::uint64_t pc) {
  const std::uint64_t header = object.frameHeader;
  TableReader in({object.start, object.end}, header);
  if (in.take<std::uint8_t>() != kHeaderVersion) return 0;
  const auto frameEncoding = in.take<std::uint8_t>();
  const auto countEncoding = in.take<std::uint8_t>();
  if (in.take<std::uint8_t>() != kSortedTable) return 0;
  in.encoded(frameEncoding, header);
  std::uint64_t high = in.encoded(countEncoding, header);
  struct Row {
    std::int32_t start;
    std::int32_t description;
  };
  if (high > in.left() / sizeof(Row) || in.at() % alignof(Row) != 0) return 0;
  const Row* rows = reinterpret_cast<const Row*>(in.at());
  const auto wanted = static_cast<std::int64_t>(pc - header);
  std::uint64_t low = 0;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (rows[middle].start <= wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? 0 : header + static_cast<std::uint64_t>(std::int64_t{rows[low - 1].description});
}

struct Function {
  CommonEntry common;
  FunctionProgram program;
  std::uint64_t end;
};

// The description of the function that holds the pc.
bool findFunction(const LoadedObject& object, std::uint64_t pc, Function& function) {
  const Bounds bounds{object.start, object.end};
  const std::uint64_t description = findDescription(object, pc);
  if (description == 0) return false;
  TableReader in = openEntry({bounds, description});
  if (in.left() == 0) return false;
  const std::uint64_t end = in.at() + in.left();
  const std::uint64_t pointer = in.at();
  CommonEntry& common = function.common;
  if (!readCommon({bounds, pointer - in.take<std::uint32_t>()}, common)) return false;
  const std::uint64_t start = in.encoded(common.pointerEncoding, 0);
  function.end = start + in.encoded(common.pointerEncoding & 0x0f, 0);
  if (common.augmented) {
    const std::uint64_t bytes = in.unsignedLeb();
    in.skip(bytes);
  }
  function.program = {start, {in.at(), end}};
  return pc >= start && pc < function.end;
}

}  // namespace

Rule ruleFromTables(const LoadedObject& object, std::uint64_t pc, std::uint64_t inside) {
  Function function;
  if (!findFunction(object, inside, function)) {
    // No call lies before the first instruction of a function: this is where somebody laid the bottom of a stack.
    const bool bottom = inside != pc && findFunction(object, pc, function) && function.program.start == pc;
    return {0, 0, bottom ? Cfa::End : Cfa::Unknown, SavedBase::Unknown};
  }
  if (function.common.signal) return {0, 0, Cfa::SignalFrame, SavedBase::Unknown};
  return ruleFromProgram(function.common, function.program, pc, inside);
}

}  // namespace heapatlas::unwind
