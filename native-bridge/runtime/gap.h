// The gap: while the collector stands still and rings are full, events are folded into one entry an address.
// The proof that the map stays exact is in ring/README.md. Called by the writer's slow path.
#pragma once

#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::runtime {

struct Thread;

bool isOfHeap(ring::Kind kind);
// Those few records that say what all others of a thread mean: a ring that is full has room left for them.
bool isOfThread(ring::Kind kind);
// Process wide, from now on; nothing when it has begun already.
void beginGap(std::uint32_t me);
// The collector has ended it (Header::gap): rings are used again.
void leaveGap(std::uint32_t me);
// Folds one heap event in, or drops it when a switch of the mode has made its epoch one of the past. False: the gap is
// over, the event belongs into the ring.
bool coalesce(const Thread& thread, const ring::Record& record);

}  // namespace heapatlas::runtime
