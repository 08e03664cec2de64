// The modules that the collector is told of: rows of ring::Module, filled when an object is first seen, retired when it
// is gone. A copy in private memory lets a forked child publish the same rows without asking the loader.
// Used by unwind.cc and objects.cc, by one thread at a time.
#pragma once

#include <link.h>

#include "objects.h"
#include "unwind.h"

namespace heapatlas::unwind {

// Where modules are published. In a forked child those that are known are published again, if the file has room.
void startModules(const RingParts& parts);
void beginModules();
void seeModule(const dl_phdr_info& info, const LoadedObject& object);
// Retires what was not seen since beginModules. Returns what changed.
ScanResult endModules();

}  // namespace heapatlas::unwind
