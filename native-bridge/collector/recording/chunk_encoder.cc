// A chunk's events to columns: see chunk_codec.h.
#include <algorithm>

#include "recording/chunk_codec.h"
#include "recording/line_filter.h"
#include "recording/old_blocks.h"
#include "recording/prediction.h"

namespace heapatlas::recording {

namespace {

// Finds a shape by what it is. Equation: a shape stands in the first slot at or behind its home that no other has.
class ShapeIndex {
 public:
  void clear(std::size_t shapes) { slots_.assign(std::bit_ceil(std::max<std::size_t>(1024, shapes * 2)), 0); }
  // 0: there is none yet, and the next shape is taken to be this one.
  std::uint32_t find(const std::vector<Shape>& shapes, const Shape& wanted) {
    if (shapes.size() * 2 > slots_.size()) grow(shapes);
    std::uint32_t& slot = slots_[place(shapes, wanted)];
    if (slot != 0) return slot;
    slot = static_cast<std::uint32_t>(shapes.size());
    return 0;
  }

 private:
  std::size_t place(const std::vector<Shape>& shapes, const Shape& wanted) const {
    std::uint64_t hash = (static_cast<std::uint64_t>(wanted.context) << 32 | wanted.stack) * 0x9e3779b97f4a7c15u;
    hash = (hash ^ hash >> 32 ^ static_cast<std::uint64_t>(wanted.what)) * 0xd6e8feb86659fd93u >> 32;
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != 0 && !shapes[slots_[at]].is(wanted)) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow(const std::vector<Shape>& shapes) {
    slots_.assign(slots_.size() * 4, 0);
    for (std::uint32_t i = 1; i < shapes.size(); ++i) slots_[place(shapes, shapes[i])] = i;
  }

  std::vector<std::uint32_t> slots_;
};

bool agrees(const Event& release, const Event& allocation) {
  if (release.what == What::PoolRelease) return release.size == 0 && release.context == 0;
  return release.size == allocation.size && release.context == allocation.context;
}

}  // namespace

class ChunkEncoder::State {
 public:
  void encode(std::span<const Event> events, const Paired& paired);
  void addTo(google::protobuf::RepeatedPtrField<v1::Column>& columns);
  LineSet& lines() { return lines_; }

 private:
  using Expected = Prediction::Expected;
  void run(std::uint32_t from, std::uint32_t end);
  std::uint32_t shapeOf(const Lane& lane, const Expected& expected, const Shape& shape);
  std::uint32_t list(const Shape& shape);
  void begin(Lane& lane, Expected& expected, std::uint32_t index);
  void end(Lane& lane, Expected& expected, std::uint32_t index);
  void note(Lane& lane, Expected& expected, std::uint32_t index);
  unsigned sizeCode(const Expected& expected, const Shape& shape, std::uint64_t size);
  AddressCode addressCode(const Arena& arena, const FreedBlocks& freed, const Shape& shape, std::uint64_t address);
  BlockCode blockCode(const Lane& lane, const Expected& expected, std::uint32_t index);
  BlockCode oldCode();
  void code(unsigned rest) {
    code_.byte(static_cast<std::uint8_t>(static_cast<unsigned>(shapeCode_) * kShapeStep + rest));
  }

  std::span<const Event> events_;
  const Paired* paired_ = nullptr;
  LineSet lines_;
  Prediction prediction_;
  ShapeIndex shapeIndex_;
  ShapeCode shapeCode_ = ShapeCode::Listed;
  OldBlockWriter old_;
  const std::uint32_t* oldRank_ = nullptr;  // of the next release of an old block
  std::uint32_t oldNext_ = 0;               // rank behind the one before
  ColumnWriter runThread_, runEvents_, runNanos_;
  ColumnWriter code_, shape_, what_, context_, stack_, size_, address_, distance_, oldBlock_, noteSize_, noteAddress_;
  ColumnWriter restoredBirth_, restoredNanos_;
};

void ChunkEncoder::State::encode(std::span<const Event> events, const Paired& paired) {
  events_ = events;
  paired_ = &paired;
  shapeIndex_.clear(prediction_.shapes().size());
  prediction_.reset();
  oldRank_ = old_.write(events, paired.old).data();
  oldNext_ = 0;
  for (const Restored& each : paired.restored) {
    restoredBirth_.delta(each.birth.position);
    restoredNanos_.delta(each.birth.nanos);
  }
  const auto count = static_cast<std::uint32_t>(events.size());
  for (std::uint32_t i = 0; i < count;) {
    const std::uint32_t from = i;
    while (i < count && events[i].thread == events[from].thread && events[i].nanos == events[from].nanos) ++i;
    runThread_.varint(events[from].thread);
    runEvents_.varint(i - from);
    runNanos_.delta(events[from].nanos);
    run(from, i);
  }
}

void ChunkEncoder::State::run(std::uint32_t from, std::uint32_t end) {
  Lane& lane = prediction_.lane(events_[from].thread);
  for (std::uint32_t i = from; i < end; ++i) {
    Expected& expected = prediction_.expected(lane);
    if (beginsBlock(events_[i].what)) {
      begin(lane, expected, i);
    } else if (endsBlock(events_[i].what)) {
      this->end(lane, expected, i);
    } else {
      note(lane, expected, i);
    }
  }
}

std::uint32_t ChunkEncoder::State::shapeOf(const Lane& lane, const Expected& expected, const Shape& shape) {
  const std::vector<Shape>& shapes = prediction_.shapes();
  shapeCode_ = ShapeCode::ByHistory;
  if (shapes[expected.shape].is(shape)) return expected.shape;
  shapeCode_ = ShapeCode::ByLast;
  const std::uint32_t next = shapes[lane.previous].next;
  if (shapes[next].is(shape)) return next;
  shapeCode_ = ShapeCode::Listed;
  return list(shape);
}

std::uint32_t ChunkEncoder::State::list(const Shape& shape) {
  std::vector<Shape>& shapes = prediction_.shapes();
  const std::uint32_t known = shapeIndex_.find(shapes, shape);
  shape_.varint(known);
  if (known != 0) return known;
  what_.byte(static_cast<std::uint8_t>(shape.what));
  if (!endsBlock(shape.what)) context_.delta(shape.context);
  stack_.delta(shape.stack);
  shapes.push_back(shape);
  return static_cast<std::uint32_t>(shapes.size() - 1);
}

unsigned ChunkEncoder::State::sizeCode(const Expected& expected, const Shape& shape, std::uint64_t size) {
  if (size == expected.value) return static_cast<unsigned>(SizeCode::ByHistory) * kSizeStep;
  if (size == shape.size) return static_cast<unsigned>(SizeCode::OfShape) * kSizeStep;
  size_.varint(size);
  return static_cast<unsigned>(SizeCode::Listed) * kSizeStep;
}

AddressCode ChunkEncoder::State::addressCode(const Arena& arena, const FreedBlocks& freed, const Shape& shape,
                                             std::uint64_t address) {
  const unsigned codes = Prediction::codesOf(arena, freed, shape, address);
  if (codes != 0) return static_cast<AddressCode>(std::countr_zero(codes));
  const std::uint64_t nearClass = packAddress(address, freed.last);
  const std::uint64_t nearFresh = packAddress(address, arena.fresh);
  address_.varint(std::min(nearClass, nearFresh));
  return nearClass <= nearFresh ? AddressCode::NearClass : AddressCode::NearFresh;
}

void ChunkEncoder::State::begin(Lane& lane, Expected& expected, std::uint32_t index) {
  const Event& event = events_[index];
  const std::uint32_t id = shapeOf(lane, expected, {event.what, event.context, event.stack});
  Shape& shape = prediction_.shapes()[id];
  const unsigned size = sizeCode(expected, shape, event.size);
  Arena& arena = lane.arenas[ofPool(event.what) ? 1 : 0];
  FreedBlocks& freed = arena.classes[Arena::classOf(event.size)];
  const AddressCode address = addressCode(arena, freed, shape, event.address);
  code(size + static_cast<unsigned>(address));
  prediction_.began(lane, expected, event, index, id, address);
}

BlockCode ChunkEncoder::State::oldCode() {
  const std::uint32_t rank = *oldRank_++;
  const std::uint64_t from = zigzag(std::uint64_t{rank} - oldNext_);
  oldNext_ = rank + 1;
  if (from == 0) return BlockCode::OldNext;
  oldBlock_.varint(from);
  return BlockCode::Old;
}

BlockCode ChunkEncoder::State::blockCode(const Lane& lane, const Expected& expected, std::uint32_t index) {
  const std::uint32_t born = paired_->born[index];
  if (born == kNotHere) return oldCode();
  const std::uint32_t distance = index - born;
  if (!agrees(events_[index], events_[born])) {
    distance_.varint(distance);
    size_.varint(events_[index].size);
    context_.delta(events_[index].context);
    return BlockCode::Changed;
  }
  for (auto code = BlockCode::Newest; code < BlockCode::ByHistory; code = next(code)) {
    if (prediction_.block(lane, events_[index].thread, code) == born) return code;
  }
  if (expected.value == distance) return BlockCode::ByHistory;
  distance_.varint(distance);
  return BlockCode::Distance;
}

void ChunkEncoder::State::end(Lane& lane, Expected& expected, std::uint32_t index) {
  const Event& event = events_[index];
  const std::uint32_t id = shapeOf(lane, expected, {event.what, 0, event.stack});
  const std::uint32_t born = paired_->born[index];
  code(static_cast<unsigned>(blockCode(lane, expected, index)));
  const bool here = born != kNotHere;
  prediction_.ended(lane, expected, event, here ? events_[born] : event, here ? index - born : 0, born, id);
}

void ChunkEncoder::State::note(Lane& lane, Expected& expected, std::uint32_t index) {
  const Event& event = events_[index];
  const std::uint32_t id = shapeOf(lane, expected, {event.what, event.context, event.stack});
  const Shape& shape = prediction_.shapes()[id];
  NoteCode size = NoteCode::Listed;
  if (event.size == 0) size = NoteCode::OfThread;
  if (event.size == shape.size) size = NoteCode::OfShape;
  if (size == NoteCode::Listed) noteSize_.varint(event.size);
  NoteCode address = NoteCode::Listed;
  if (event.address == lane.noted) address = NoteCode::OfThread;
  if (event.address == shape.address) address = NoteCode::OfShape;
  if (address == NoteCode::Listed) noteAddress_.varint(packAddress(event.address, shape.address));
  code(static_cast<unsigned>(size) * kNoteStep + static_cast<unsigned>(address));
  prediction_.noted(lane, expected, event, id);
}

void ChunkEncoder::State::addTo(google::protobuf::RepeatedPtrField<v1::Column>& columns) {
  *columns.Add() = runThread_.take("run.thread", v1::VARINT);
  *columns.Add() = runEvents_.take("run.events", v1::VARINT);
  *columns.Add() = runNanos_.take("run.nanos", v1::DELTA);
  *columns.Add() = code_.take("code", v1::BYTES);
  *columns.Add() = shape_.take("shape", v1::VARINT);
  *columns.Add() = what_.take("shape.what", v1::BYTES);
  *columns.Add() = context_.take("context", v1::DELTA);
  *columns.Add() = stack_.take("shape.stack", v1::DELTA);
  *columns.Add() = size_.take("size", v1::VARINT);
  *columns.Add() = address_.take("address", v1::VARINT);
  *columns.Add() = distance_.take("distance", v1::VARINT);
  *columns.Add() = oldBlock_.take("old", v1::VARINT);
  *columns.Add() = noteSize_.take("note.size", v1::VARINT);
  *columns.Add() = noteAddress_.take("note.address", v1::VARINT);
  old_.addTo(columns);
  *columns.Add() = restoredBirth_.take("restored.birth", v1::DELTA);
  *columns.Add() = restoredNanos_.take("restored.nanos", v1::DELTA);
}

ChunkEncoder::ChunkEncoder() : state_(std::make_unique<State>()) {}
ChunkEncoder::~ChunkEncoder() = default;

namespace {

// Whether an event is of memory at its address, of its size. That of a block of the chunk is said by its allocation.
bool ofMemory(const Event& event, std::uint32_t born) {
  return beginsBlock(event.what) || (endsBlock(event.what) && born == kNotHere) || event.what == What::Refused ||
         event.what == What::ReleaseUnknown || event.what == What::Map || event.what == What::Unmap;
}
bool hasAddress(What what) { return what != What::Forget && what < What::ThreadStart; }

// Where and when the events are.
void describe(std::span<const Event> events, const Paired& paired, LineSet& lines, v1::Chunk& chunk) {
  lines.clear();
  std::uint64_t lowest = ~std::uint64_t{0};
  std::uint64_t highest = 0;
  std::uint64_t first = ~std::uint64_t{0};
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    first = std::min(first, event.nanos);
    last = std::max(last, event.nanos);
    if (!hasAddress(event.what)) continue;
    const bool memory = ofMemory(event, paired.born[i]);
    const std::uint64_t end = event.address + (memory && event.size != 0 ? event.size - 1 : 0);
    lowest = std::min(lowest, event.address);
    highest = std::max(highest, end < event.address ? ~std::uint64_t{0} : end);
    if (memory) lines.add(event.address, event.size);
  }
  chunk.set_lines(lines.take());
  chunk.set_first_nanos(events.empty() ? 0 : first);
  chunk.set_last_nanos(last);
  chunk.set_lowest_address(highest == 0 ? 0 : lowest);
  chunk.set_highest_address(highest);
}

}  // namespace

v1::Chunk ChunkEncoder::encode(std::span<const Event> events, const Paired& paired, std::uint64_t firstPosition,
                               std::uint64_t sequence) {
  v1::Chunk chunk;
  chunk.set_sequence(sequence);
  chunk.set_first_position(firstPosition);
  chunk.set_count(events.size());
  describe(events, paired, state_->lines(), chunk);
  state_->encode(events, paired);
  state_->addTo(*chunk.mutable_columns());
  return chunk;
}

}  // namespace heapatlas::recording
