// Memory from the system for the live table: aligned to its own size, so that a pointer finds its segment by masking.
// Entry: mapAligned, called by Slab and LiveTable when what they have is used up.
#pragma once

#include <cstddef>

namespace heapatlas::collector {

enum class Pages { Small, Huge };

// Zeroed; null when the system gives none. bytes: a power of two, at least 4,096.
void* mapAligned(std::size_t bytes, Pages pages);

}  // namespace heapatlas::collector
