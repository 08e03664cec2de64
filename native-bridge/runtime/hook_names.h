// The functions that this library stands in for, by name, for tables that are rewritten after the program has started.
// Main entry: hookedNames; findHooks fills in the addresses. Called by attach.cc and got.cc. A preloaded library needs
// none of it: there the loader does the same by the same names.
#pragma once

#include <cstddef>
#include <span>

namespace heapatlas::runtime {

enum class Family {
  Allocation,
  Process,  // maps, threads, the process's end
  Lock,     // only where locks are recorded
};

inline constexpr std::size_t kNoReal = ~std::size_t{0};

struct HookedName {
  const char* name;
  std::size_t realOffset;  // in Real, of what the hook calls; kNoReal where it calls something of the same effect
  Family family;
  void* hook;     // ours; null: leave the function alone
  void* held;     // what the program's tables hold, and hold again afterwards
  void* learned;  // the first that a table of the program was seen to hold

  void** realEntry() const;  // null for kNoReal
};

std::span<HookedName> hookedNames();

// Looks up ours and the program's. What the program's own executable defines is left alone, as it is with preloading:
// most of its calls do not pass through a table.
void findHooks(bool locksWanted);

}  // namespace heapatlas::runtime
