// A chunk's columns to events: see chunk_codec.h. Nothing that a column says is taken without a check.
#include "recording/chunk_codec.h"
#include "recording/old_blocks.h"
#include "recording/prediction.h"
#include "recording/spare.h"

namespace heapatlas::recording {

namespace {

class Decoder {
 public:
  void decode(const v1::Chunk& chunk, Rows& rows);

 private:
  using Expected = Prediction::Expected;
  void open(const v1::Chunk& chunk);
  void run(std::uint32_t from, std::uint32_t end, std::uint32_t thread, std::uint64_t nanos);
  std::uint32_t shapeOf(const Lane& lane, const Expected& expected, unsigned code);
  std::uint32_t listed();
  void begin(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, unsigned code);
  void end(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, unsigned code);
  std::uint32_t blockOf(const Lane& lane, const Expected& expected, std::uint32_t index, BlockCode code);
  void endHere(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, BlockCode code);
  void endOld(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, BlockCode code);
  void note(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, unsigned code);
  void close() const;

  Rows* rows_ = nullptr;
  std::uint64_t firstPosition_ = 0;
  Prediction prediction_;
  std::vector<OldBlock> old_;
  std::uint64_t oldNext_ = 0;
  ColumnReader runThread_, runEvents_, runNanos_;
  ColumnReader code_, shape_, what_, context_, stack_, size_, address_, distance_, oldBlock_, noteSize_, noteAddress_;
  ColumnReader restoredBirth_, restoredNanos_;
};

void Decoder::open(const v1::Chunk& chunk) {
  const std::uint64_t count = chunk.count();
  const auto& columns = chunk.columns();
  runThread_.open(columns, "run.thread", v1::VARINT, count);
  runEvents_.open(columns, "run.events", v1::VARINT, count);
  runNanos_.open(columns, "run.nanos", v1::DELTA, count);
  code_.open(columns, "code", v1::BYTES, count);
  shape_.open(columns, "shape", v1::VARINT, count);
  what_.open(columns, "shape.what", v1::BYTES, count);
  context_.open(columns, "context", v1::DELTA, count);
  stack_.open(columns, "shape.stack", v1::DELTA, count);
  size_.open(columns, "size", v1::VARINT, count);
  address_.open(columns, "address", v1::VARINT, count);
  distance_.open(columns, "distance", v1::VARINT, count);
  oldBlock_.open(columns, "old", v1::VARINT, count);
  noteSize_.open(columns, "note.size", v1::VARINT, count);
  noteAddress_.open(columns, "note.address", v1::VARINT, count);
  restoredBirth_.open(columns, "restored.birth", v1::DELTA, count);
  restoredNanos_.open(columns, "restored.nanos", v1::DELTA, count);
  readOldBlocks(columns, count, old_);
  oldNext_ = 0;
}

void Decoder::close() const {
  for (const ColumnReader* column :
       {&runThread_, &runEvents_, &runNanos_, &code_, &shape_, &what_, &context_, &stack_, &size_, &address_,
        &distance_, &oldBlock_, &noteSize_, &noteAddress_, &restoredBirth_, &restoredNanos_}) {
    column->close();
  }
}

void Decoder::decode(const v1::Chunk& chunk, Rows& rows) {
  if (chunk.count() > kMaxChunkEvents) throw Damaged("a chunk has more events than a chunk may have");
  const auto count = static_cast<std::uint32_t>(chunk.count());
  open(chunk);
  prediction_.reset(count);
  firstPosition_ = chunk.first_position();
  rows_ = &rows;
  rows.events.resize(count);
  rows.birth.resize(count);
  rows.birthNanos.resize(count);
  for (std::uint32_t i = 0; i < count;) {
    const std::uint32_t thread = narrow(runThread_.varint(), runThread_);
    const std::uint64_t events = runEvents_.varint();
    if (events == 0 || events > count - i) runEvents_.fail("does not say as many events as there are");
    const auto end = i + static_cast<std::uint32_t>(events);
    run(i, end, thread, runNanos_.delta());
    i = end;
  }
  close();
}

void Decoder::run(std::uint32_t from, std::uint32_t end, std::uint32_t thread, std::uint64_t nanos) {
  Lane& lane = prediction_.lane(thread);
  for (std::uint32_t i = from; i < end; ++i) {
    Expected& expected = prediction_.expected(lane.recent.slot());
    const unsigned code = code_.byte();
    const std::uint32_t id = shapeOf(lane, expected, code / kShapeStep);
    const Shape& shape = prediction_.shapes()[id];
    Event& event = rows_->events[i];
    event.nanos = nanos;
    event.thread = thread;
    event.what = shape.what;
    event.context = shape.context;
    event.stack = shape.stack;
    rows_->birth[i] = kNoPosition;
    rows_->birthNanos[i] = 0;
    if (shape.what == What::Restore) {
      rows_->birth[i] = restoredBirth_.delta();
      rows_->birthNanos[i] = restoredNanos_.delta();
    }
    if (beginsBlock(shape.what)) {
      begin(lane, expected, i, id, code % kShapeStep);
    } else if (endsBlock(shape.what)) {
      this->end(lane, expected, i, id, code % kShapeStep);
    } else {
      note(lane, expected, i, id, code % kShapeStep);
    }
  }
}

std::uint32_t Decoder::shapeOf(const Lane& lane, const Expected& expected, unsigned code) {
  switch (static_cast<ShapeCode>(code)) {
    case ShapeCode::ByHistory:
      return expected.shape;
    case ShapeCode::ByLast:
      return prediction_.shapes()[lane.previous].next;
    case ShapeCode::Listed:
      return listed();
  }
  code_.fail("has a code that there is not");
}

std::uint32_t Decoder::listed() {
  std::vector<Shape>& shapes = prediction_.shapes();
  const std::uint64_t known = shape_.varint();
  if (known >= shapes.size()) shape_.fail("names a shape that has not been");
  if (known != 0) return static_cast<std::uint32_t>(known);
  Shape shape;
  const std::uint8_t what = what_.byte();
  if (what > static_cast<std::uint8_t>(What::Last)) what_.fail("names an event that there is not");
  shape.what = static_cast<What>(what);
  if (!endsBlock(shape.what)) shape.context = narrow(context_.delta(), context_);
  shape.stack = narrow(stack_.delta(), stack_);
  shapes.push_back(shape);
  return static_cast<std::uint32_t>(shapes.size() - 1);
}

void Decoder::begin(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, unsigned code) {
  Event& event = rows_->events[index];
  const Shape& shape = prediction_.shapes()[id];
  const auto addressCode = static_cast<AddressCode>(code % kSizeStep);
  if (code / kSizeStep > static_cast<unsigned>(SizeCode::Last) || addressCode > AddressCode::Last) {
    code_.fail("has a code that there is not");
  }
  switch (static_cast<SizeCode>(code / kSizeStep)) {
    case SizeCode::ByHistory:
      event.size = expected.value;
      break;
    case SizeCode::OfShape:
      event.size = shape.size;
      break;
    case SizeCode::Listed:
      event.size = size_.varint();
      break;
  }
  Arena& arena = lane.arenaOf(event.what);
  FreedBlocks& freed = arena.classes[Arena::classOf(event.size)];
  event.address = Prediction::address(arena, freed, shape, addressCode);
  if (addressCode >= AddressCode::NearClass) event.address = unpackAddress(address_.varint(), event.address);
  prediction_.began(lane, freed, expected, event, index, id, addressCode);
  lane.recent.add(id);
}

std::uint32_t Decoder::blockOf(const Lane& lane, const Expected& expected, std::uint32_t index, BlockCode code) {
  if (code < BlockCode::ByHistory) {
    const std::uint32_t block = prediction_.block(lane, rows_->events[index].thread, code);
    if (block >= index || !prediction_.alive(block)) code_.fail("means a block that there is not");
    return block;
  }
  const std::uint64_t distance = code == BlockCode::ByHistory ? expected.value : distance_.varint();
  if (distance == 0 || distance > index) distance_.fail("leads out of the chunk");
  const auto block = index - static_cast<std::uint32_t>(distance);
  if (!beginsBlock(rows_->events[block].what) || !prediction_.alive(block)) distance_.fail("leads to no live block");
  return block;
}

void Decoder::endHere(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, BlockCode code) {
  const std::uint32_t born = blockOf(lane, expected, index, code);
  const Event& block = rows_->events[born];
  Event& event = rows_->events[index];
  const bool pool = event.what == What::PoolRelease;
  event.address = block.address;
  event.size = pool ? 0 : block.size;
  event.context = pool ? 0 : block.context;
  if (code == BlockCode::Changed) {
    event.size = size_.varint();
    event.context = narrow(context_.delta(), context_);
  }
  const bool restored = block.what == What::Restore;
  rows_->birth[index] = restored ? rows_->birth[born] : firstPosition_ + born;
  rows_->birthNanos[index] = restored ? rows_->birthNanos[born] : block.nanos;
  FreedBlocks& freed = lane.arenaOf(event.what).classes[Arena::classOf(block.size)];
  prediction_.ended(lane, freed, expected, event, index - born, born, id);
  lane.recent.add(id, block.context);
}

void Decoder::endOld(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, BlockCode code) {
  const std::uint64_t rank = oldNext_ + (code == BlockCode::OldNext ? 0 : unzigzag(oldBlock_.varint()));
  if (rank >= old_.size()) oldBlock_.fail("leads to no old block");
  oldNext_ = rank + 1;
  const OldBlock& block = old_[static_cast<std::size_t>(rank)];
  Event& event = rows_->events[index];
  event.address = block.address;
  event.size = block.size;
  event.context = block.context;
  rows_->birth[index] = block.birth.position;
  rows_->birthNanos[index] = block.birth.nanos;
  FreedBlocks& freed = lane.arenaOf(event.what).classes[Arena::classOf(event.size)];
  prediction_.ended(lane, freed, expected, event, 0, kNotHere, id);
  lane.recent.add(id, event.context);
}

void Decoder::end(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, unsigned code) {
  const auto blockCode = static_cast<BlockCode>(code);
  if (blockCode > BlockCode::Last) code_.fail("has a code that there is not");
  if (blockCode < BlockCode::OldNext) {
    endHere(lane, expected, index, id, blockCode);
  } else {
    endOld(lane, expected, index, id, blockCode);
  }
}

void Decoder::note(Lane& lane, Expected& expected, std::uint32_t index, std::uint32_t id, unsigned code) {
  const auto sizeCode = static_cast<NoteCode>(code / kNoteStep);
  const auto addressCode = static_cast<NoteCode>(code % kNoteStep);
  if (sizeCode > NoteCode::Last || addressCode > NoteCode::Last) code_.fail("has a code that there is not");
  Event& event = rows_->events[index];
  const Shape& shape = prediction_.shapes()[id];
  event.size = sizeCode == NoteCode::OfShape ? shape.size : 0;
  if (sizeCode == NoteCode::Listed) event.size = noteSize_.varint();
  event.address = addressCode == NoteCode::OfThread ? lane.noted : shape.address;
  if (addressCode == NoteCode::Listed) event.address = unpackAddress(noteAddress_.varint(), shape.address);
  prediction_.noted(lane, expected, event, id);
  lane.recent.add(id);
}

}  // namespace

void decode(const v1::Chunk& chunk, Rows& rows) {
  static Spare<Decoder> spare;
  const auto decoder = spare.take();
  decoder->decode(chunk, rows);
}

}  // namespace heapatlas::recording
