// The blocks from before a chunk that it releases: a table of them in the order of their births, so that what they have
// in common with their neighbours need not be written. Entry: OldBlockWriter, by the encoder; readOldBlocks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recording/columns.h"
#include "recording/pairing.h"
#include "recording/sort_by_key.h"

namespace heapatlas::recording {

struct OldBlock {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint32_t context = 0;
  Birth birth;
};

class OldBlockWriter {
 public:
  // The table of these releases; the rank in it of each, in their order.
  const std::vector<std::uint32_t>& write(std::span<const Event> events, std::span<const OldRelease> releases);
  void addTo(google::protobuf::RepeatedPtrField<v1::Column>& columns);

 private:
  SortByKey byBirth_;
  std::vector<std::uint32_t> ranks_;
  ColumnWriter birth_, nanos_, address_, context_, size_;
};

// Throws Damaged.
void readOldBlocks(const google::protobuf::RepeatedPtrField<v1::Column>& columns, std::uint64_t maxBlocks,
                   std::vector<OldBlock>& blocks);

}  // namespace heapatlas::recording
