// What is expected of a chunk's next event, from those before it. The encoder writes down only what came otherwise; the
// decoder expects the same, because both learn from the same events in the same order.
// Entry: Prediction, by ChunkEncoder and the decoder, anew for each chunk. Must hold: nothing here depends on what only
// one of the two knows; no index that an event leads to is outside of its table, whatever the events are.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "recording/columns.h"
#include "recording/huge_vector.h"
#include "recording/pairing.h"

namespace heapatlas::recording {

// One byte an event: how its shape is named, times kShapeStep, and how the rest is. Values are part of the format.
inline constexpr unsigned kShapeStep = 64;
enum class ShapeCode : std::uint8_t { ByHistory = 0, ByLast = 1, Listed = 2, Last = 2 };

// The rest, of what begins a block: SizeCode times kSizeStep, and AddressCode.
inline constexpr unsigned kSizeStep = 16;
enum class SizeCode : std::uint8_t { ByHistory = 0, OfShape = 1, Listed = 2, Last = 2 };
enum class AddressCode : std::uint8_t {
  Freed = 0,  // the last released block of the size class, by this thread; then the ones before it
  Freed1 = 1,
  Freed2 = 2,
  Freed3 = 3,
  Fresh = 4,       // behind the last block that lay where nothing had been released
  Behind = 5,      // behind the last block
  Stride = 6,      // as far from the last one of the size class as that is from the one before
  Released = 7,    // the last released block of any size
  OfShape = 8,     // where the shape's last block was
  NearClass = 9,   // listed, from the last one of the size class
  NearFresh = 10,  // listed, from Fresh
  Last = 10
};

constexpr bool reuses(AddressCode code) {
  return code != AddressCode::Fresh && code != AddressCode::Behind && code < AddressCode::NearClass;
}

// The rest, of what ends a block.
enum class BlockCode : std::uint8_t {
  Newest = 0,  // of the thread's live ones that began in this chunk; then the ones before it
  Newest1 = 1,
  Newest2 = 2,
  Newer = 3,      // the next one to the one released before, that way
  Older = 4,      // … this way
  ByHistory = 5,  // as far back as that time
  Distance = 6,   // listed, in events
  Changed = 7,    // so too, and then its size and context, which are not those of its allocation
  OldNext = 8,    // the next one of the old blocks
  Old = 9,        // listed, among the old blocks
  Last = 9
};

// The rest, of anything else: kNoteStep times how the size is given, and how the address.
inline constexpr unsigned kNoteStep = 4;
enum class NoteCode : std::uint8_t { OfShape = 0, OfThread = 1, Listed = 2, Last = 2 };

// What events of one kind and one place have in common.
struct Shape {
  What what = What::Allocate;
  std::uint32_t context = 0;  // 0 of what ends a block: the block says it
  std::uint32_t stack = 0;
  std::uint32_t next = 0;     // shape that followed this one last
  std::uint64_t size = 0;     // as it was last
  std::uint64_t address = 0;  // …
};

template <typename Code>
constexpr Code next(Code code) {
  return static_cast<Code>(static_cast<unsigned>(code) + 1);
}

// The last released blocks of a size class, newest first; 0 where there is none.
class FreedBlocks {
 public:
  static constexpr unsigned kDepth = 16;
  std::uint64_t at(unsigned depth) const { return addresses_[(top_ - depth) % kDepth]; }
  void push(std::uint64_t address) { addresses_[++top_ % kDepth] = address; }
  void take(unsigned depth) {
    for (; depth > 0; --depth) addresses_[(top_ - depth) % kDepth] = at(depth - 1);
    addresses_[top_-- % kDepth] = 0;
  }

  std::uint64_t last = 0;    // address that was allocated last …
  std::uint64_t stride = 0;  // … and how far from the one before

 private:
  std::array<std::uint64_t, kDepth> addresses_{};
  std::uint32_t top_ = 0;
};

// What one thread did to the heap, or to the pools.
struct Arena {
  static constexpr unsigned kClasses = 128;
  // Sizes that an allocator is likely to take from one list: 16 bytes apart, then an eighth of their size.
  static unsigned classOf(std::uint64_t size) {
    const std::uint64_t units = (size + 23) / 16;
    if (units < 64) return static_cast<unsigned>(units);
    const auto bits = static_cast<unsigned>(std::bit_width(units));
    return std::min(kClasses - 1, 64 + (bits - 7) * 8 + static_cast<unsigned>(units >> (bits - 4) & 7));
  }
  static std::uint64_t behind(std::uint64_t address, std::uint64_t size) {
    return address + std::max<std::uint64_t>(32, (size + 23) & ~15ull);
  }

  std::uint64_t fresh = 0;
  std::uint64_t next = 0;
  std::uint64_t released = 0;
  std::array<FreedBlocks, kClasses> classes{};
};

// A thread's last three events, which say where its history is looked up.
class Recent {
 public:
  static constexpr unsigned kSlotBits = 16;
  std::uint32_t slot() const {
    const std::uint64_t key =
        (static_cast<std::uint64_t>(symbols_[0]) << 32 | symbols_[1]) + symbols_[2] * 0x9e3779b1ull;
    return static_cast<std::uint32_t>(key * 0x9e3779b97f4a7c15u >> (64 - kSlotBits));
  }
  void add(std::uint32_t shape) { addSymbol(shape); }
  // Of what ends a block, with that block's context.
  void add(std::uint32_t shape, std::uint32_t context) { addSymbol(shape + (context + 1) * 0x10001); }

 private:
  void addSymbol(std::uint32_t symbol) {
    symbols_[2] = symbols_[1];
    symbols_[1] = symbols_[0];
    symbols_[0] = symbol;
  }
  std::array<std::uint32_t, 3> symbols_{};  // newest first
};

// One thread, or several whose numbers are equal modulo kLanes.
struct Lane {
  bool used = false;
  std::uint32_t previous = 0;      // shape of its last event
  std::uint32_t newer = kNotHere;  // of the block released last: its neighbours in Prediction's ring
  std::uint32_t older = kNotHere;
  std::uint64_t noted = 0;      // address of its last event that was of no block
  Recent recent;                // the decoder's; the encoder knows all events beforehand
  std::array<Arena, 2> arenas;  // of the heap, and of pools

  Arena& arenaOf(What what) { return arenas[ofPool(what) ? 1 : 0]; }
};

class Prediction {
 public:
  static constexpr std::uint32_t kLanes = 32;
  struct Expected {
    std::uint32_t shape = 0;
    std::uint32_t value = 0;  // size of what begins a block; how far back it is, of what ends one
  };

  Prediction();
  // For a chunk of so many events.
  void reset(std::uint32_t count);

  Lane& lane(std::uint32_t thread) {
    const std::uint32_t index = thread % kLanes;
    if (!lanes_[index]) lanes_[index] = std::make_unique<Lane>();
    lanes_[index]->used = true;
    return *lanes_[index];
  }
  // By Recent::slot.
  Expected& expected(std::uint32_t slot) { return history_[slot]; }
  void prefetch(std::uint32_t slot) const { __builtin_prefetch(&history_[slot]); }
  std::vector<Shape>& shapes() { return shapes_; }

  // ---- blocks of this chunk that live
  // index: of an event that has been.
  bool alive(std::uint32_t index) const { return links_[nodeOf(index)].older != kNotHere; }
  // What a code before ByHistory means: the index of an allocation, or one that no event has. It may not live any more.
  std::uint32_t block(const Lane& lane, std::uint32_t thread, BlockCode code) const {
    switch (code) {
      case BlockCode::Newer:
        return indexOf(lane.newer);
      case BlockCode::Older:
        return indexOf(lane.older);
      case BlockCode::Newest:
        return indexOf(newest(thread));
      case BlockCode::Newest1:
        return indexOf(links_[newest(thread)].older);
      default:
        return indexOf(links_[links_[newest(thread)].older].older);
    }
  }
  // The codes that mean a block of this chunk which lives, as bits; ByHistory too, by its distance.
  unsigned codesOf(const Lane& lane, const Expected& expected, std::uint32_t thread, std::uint32_t block,
                   std::uint32_t distance) const {
    const std::uint32_t node = nodeOf(block);
    const std::uint32_t newest0 = newest(thread);
    const std::uint32_t newest1 = links_[newest0].older;
    const std::uint32_t newest2 = links_[newest1].older;
    return bit(newest0 == node, BlockCode::Newest) | bit(newest1 == node, BlockCode::Newest1) |
           bit(newest2 == node, BlockCode::Newest2) | bit(lane.newer == node, BlockCode::Newer) |
           bit(lane.older == node, BlockCode::Older) | bit(expected.value == distance, BlockCode::ByHistory);
  }

  // ---- addresses
  // The codes before NearClass that mean this address, as bits.
  static unsigned codesOf(const Arena& arena, const FreedBlocks& freed, const Shape& shape, std::uint64_t address) {
    return bit(freed.at(0) == address, AddressCode::Freed) | bit(freed.at(1) == address, AddressCode::Freed1) |
           bit(freed.at(2) == address, AddressCode::Freed2) | bit(freed.at(3) == address, AddressCode::Freed3) |
           bit(arena.fresh == address, AddressCode::Fresh) | bit(arena.next == address, AddressCode::Behind) |
           bit(freed.last + freed.stride == address, AddressCode::Stride) |
           bit(arena.released == address, AddressCode::Released) | bit(shape.address == address, AddressCode::OfShape);
  }
  // What a code means, or is listed from.
  static std::uint64_t address(const Arena& arena, const FreedBlocks& freed, const Shape& shape, AddressCode code) {
    switch (code) {
      case AddressCode::Fresh:
      case AddressCode::NearFresh:
        return arena.fresh;
      case AddressCode::Behind:
        return arena.next;
      case AddressCode::Stride:
        return freed.last + freed.stride;
      case AddressCode::Released:
        return arena.released;
      case AddressCode::OfShape:
        return shape.address;
      case AddressCode::NearClass:
        return freed.last;
      default:
        return freed.at(static_cast<unsigned>(code));
    }
  }

  // ---- what both sides learn of an event
  // freed: of the event's size.
  void began(Lane& lane, FreedBlocks& freed, Expected& expected, const Event& event, std::uint32_t index,
             std::uint32_t id, AddressCode code) {
    Arena& arena = lane.arenaOf(event.what);
    if (code <= AddressCode::Freed3) freed.take(static_cast<unsigned>(code));
    arena.next = Arena::behind(event.address, event.size);
    arena.fresh = reuses(code) ? arena.fresh : arena.next;
    freed.stride = event.address - freed.last;
    freed.last = event.address;
    learnPlace(id, event);
    link(index, event.thread);
    learn(lane, expected, id, static_cast<std::uint32_t>(event.size));
  }
  // freed: of the block's size; index: of its allocation, or kNotHere where that is not of this chunk.
  void ended(Lane& lane, FreedBlocks& freed, Expected& expected, const Event& event, std::uint32_t distance,
             std::uint32_t index, std::uint32_t id) {
    lane.arenaOf(event.what).released = event.address;
    freed.push(event.address);
    if (index != kNotHere) unlink(lane, index);
    learn(lane, expected, id, distance);
  }
  void noted(Lane& lane, Expected& expected, const Event& event, std::uint32_t id) {
    learnPlace(id, event);
    lane.noted = event.address;
    if (event.what == What::Forget) forget();
    learn(lane, expected, id, static_cast<std::uint32_t>(event.size));
  }

 private:
  void forget();
  static std::uint32_t nodeOf(std::uint32_t index) { return index + kLanes; }
  static std::uint32_t indexOf(std::uint32_t node) { return node - kLanes; }  // of a ring's end, one that no event has
  std::uint32_t newest(std::uint32_t thread) const { return links_[thread % kLanes].older; }
  void link(std::uint32_t index, std::uint32_t thread) {
    const std::uint32_t end = thread % kLanes;
    const std::uint32_t node = nodeOf(index);
    const std::uint32_t newest = links_[end].older;
    links_[node] = {newest, end};
    links_[newest].newer = node;
    links_[end].older = node;
  }
  void unlink(Lane& lane, std::uint32_t index) {
    const std::uint32_t node = nodeOf(index);
    const Link link = links_[node];
    links_[link.older].newer = link.newer;
    links_[link.newer].older = link.older;
    links_[node].older = kNotHere;
    lane.newer = link.newer;
    lane.older = link.older;
  }
  void learn(Lane& lane, Expected& expected, std::uint32_t shape, std::uint32_t value) {
    expected = {shape, value};
    shapes_[lane.previous].next = shape;
    lane.previous = shape;
  }
  void learnPlace(std::uint32_t shape, const Event& event) {
    shapes_[shape].size = event.size;
    shapes_[shape].address = event.address;
  }
  template <typename Code>
  static unsigned bit(bool set, Code code) {
    return static_cast<unsigned>(set) << static_cast<unsigned>(code);
  }

  static constexpr std::size_t kHistory = std::size_t{1} << Recent::kSlotBits;
  struct Link {
    std::uint32_t older = kNotHere;  // then it does not live
    std::uint32_t newer = kNotHere;
  };

  std::array<std::unique_ptr<Lane>, kLanes> lanes_;
  std::vector<Shape> shapes_;
  HugeVector<Link> links_;  // one ring's end a lane, then events
  HugeVector<Expected> history_;
};

// Addresses are mostly multiples of 16 from one another: then what is written is small.
constexpr std::uint64_t packAddress(std::uint64_t address, std::uint64_t near) {
  return zigzag(std::rotr(address - near, 4));
}
constexpr std::uint64_t unpackAddress(std::uint64_t packed, std::uint64_t near) {
  return near + std::rotl(unzigzag(packed), 4);
}

}  // namespace heapatlas::recording
