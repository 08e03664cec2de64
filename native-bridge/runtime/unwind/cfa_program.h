// Runs the call frame instructions of one function up to one location and makes the rule that holds there.
// Main entry: ruleFromProgram, called by eh_frame.cc. Source: DWARF 5 §6.4.2 and GNU's additions.
#pragma once

#include "rules.h"
#include "table_reader.h"

namespace heapatlas::unwind {

inline constexpr std::uint64_t kReturnColumn = 16;  // the return address, among the registers of x86-64

struct CommonEntry {
  std::uint64_t codeAlign = 1;
  std::int64_t dataAlign = 1;
  std::uint8_t pointerEncoding = 0;
  bool augmented = false;
  bool signal = false;
  Bounds program{};
};

struct FunctionProgram {
  std::uint64_t start;  // of the function
  Bounds instructions;
};

Rule ruleFromProgram(const CommonEntry& common, const FunctionProgram& function, std::uint64_t pc,
                     std::uint64_t inside);

}  // namespace heapatlas::unwind
