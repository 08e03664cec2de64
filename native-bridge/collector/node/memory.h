// Reads memory of another process without stopping it.
// Entry: readMemory, called by the collector's ReadMemory. Must hold: answers exactly what was asked for, no more than
// kMaxReadBytes, and says how many bytes at the end could not be read.
#pragma once

#include <cstdint>
#include <vector>

namespace heapatlas::node {

inline constexpr std::uint64_t kMaxReadBytes = 64u << 20;

struct MemoryBytes {
  std::vector<std::uint8_t> data;  // from the address on, up to the first unreadable byte
  std::uint64_t unreadable = 0;    // count - data.size(): the rest of what was asked for
};

// NodeError: NotFound (no such process), Denied (ptrace access refused), Unsupported (count above kMaxReadBytes).
MemoryBytes readMemory(std::uint32_t pid, std::uint64_t address, std::uint64_t count);

}  // namespace heapatlas::node
