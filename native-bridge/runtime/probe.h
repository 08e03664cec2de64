// The runtime's side of probe/heapatlas.h: names, the labels of what a thread allocates, blocks of the program's own
// allocators. Main entry: listenAt, called by the unwinder's scan of the loaded objects for each probe that it finds.
#pragma once

#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::runtime {

// Names that hold for what a thread does from here on, by ring::Label.
struct Labels {
  std::uint32_t names[ring::kLabels];
};
// The calling thread's; its ring is told of a change before the next record that it matters for.
extern constinit thread_local Labels labels;

// Lets the probes of one loaded object call: slot is the address of its heapatlas_listener_1.
void listenAt(std::uint64_t slot);
// The names known so far, into a new ring file.
void publishNames();

}  // namespace heapatlas::runtime
