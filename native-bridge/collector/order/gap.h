// Ends a gap: takes over the net effects that the program coalesced while its rings were full.
// Entry: resync, called by WatchedProcess when Header::gap is set and the rings are drained.
// Must hold: every shard lock is held from the second drain to the clearing of the flag, so that no event of an
// address can be both in a ring and in the table, or in neither.
#pragma once

#include "input/ring_file.h"
#include "order/coverage.h"
#include "order/ring_drain.h"

namespace heapatlas::collector {

// dead: nobody else uses the file any more, and nobody will release the locks. False: a lock could not be had in
// time; the gap goes on and the next pass tries again.
bool resync(const RingFile& file, RingDrain& drain, CoverageCounters& coverage, bool dead);

}  // namespace heapatlas::collector
