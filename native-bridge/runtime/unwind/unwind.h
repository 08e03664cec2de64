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
// reserve is asked before a node is written whether the shared file holds nodes [0, upTo); false leaves the stack unknown.
void start(ring::Header* header, ring::Module* modules, ring::StackNode* nodes, bool (*reserve)(std::uint32_t upTo));
// After a dlclose, and when an unknown pc shows that something was loaded: scans the loaded objects again.
void modulesChanged();
// Before memory may vanish (munmap, mremap): cached stacks outside the threads' own stacks are forgotten.
void memoryUnmapped();

// One thread's cache. Lives in memory that the caller provides (zero filled, bytes() long) and is used by one thread.
class ThreadStacks {
 public:
  static std::size_t bytes();
  static ThreadStacks* create(void* memory, StackBounds bounds);
  // Id of the trie node of the innermost frame; 0 when not even the caller is known.
  std::uint32_t capture(const Registers& registers) noexcept;

 private:
  struct Entry {
    std::uint64_t sp;
    std::uint64_t pc;
    std::uint64_t bp;
    std::uint32_t generation;
    std::uint32_t foreignGeneration;
    std::uint32_t node;
    std::uint32_t firstWord;
    std::uint16_t words;
    bool usesBase;
    bool foreign;
  };
  struct Word {
    std::uint64_t address;
    std::uint64_t value;
  };
  class Walk;

  bool holds(const Entry& entry, const Registers& registers) const noexcept;
  std::uint32_t walkAndKeep(Entry& entry, const Registers& registers) noexcept;

  static constexpr std::uint32_t kEntries = 1024;
  static constexpr std::uint32_t kWords = 16384;
  static constexpr std::uint32_t kMaxFrames = 512;  // deeper stacks are cut

  StackBounds bounds_;
  bool busy_;
  std::uint32_t usedWords_;
  std::uint64_t frames_[kMaxFrames];
  Entry entries_[kEntries];
  Word words_[kWords];
};

}  // namespace heapatlas::unwind
