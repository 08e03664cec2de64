#include "recording/old_blocks.h"

#include <array>

#include "recording/prediction.h"

namespace heapatlas::recording {

namespace {

// What is expected of the next block from those before it; shared by both directions.
class Neighbours {
 public:
  std::uint64_t address() const { return behind_; }
  std::uint64_t context() const { return contexts_[slot(context_)].next; }
  std::uint64_t size(std::uint32_t context) const { return contexts_[slot(context)].size; }
  void learn(const OldBlock& block) {
    contexts_[slot(context_)].next = block.context;
    context_ = block.context;
    contexts_[slot(context_)].size = block.size;
    behind_ = Arena::behind(block.address, block.size);
  }

 private:
  struct Context {
    std::uint64_t size = 0;
    std::uint32_t next = 0;
  };
  static std::size_t slot(std::uint32_t context) { return context % 4096; }

  std::uint64_t behind_ = 0;
  std::uint32_t context_ = 0;
  std::array<Context, 4096> contexts_{};
};

}  // namespace

const std::vector<std::uint32_t>& OldBlockWriter::write(std::span<const Event> events,
                                                        std::span<const OldRelease> releases) {
  byBirth_.clear();
  for (std::uint32_t i = 0; i < releases.size(); ++i) byBirth_.add(releases[i].birth.position, i);
  ranks_.resize(releases.size());
  Neighbours neighbours;
  std::uint32_t rank = 0;
  for (const SortByKey::Item& item : byBirth_.sorted()) {
    ranks_[item.index] = rank++;
    const OldRelease& release = releases[item.index];
    const Event& event = events[release.index];
    const OldBlock block{event.address, event.size, event.context, release.birth};
    birth_.delta(block.birth.position);
    nanos_.delta(block.birth.nanos);
    address_.varint(packAddress(block.address, neighbours.address()));
    context_.varint(zigzag(block.context - neighbours.context()));
    size_.varint(zigzag(block.size - neighbours.size(block.context)));
    neighbours.learn(block);
  }
  return ranks_;
}

void OldBlockWriter::addTo(google::protobuf::RepeatedPtrField<v1::Column>& columns) {
  *columns.Add() = birth_.take("old.birth", v1::DELTA);
  *columns.Add() = nanos_.take("old.nanos", v1::DELTA);
  *columns.Add() = address_.take("old.address", v1::VARINT);
  *columns.Add() = context_.take("old.context", v1::VARINT);
  *columns.Add() = size_.take("old.size", v1::VARINT);
}

void readOldBlocks(const google::protobuf::RepeatedPtrField<v1::Column>& columns, std::uint64_t maxBlocks,
                   std::vector<OldBlock>& blocks) {
  ColumnReader birth;
  ColumnReader nanos;
  ColumnReader address;
  ColumnReader context;
  ColumnReader size;
  birth.open(columns, "old.birth", v1::DELTA, maxBlocks);
  nanos.open(columns, "old.nanos", v1::DELTA, maxBlocks);
  address.open(columns, "old.address", v1::VARINT, maxBlocks);
  context.open(columns, "old.context", v1::VARINT, maxBlocks);
  size.open(columns, "old.size", v1::VARINT, maxBlocks);
  blocks.resize(static_cast<std::size_t>(birth.count()));
  Neighbours neighbours;
  for (OldBlock& block : blocks) {
    block.birth.position = birth.delta();
    block.birth.nanos = nanos.delta();
    block.address = unpackAddress(address.varint(), neighbours.address());
    block.context = narrow(neighbours.context() + unzigzag(context.varint()), context);
    block.size = neighbours.size(block.context) + unzigzag(size.varint());
    neighbours.learn(block);
  }
  for (const ColumnReader* column : {&birth, &nanos, &address, &context, &size}) column->close();
}

}  // namespace heapatlas::recording
