// The objects loaded into this process, as the unwinder and the collector need them.
// Main entry: scanObjects, at start and when something may have been loaded or unloaded. Readers take no lock: each scan
// fills a new list and publishes it; old lists stay mapped, for a reader may still stand in one.
#pragma once

#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::unwind {

struct LoadedObject {
  std::uint64_t start;
  std::uint64_t end;          // exclusive
  std::uint64_t frameHeader;  // run-time address of .eh_frame_hdr, 0 when it has none
};

// Returns whether the set of objects changed. Fills and retires the entries of `modules`.
bool scanObjects(ring::Header* header, ring::Module* modules);
const LoadedObject* objectAt(std::uint64_t pc);

}  // namespace heapatlas::unwind
