// See net_effect.h.
#include "recording/net_effect.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "recording/columns.h"
#include "recording/sort_by_key.h"

namespace heapatlas::recording {
namespace {

// Adjacent ones in pairs, so that each block is copied as often as there are rounds.
Net mergedAll(std::vector<Net> nets) {
  while (nets.size() > 1) {
    std::vector<Net> next;
    for (std::size_t i = 0; i + 1 < nets.size(); i += 2) {
      next.push_back(merged(std::move(nets[i]), std::move(nets[i + 1])));
    }
    if (nets.size() % 2 != 0) next.push_back(std::move(nets.back()));
    nets = std::move(next);
  }
  return std::move(nets.front());
}

// In one pass over all that ascends: every further copy of the blocks costs as much as the merge.
class Merge {
 public:
  Merge(const Net& first, const Net& second) : second_(second) {
    blocks_.reserve(first.blocks.size() + second.blocks.size());
    for (const NetBlock& block : first.blocks) take(block);
    takeNewBefore(nullptr);
    older_.insert(older_.end(), second.released.begin() + static_cast<std::ptrdiff_t>(released_),
                  second.released.end());
  }
  std::vector<NetBlock>& blocks() { return blocks_; }
  // What the second released that the first did not hold.
  const std::vector<std::uint64_t>& older() const { return older_; }

 private:
  void take(const NetBlock& block) {
    takeNewBefore(&block);
    const std::vector<std::uint64_t>& released = second_.released;
    for (; released_ < released.size() && released[released_] < block.address; ++released_) {
      older_.push_back(released[released_]);
    }
    if (released_ < released.size() && released[released_] == block.address) {
      ++released_;
    } else {
      blocks_.push_back(block);
    }
  }
  void takeNewBefore(const NetBlock* block) {
    const std::vector<NetBlock>& blocks = second_.blocks;
    while (new_ < blocks.size() && (block == nullptr || blocks[new_].address < block->address)) {
      blocks_.push_back(blocks[new_++]);
    }
  }

  const Net& second_;
  std::size_t new_ = 0;       // of the second's blocks
  std::size_t released_ = 0;  // of what it released
  std::vector<NetBlock> blocks_;
  std::vector<std::uint64_t> older_;
};

}  // namespace

Net netOf(std::span<const Event> events, const Paired& paired, std::uint64_t chunk, std::uint64_t firstPosition) {
  Net net{chunk, chunk + 1, firstPosition, firstPosition + events.size(), false, {}, {}};
  net.forgets = std::any_of(events.begin(), events.end(), [](const Event& e) { return e.what == What::Forget; });
  thread_local SortByKey byAddress;  // keeps its memory
  byAddress.clear();
  for (const std::uint32_t index : paired.survivors) {
    if (allocates(events[index].what)) byAddress.add(events[index].address, index);
  }
  net.blocks.reserve(paired.survivors.size());
  for (const auto& [address, index] : byAddress.sorted()) {
    const Event& event = events[index];
    const Birth birth = birthOf(events, paired, index, firstPosition);
    net.blocks.push_back({address, event.size, birth.position, birth.nanos, event.context, event.what});
  }
  if (net.forgets) return net;
  byAddress.clear();
  for (const OldRelease& old : paired.old) {
    if (releases(events[old.index].what)) byAddress.add(events[old.index].address, old.index);
  }
  for (const auto& [address, index] : byAddress.sorted()) {
    if (net.released.empty() || net.released.back() != address) net.released.push_back(address);
  }
  return net;
}

Net merged(Net first, Net second) {
  second.firstChunk = first.firstChunk;
  second.firstPosition = first.firstPosition;
  if (second.forgets) return second;
  second.forgets = first.forgets;
  Merge merge(first, second);
  second.blocks = std::move(merge.blocks());
  second.released.clear();
  if (second.forgets) return second;
  std::set_union(first.released.begin(), first.released.end(), merge.older().begin(), merge.older().end(),
                 std::back_inserter(second.released));
  return second;
}

v1::NetEffect toMessage(const Net& net, std::uint32_t level) {
  ColumnWriter address, size, context, age, nanos, what, released;
  for (const NetBlock& block : net.blocks) {
    address.delta(block.address);
    size.varint(block.size);
    context.varint(block.context);
    age.varint(net.endPosition - block.position);
    nanos.delta(block.nanos);
    what.byte(static_cast<std::uint8_t>(block.what));
  }
  for (const std::uint64_t each : net.released) released.delta(each);
  v1::NetEffect message;
  message.set_level(level);
  message.set_first_chunk(net.firstChunk);
  message.set_end_chunk(net.endChunk);
  message.set_first_position(net.firstPosition);
  message.set_end_position(net.endPosition);
  message.set_forgets(net.forgets);
  *message.add_columns() = address.take("address", v1::DELTA);
  *message.add_columns() = size.take("size", v1::VARINT);
  *message.add_columns() = context.take("context", v1::VARINT);
  *message.add_columns() = age.take("age", v1::VARINT);
  *message.add_columns() = nanos.take("nanos", v1::DELTA);
  *message.add_columns() = what.take("what", v1::BYTES);
  *message.add_columns() = released.take("released", v1::DELTA);
  return message;
}

namespace {

struct NetColumns {
  // No event does more than begin one block or end one, which bounds what the columns may hold.
  explicit NetColumns(const v1::NetEffect& message) {
    const std::uint64_t most = std::min(kMaxNetBlocks, message.end_position() - message.first_position());
    const auto open = [&](ColumnReader& reader, const char* name, v1::Encoding encoding) {
      reader.open(message.columns(), name, encoding, most);
    };
    open(address, "address", v1::DELTA);
    open(size, "size", v1::VARINT);
    open(context, "context", v1::VARINT);
    open(age, "age", v1::VARINT);
    open(nanos, "nanos", v1::DELTA);
    open(what, "what", v1::BYTES);
    open(released, "released", v1::DELTA);
  }
  NetBlock block(std::uint64_t endPosition) {
    NetBlock block;
    block.address = address.delta();
    block.size = size.varint();
    const std::uint64_t named = context.varint();
    if (named > ~0u) context.fail("has an integer of more than 32 bits");
    block.context = static_cast<std::uint32_t>(named);
    const std::uint64_t before = age.varint();
    if (before == 0 || before > endPosition) age.fail("leads out of the recording");
    block.position = endPosition - before;
    block.nanos = nanos.delta();
    block.what = static_cast<What>(what.byte());
    if (!allocates(block.what)) what.fail("names an event that begins no block");
    return block;
  }
  void close() {
    for (ColumnReader* column : {&address, &size, &context, &age, &nanos, &what, &released}) column->close();
  }

  ColumnReader address, size, context, age, nanos, what, released;
};

}  // namespace

Net fromMessage(const v1::NetEffect& message) {
  if (message.end_position() < message.first_position() || message.end_chunk() <= message.first_chunk()) {
    throw Damaged("it ends before it begins");
  }
  Net net{message.first_chunk(),
          message.end_chunk(),
          message.first_position(),
          message.end_position(),
          message.forgets(),
          {},
          {}};
  NetColumns columns(message);
  net.blocks.reserve(columns.address.count());
  for (std::uint64_t i = 0; i < columns.address.count(); ++i) {
    const NetBlock block = columns.block(net.endPosition);
    if (i != 0 && block.address <= net.blocks.back().address) columns.address.fail("does not ascend");
    net.blocks.push_back(block);
  }
  net.released.reserve(columns.released.count());
  for (std::uint64_t i = 0; i < columns.released.count(); ++i) {
    const std::uint64_t address = columns.released.delta();
    if (i != 0 && address <= net.released.back()) columns.released.fail("does not ascend");
    net.released.push_back(address);
  }
  columns.close();
  return net;
}

void NetEffects::add(Net net) {
  const std::uint64_t end = net.endChunk;
  chunks_.push_back(std::move(net));
  if (end % kRadix != 0) return;
  write(mergedAll(std::exchange(chunks_, {})), 1);
  std::uint64_t span = kRadix * kRadix;
  for (std::uint32_t level = 1; end % span == 0; ++level, span *= kRadix) {
    std::vector<Net> parts;
    for (const Written& written : written_) {
      if (written.isTotals || written.head.level() != level || written.head.first_chunk() < end - span) continue;
      parts.push_back(read(written));
    }
    write(mergedAll(std::move(parts)), level + 1);
  }
}

void NetEffects::addTotals(const std::string& payload) {
  Written& totals = written_.emplace_back();
  totals.isTotals = true;
  totals.head.set_end_chunk(written_[written_.size() - 2].head.end_chunk());
  totals.payload = file_.append(FrameType::Totals, payload);
}

void NetEffects::write(const Net& net, std::uint32_t level) {
  if (net.blocks.size() > kMaxNetBlocks || net.released.size() > kMaxNetBlocks) {
    throw RecordingError("more than " + std::to_string(kMaxNetBlocks) +
                         " blocks are live, which no recording can hold");
  }
  Written& written = written_.emplace_back();
  written.head = toMessage(net, level);
  v1::NetEffect columns;
  columns.mutable_columns()->Swap(written.head.mutable_columns());
  file_.append(FrameType::NetEffect, written.head.SerializeAsString());
  written.payload = file_.append(FrameType::NetEffectColumns, columns.SerializeAsString());
}

Net NetEffects::read(const Written& written) const {
  v1::NetEffect whole = written.head;
  v1::NetEffect columns;
  if (!columns.ParseFromString(file_.read(written.payload))) {
    throw RecordingError("cannot read back " + file_.path());
  }
  whole.mutable_columns()->Swap(columns.mutable_columns());
  return fromMessage(whole);
}

// From the largest effects of which it is made.
Net NetEffects::baseBefore(std::uint64_t chunk) const {
  std::vector<Net> parts;
  for (std::uint64_t at = 0; at < chunk;) {
    const Written* best = nullptr;
    for (const Written& written : written_) {
      if (written.isTotals || written.head.first_chunk() != at || written.head.end_chunk() > chunk) continue;
      if (best == nullptr || written.head.end_chunk() > best->head.end_chunk()) best = &written;
    }
    if (best == nullptr) throw RecordingError("what was given up of " + file_.path() + " is not in its effects");
    parts.push_back(read(*best));
    at = best->head.end_chunk();
  }
  Net base = mergedAll(std::move(parts));
  base.forgets = false;  // there was nothing before it
  base.released.clear();
  return base;
}

void NetEffects::giveUpBefore(std::uint64_t chunk) {
  const std::string path = file_.path();
  const Net base = baseBefore(chunk);
  unlink((path + ".new").c_str());  // of an attempt that failed
  FrameWriter old = std::exchange(file_, FrameWriter(path + ".new"));
  const std::vector<Written> all = std::exchange(written_, {});
  write(base, kBaseLevel);
  for (const Written& each : all) {
    const bool kept = each.isTotals ? each.head.end_chunk() >= chunk : each.head.first_chunk() >= chunk;
    if (!kept) continue;
    if (!each.isTotals) file_.append(FrameType::NetEffect, each.head.SerializeAsString());
    written_.push_back(each);
    written_.back().payload = file_.append(each.payload.type, old.read(each.payload));
  }
  file_.seal();
  file_.rename(path);
}

}  // namespace heapatlas::recording
