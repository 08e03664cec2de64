// Making and removing the ring file, and reading what the kernel says of this process.
// Called by process.cc only. No descriptor stays open, and nothing here allocates.
#pragma once

#include <cstdint>

namespace heapatlas::runtime {

// Maps a new, sparse, private file of ring::kFileBytes in <node folder>/rings; null when that cannot be had or is not
// safe, with errno where the system said why. folder: empty for the user's own.
void* createRingFile(const char* folder, std::uint32_t pid);
// Gives back the mapping and the memory of the file made last, and leaves the error in it for the collector to say.
void refuseRingFile(void* memory, int error);

struct StatFields {
  std::uint64_t startTime = 0;   // field 22 of /proc/self/stat
  std::uint64_t startBreak = 0;  // field 47
};
StatFields readStat();
// Field 3 of a process's stat file: R, S, T …; 0 when there is no such process, or it cannot be seen.
char stateOf(std::uint32_t pid);
// On a crowded machine it may not get a core for a while; stopped or dead, it needs none.
bool isRunnable(std::uint32_t pid);

}  // namespace heapatlas::runtime
