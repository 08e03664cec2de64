// One watched process image: its ring file, its mode, and the memory that every thread shares.
// Main entry: process(), whose first use (a constructor, or a hook that runs before it, or a hook in a forked child)
// makes the ring file. Must hold: nothing here allocates through the program's allocator, keeps a descriptor open, or
// writes to the program's outputs. Where the ring file cannot be had, the program runs on unwatched.
#pragma once

#include <atomic>
#include <cstdint>

#include "ring/ring.h"

namespace heapatlas::runtime {

// Kept on a page that the kernel zeroes in a forked child (MADV_WIPEONFORK), so that one load covers 'not started',
// 'forked' and the mode.
enum class State : std::uint32_t { Cold = 0, Pass = 1, Off = 2, Sampled = 3, Full = 4, FullNoStacks = 5 };

struct Hot {
  std::atomic<State> state;
};

struct Shared {
  Hot* hot;
  ring::Header* header;
  ring::RingControl* controls;
  ring::Module* modules;
  ring::StackNode* nodes;
  ring::Shard* shards;
  ring::Record* data;
};

extern Shared shared;

// Makes this process image watched, or passes for good; idempotent. Called when the state is Cold.
State startProcess();
// Follows Header::wantedMode; the state from now on.
State followMode();
// Backs [offset, offset + bytes) of the ring file with memory; false when there is none.
bool backFile(std::uint64_t offset, std::uint64_t bytes);
bool backNodes(std::uint32_t upTo);
std::uint32_t threadId();
std::uint64_t monotonicNanos();

}  // namespace heapatlas::runtime
