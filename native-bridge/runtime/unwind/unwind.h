// Call stacks of the calling thread without frame pointers, from .eh_frame, as node ids of the stack trie.
// Main entry: ThreadStacks::capture, called by the hooks on every recorded event. It must never allocate through the
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

// Process-wide state: the shared trie with its private index, the rules by pc, the loaded objects.
// start: once a process image (again in a forked child, with the new mapping). Takes its memory by mmap.
void start(ring::Header* header, ring::Module* modules, ring::StackNode* nodes);
// After a dlclose, and when an unknown pc shows that something was loaded: scans the loaded objects again.
void modulesChanged();
// Before stack memory that is not a thread's own may vanish (munmap, mremap): cached stacks in it are forgotten.
void memoryUnmapped(std::uint64_t from, std::uint64_t to);

// One thread's cache. Lives in memory that the caller provides (zero filled, bytes() long) and is used by one thread.
class ThreadStacks {
 public:
  static std::size_t bytes();
  static ThreadStacks* create(void* memory, StackBounds bounds);
  // Id of the trie node of the innermost frame; 0 when not even the caller is known.
  std::uint32_t capture(const Registers& registers) noexcept;

 private:
  ThreadStacks() = default;
};

}  // namespace heapatlas::unwind
