// A chunk's events to columns: see chunk_codec.h.
#include <algorithm>
#include <array>

#include "recording/chunk_codec.h"
#include "recording/line_filter.h"
#include "recording/old_blocks.h"
#include "recording/prediction.h"

namespace heapatlas::recording {

namespace {

constexpr std::uint32_t kAhead = 8;  // events whose entries are on their way from memory

// Numbers shapes by first appearance, from 1. Equation: a shape stands in the first slot at or behind its home that no
// other has; load <= 1/2.
class ShapeNumbers {
 public:
  ShapeNumbers() : slots_(1024) {}
  void clear() {
    std::fill(slots_.begin(), slots_.end(), Slot());
    count_ = 0;
  }
  std::uint32_t of(What what, std::uint32_t context, std::uint32_t stack) {
    const Slot wanted{static_cast<std::uint64_t>(context) << 32 | stack, what, 0};
    Slot& slot = slots_[place(wanted)];
    if (slot.number != 0) return slot.number;
    slot = {wanted.key, what, ++count_};
    const std::uint32_t number = count_;
    if (count_ * std::size_t{2} > slots_.size()) grow();
    return number;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    What what = What::Allocate;
    std::uint32_t number = 0;  // then it is empty
  };
  std::size_t place(const Slot& wanted) const {
    std::uint64_t hash = wanted.key * 0x9e3779b97f4a7c15u;
    hash = (hash ^ hash >> 32 ^ static_cast<std::uint64_t>(wanted.what)) * 0xd6e8feb86659fd93u >> 32;
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at].number != 0 && (slots_[at].key != wanted.key || slots_[at].what != wanted.what)) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.number != 0) slots_[place(slot)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::uint32_t count_ = 0;
};

bool agrees(const Event& release, const Event& allocation) {
  if (release.what == What::PoolRelease) return release.size == 0 && release.context == 0;
  return release.size == allocation.size && release.context == allocation.context;
}

// Whether an event is of memory at its address, of its size. That of a block of the chunk is said by its allocation.
bool ofMemory(const Event& event, std::uint32_t born) {
  return beginsBlock(event.what) || (endsBlock(event.what) && born == kNotHere) || event.what == What::Refused ||
         event.what == What::ReleaseUnknown || event.what == What::Map || event.what == What::Unmap;
}
bool hasAddress(What what) { return what != What::Forget && what < What::ThreadStart; }

}  // namespace

// In two passes: prepare finds out of each event what does not depend on what is expected of it, so that the second
// one, whose every step waits for the one before, has less to do and knows early what it will read.
class ChunkEncoder::State {
 public:
  void encode(std::span<const Event> events, const Paired& paired, v1::Chunk& chunk);

 private:
  using Expected = Prediction::Expected;
  enum class Kind : std::uint8_t { Begins, Ends, EndsChanged, Note };
  struct Prepared {
    std::uint32_t shape = 0;
    std::uint16_t slot = 0;  // Recent::slot
    std::uint8_t sizeClass = 0;
    Kind kind = Kind::Note;
  };
  void writeRuns();
  void prepare(v1::Chunk& chunk);
  Prepared prepared(std::uint32_t index, Recent& recent);
  void predict();
  void addTo(google::protobuf::RepeatedPtrField<v1::Column>& columns);
  unsigned shapeCode(const Lane& lane, const Expected& expected, std::uint32_t index);
  unsigned sizeCode(const Expected& expected, const Shape& shape, std::uint64_t size);
  AddressCode addressCode(const Arena& arena, const FreedBlocks& freed, const Shape& shape, std::uint64_t address);
  BlockCode blockCode(const Lane& lane, const Expected& expected, std::uint32_t index);
  BlockCode oldCode();
  unsigned begin(Lane& lane, Expected& expected, std::uint32_t index);
  unsigned end(Lane& lane, Expected& expected, std::uint32_t index);
  unsigned note(Lane& lane, Expected& expected, std::uint32_t index);

  std::span<const Event> events_;
  const Paired* paired_ = nullptr;
  LineSet lines_;
  ShapeNumbers shapeNumbers_;
  std::vector<Prepared> prepared_;
  std::vector<std::uint32_t> runs_;
  Prediction prediction_;
  OldBlockWriter old_;
  const std::uint32_t* oldRank_ = nullptr;  // of the next release of an old block
  std::uint32_t oldNext_ = 0;               // rank behind the one before
  ColumnWriter runThread_, runEvents_, runNanos_;
  ColumnWriter code_, shape_, what_, context_, stack_, size_, address_, distance_, oldBlock_, noteSize_, noteAddress_;
  ColumnWriter restoredBirth_, restoredNanos_;
};

void ChunkEncoder::State::encode(std::span<const Event> events, const Paired& paired, v1::Chunk& chunk) {
  events_ = events;
  paired_ = &paired;
  writeRuns();
  prepare(chunk);
  prediction_.reset(static_cast<std::uint32_t>(events.size()));
  oldRank_ = old_.write(events, paired.old).data();
  oldNext_ = 0;
  for (const Restored& each : paired.restored) {
    restoredBirth_.delta(each.birth.position);
    restoredNanos_.delta(each.birth.nanos);
  }
  predict();
  addTo(*chunk.mutable_columns());
}

// The first loop has no branch that depends on the events: where a run ends nobody foresees.
void ChunkEncoder::State::writeRuns() {
  const std::size_t count = events_.size();
  if (count == 0) return;
  runs_.resize(count + 1);
  std::size_t runs = 1;
  runs_[0] = 0;
  for (std::size_t i = 1; i < count; ++i) {
    runs_[runs] = static_cast<std::uint32_t>(i);
    const std::uint64_t differs =
        (events_[i].thread ^ events_[i - 1].thread) | (events_[i].nanos ^ events_[i - 1].nanos);
    runs += differs != 0 ? 1 : 0;
  }
  runs_[runs] = static_cast<std::uint32_t>(count);
  for (std::size_t run = 0; run < runs; ++run) {
    const Event& first = events_[runs_[run]];
    runThread_.varint(first.thread);
    runEvents_.varint(runs_[run + 1] - runs_[run]);
    runNanos_.delta(first.nanos);
  }
}

// Where and when the events are, and what each is.
void ChunkEncoder::State::prepare(v1::Chunk& chunk) {
  const std::vector<std::uint32_t>& born = paired_->born;
  const auto count = static_cast<std::uint32_t>(events_.size());
  shapeNumbers_.clear();
  prepared_.resize(count);
  std::array<Recent, Prediction::kLanes> recent{};
  std::uint64_t lowest = ~std::uint64_t{0};
  std::uint64_t highest = 0;
  std::uint64_t first = ~std::uint64_t{0};
  std::uint64_t last = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + kAhead < count && born[i + kAhead] != kNotHere) __builtin_prefetch(&events_[born[i + kAhead]]);
    const Event& event = events_[i];
    first = std::min(first, event.nanos);
    last = std::max(last, event.nanos);
    prepared_[i] = prepared(i, recent[event.thread % Prediction::kLanes]);
    if (!hasAddress(event.what)) continue;
    const bool memory = ofMemory(event, born[i]);
    const std::uint64_t end = event.address + (memory && event.size != 0 ? event.size - 1 : 0);
    lowest = std::min(lowest, event.address);
    highest = std::max(highest, end < event.address ? ~std::uint64_t{0} : end);
    if (memory && paired_->again[i] == 0) lines_.add(event.address, event.size);
  }
  lines_.take(chunk);
  chunk.set_first_nanos(count == 0 ? 0 : first);
  chunk.set_last_nanos(last);
  chunk.set_lowest_address(highest == 0 ? 0 : lowest);
  chunk.set_highest_address(highest);
}

ChunkEncoder::State::Prepared ChunkEncoder::State::prepared(std::uint32_t index, Recent& recent) {
  const Event& event = events_[index];
  Prepared made;
  made.slot = static_cast<std::uint16_t>(recent.slot());
  if (!endsBlock(event.what)) {
    made.kind = beginsBlock(event.what) ? Kind::Begins : Kind::Note;
    made.shape = shapeNumbers_.of(event.what, event.context, event.stack);
    made.sizeClass = static_cast<std::uint8_t>(Arena::classOf(event.size));
    recent.add(made.shape);
    return made;
  }
  const std::uint32_t born = paired_->born[index];
  const Event& block = born == kNotHere ? event : events_[born];
  made.kind = born == kNotHere || agrees(event, block) ? Kind::Ends : Kind::EndsChanged;
  made.shape = shapeNumbers_.of(event.what, 0, event.stack);
  made.sizeClass = static_cast<std::uint8_t>(Arena::classOf(block.size));
  recent.add(made.shape, block.context);
  return made;
}

void ChunkEncoder::State::predict() {
  const auto count = static_cast<std::uint32_t>(events_.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + kAhead < count) prediction_.prefetch(prepared_[i + kAhead].slot);
    Lane& lane = prediction_.lane(events_[i].thread);
    Expected& expected = prediction_.expected(prepared_[i].slot);
    unsigned code = shapeCode(lane, expected, i);
    if (prepared_[i].kind == Kind::Begins) {
      code += begin(lane, expected, i);
    } else if (prepared_[i].kind != Kind::Note) {
      code += end(lane, expected, i);
    } else {
      code += note(lane, expected, i);
    }
    code_.byte(static_cast<std::uint8_t>(code));
  }
}

unsigned ChunkEncoder::State::shapeCode(const Lane& lane, const Expected& expected, std::uint32_t index) {
  std::vector<Shape>& shapes = prediction_.shapes();
  const std::uint32_t number = prepared_[index].shape;
  const bool asLast = shapes[lane.previous].next == number;
  const ShapeCode code = expected.shape == number ? ShapeCode::ByHistory
                         : asLast                 ? ShapeCode::ByLast
                                                  : ShapeCode::Listed;
  if (code == ShapeCode::Listed) {
    const bool fresh = number == shapes.size();
    shape_.varint(fresh ? 0 : number);
    if (fresh) {
      const Event& event = events_[index];
      Shape& shape = shapes.emplace_back();
      shape.what = event.what;
      shape.stack = event.stack;
      what_.byte(static_cast<std::uint8_t>(event.what));
      if (!endsBlock(event.what)) context_.delta(shape.context = event.context);
      stack_.delta(event.stack);
    }
  }
  return static_cast<unsigned>(code) * kShapeStep;
}

unsigned ChunkEncoder::State::sizeCode(const Expected& expected, const Shape& shape, std::uint64_t size) {
  const SizeCode code = size == expected.value ? SizeCode::ByHistory
                        : size == shape.size   ? SizeCode::OfShape
                                               : SizeCode::Listed;
  if (code == SizeCode::Listed) size_.varint(size);
  return static_cast<unsigned>(code) * kSizeStep;
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

unsigned ChunkEncoder::State::begin(Lane& lane, Expected& expected, std::uint32_t index) {
  const Event& event = events_[index];
  const std::uint32_t number = prepared_[index].shape;
  const Shape& shape = prediction_.shapes()[number];
  const unsigned size = sizeCode(expected, shape, event.size);
  Arena& arena = lane.arenaOf(event.what);
  FreedBlocks& freed = arena.classes[prepared_[index].sizeClass];
  const AddressCode address = addressCode(arena, freed, shape, event.address);
  prediction_.began(lane, freed, expected, event, index, number, address);
  return size + static_cast<unsigned>(address);
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
  if (prepared_[index].kind == Kind::EndsChanged) {
    distance_.varint(distance);
    size_.varint(events_[index].size);
    context_.delta(events_[index].context);
    return BlockCode::Changed;
  }
  const unsigned codes = prediction_.codesOf(lane, expected, events_[index].thread, born, distance);
  if (codes != 0) return static_cast<BlockCode>(std::countr_zero(codes));
  distance_.varint(distance);
  return BlockCode::Distance;
}

unsigned ChunkEncoder::State::end(Lane& lane, Expected& expected, std::uint32_t index) {
  const Event& event = events_[index];
  const BlockCode code = blockCode(lane, expected, index);
  const std::uint32_t born = paired_->born[index];
  FreedBlocks& freed = lane.arenaOf(event.what).classes[prepared_[index].sizeClass];
  const std::uint32_t distance = born == kNotHere ? 0 : index - born;
  prediction_.ended(lane, freed, expected, event, distance, born, prepared_[index].shape);
  return static_cast<unsigned>(code);
}

unsigned ChunkEncoder::State::note(Lane& lane, Expected& expected, std::uint32_t index) {
  const Event& event = events_[index];
  const std::uint32_t number = prepared_[index].shape;
  const Shape& shape = prediction_.shapes()[number];
  NoteCode size = NoteCode::Listed;
  if (event.size == 0) size = NoteCode::OfThread;
  if (event.size == shape.size) size = NoteCode::OfShape;
  if (size == NoteCode::Listed) noteSize_.varint(event.size);
  NoteCode address = NoteCode::Listed;
  if (event.address == lane.noted) address = NoteCode::OfThread;
  if (event.address == shape.address) address = NoteCode::OfShape;
  if (address == NoteCode::Listed) noteAddress_.varint(packAddress(event.address, shape.address));
  prediction_.noted(lane, expected, event, number);
  return static_cast<unsigned>(size) * kNoteStep + static_cast<unsigned>(address);
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

v1::Chunk ChunkEncoder::encode(std::span<const Event> events, const Paired& paired, std::uint64_t firstPosition,
                               std::uint64_t sequence) {
  v1::Chunk chunk;
  chunk.set_sequence(sequence);
  chunk.set_first_position(firstPosition);
  chunk.set_count(events.size());
  state_->encode(events, paired, chunk);
  return chunk;
}

}  // namespace heapatlas::recording
