// The gap: while the collector stands still, events are folded into their net effect (ring/README.md).
// Main entry: coalesce() in thread.h, beginGap() here. The collector ends a gap.
#pragma once

namespace heapatlas::runtime {

void beginGap();

}  // namespace heapatlas::runtime
