// Call stacks of the calling thread without frame pointers, from .eh_frame, as node ids of the stack trie.
// Main entry: ThreadStacks::capture (cache.h), called by the hooks on every event. It must never allocate through the
// program's allocator, never fault, be safe in a signal handler of the same thread, and never give a wrong frame.
//
// Unwinding is a pure function of the registers at the start and of the words that it reads from the stack. A cached
// stack therefore keeps its read set (address, value); if the start registers and every word are unchanged, and no
// code was unmapped since (generation), the result is unchanged. The program's stack is never written.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::unwind {

// Registers in the caller of a hook, as they are when the hook has returned. pc is a return address.
struct Registers {
  std::uint64_t pc;
  std::uint64_t sp;
  std::uint64_t bp;
};

// Bounds of the thread's own stack, end exclusive; {0, 0} when unknown. Reads outside are checked before they happen.
struct StackBounds {
  std::uint64_t low;
  std::uint64_t high;
};

// The parts of the ring file that are written here. An element is written, and counted, once its reserve function has
// said that the file holds those before upTo. reserveNodes is called from captures: any thread, signal handlers
// included; both keep errno, and are cheap when they say true.
struct RingParts {
  ring::Header* header;
  ring::Module* modules;
  ring::StackNode* nodes;
  bool (*reserveModules)(std::uint32_t upTo);
  bool (*reserveNodes)(std::uint32_t upTo);
};

// Process-wide state: the shared trie with its private index, the rules by pc, the loaded objects. Once a process image
// (again in a forked child, with the new ring file). Takes its memory by mmap. What the file has no room for stays
// unknown: a stack, a module.
void start(const RingParts& parts);

// Called for each probe (probe/heapatlas.h) in an object that is seen for the first time, with the address of the
// object's listener. To be set before start.
void onProbe(void (*found)(std::uint64_t slot));

// Around a dlclose: modulesChanging before the real call, modulesChanged after it. In between no stack and no rule is
// kept or used that was kept, for another thread may load other code at the same addresses before this one is told.
// modulesChanged alone also scans the loaded objects again; objects loaded are found by themselves.
void modulesChanging();
void modulesChanged();

// Before memory may vanish (munmap, mremap; best also behind it): cached stacks outside the threads' own stacks are
// forgotten.
void memoryUnmapped();

}  // namespace heapatlas::unwind
