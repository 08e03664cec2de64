// What the kernel says of this process's memory, read from /proc/self/maps without allocating.
// Called once for each thread that ran before the library was attached.
#pragma once

#include <cstdint>

namespace heapatlas::runtime {

// The lower end of the mapping that holds both addresses; 0 when none does, or when the kernel cannot be asked.
std::uint64_t mappingAround(std::uint64_t low, std::uint64_t high);

}  // namespace heapatlas::runtime
