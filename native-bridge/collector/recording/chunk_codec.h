// A chunk's events to columns and back.
// Entry: ChunkEncoder, the encoder thread's; decode, for the reader. Must hold: decode(encode(events)) is events, and
// decode throws Damaged for whatever else it is given, without taking more memory than a whole chunk needs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "recording/columns.h"
#include "recording/event.h"
#include "recording/pairing.h"

namespace heapatlas::recording {

struct Rows {
  std::vector<Event> events;
  // Of events that end a block's life, or give it back (Restore): position and time of the event that began it. Else,
  // and where it is not known, kNoPosition and 0.
  std::vector<std::uint64_t> birth;
  std::vector<std::uint64_t> birthNanos;
};

// Keeps its memory for the next chunk.
class ChunkEncoder {
 public:
  ChunkEncoder();
  ~ChunkEncoder();
  // paired: of these events, of which there are at most kMaxChunkEvents. Chunk.begin is left to the caller.
  v1::Chunk encode(std::span<const Event> events, const Paired& paired, std::uint64_t firstPosition,
                   std::uint64_t sequence);

 private:
  class State;
  std::unique_ptr<State> state_;
};

// Rows keep their memory: on fresh pages this takes several times as long.
void decode(const v1::Chunk& chunk, Rows& rows);
inline Rows decode(const v1::Chunk& chunk) {
  Rows rows;
  decode(chunk, rows);
  return rows;
}

}  // namespace heapatlas::recording
