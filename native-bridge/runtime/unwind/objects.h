// The objects loaded into this process, as the unwinder needs them: which tables describe the code at a pc.
// Main entries: scanObjects, at start and when something may have been loaded or unloaded; objectAt, when a rule
// is compiled. Readers take no lock: there are two lists, and a scan fills the one that is not current. glibc 2.35 and
// later answer the question themselves, without a lock and always current; then the list is what the collector was
// told, and a difference means that it must be told again.
#pragma once

#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::unwind {

struct LoadedObject {
  std::uint64_t start;
  std::uint64_t end;          // exclusive
  std::uint64_t frameHeader;  // run-time address of .eh_frame_hdr, 0 when it has none
};

struct ScanResult {
  bool loaded = false;
  bool unloaded = false;
  bool replaced = false;  // something lies now where another object was
};

// One thread at a time.
ScanResult scanObjects();

// The object around pc; false when pc lies in none. objectAt may call codeAppeared.
bool objectAt(std::uint64_t pc, LoadedObject& object);
bool objectNow(std::uint64_t pc, LoadedObject& object);

// Defined by unwind.cc: scans, and drops what the scan outdated.
bool codeAppeared();

}  // namespace heapatlas::unwind
