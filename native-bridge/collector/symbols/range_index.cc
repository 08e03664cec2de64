#include "symbols/range_index.h"

#include <algorithm>

namespace heapatlas::symbols {

void RangeIndex::seal() {
  std::sort(ranges_.begin(), ranges_.end(), [](const Range& one, const Range& other) {
    return one.low != other.low ? one.low < other.low : one.high > other.high;
  });
  std::uint64_t highest = 0;
  for (Range& range : ranges_) {
    highest = std::max(highest, range.high);
    range.highest = highest;
  }
}

std::size_t RangeIndex::find(std::uint64_t address) const {
  auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                 [](std::uint64_t wanted, const Range& range) { return wanted < range.low; });
  while (behind != ranges_.begin()) {
    --behind;
    if (address < behind->high) return behind->item;
    if (behind->highest <= address) break;
  }
  return kNone;
}

}  // namespace heapatlas::symbols
