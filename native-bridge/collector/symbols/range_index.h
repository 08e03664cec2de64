// Which of many address ranges, nested ones among them, is the smallest that holds an address.
// Entry: RangeIndex; used for units and functions of DWARF and for symbols. Must hold: seal() stands between the last
// add and the first find.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace heapatlas::symbols {

// [low, high) belongs to item.
class RangeIndex {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  void add(std::uint64_t low, std::uint64_t high, std::size_t item) { ranges_.push_back({low, high, 0, item}); }
  void seal();
  std::size_t find(std::uint64_t address) const;

 private:
  struct Range {
    std::uint64_t low, high;
    std::uint64_t highest;  // of this range and all before it: where a search may stop
    std::size_t item;
  };
  std::vector<Range> ranges_;
};

}  // namespace heapatlas::symbols
