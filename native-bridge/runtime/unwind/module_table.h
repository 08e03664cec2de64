// The modules that the collector is told of: rows of ring::Module, filled when an object is first seen, retired when it
// is gone. A copy in private memory lets a forked child publish the same rows without asking the loader.
// Used by objects.cc alone, by one thread at a time.
#pragma once

#include <link.h>

#include "objects.h"

namespace heapatlas::unwind {

void startModules(ring::Header* header, ring::Module* modules);
void beginModules();
void seeModule(const dl_phdr_info& info, const LoadedObject& object);
// Retires what was not seen since beginModules. Returns what changed.
ScanResult endModules();

}  // namespace heapatlas::unwind
