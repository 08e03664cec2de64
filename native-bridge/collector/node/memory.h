// Reads and writes memory of another process without stopping it.
// Entry: readMemory and writeMemory, called by the collector's calls of these names. Must hold: answers exactly what
// was asked for, no more than kMaxReadBytes, and says how many bytes at the end could not be read; writes into no
// process but the one that is meant.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heapatlas::node {

inline constexpr std::uint64_t kMaxReadBytes = 64u << 20;
inline constexpr std::uint64_t kMaxWriteBytes = 1u << 20;

struct MemoryBytes {
  std::vector<std::uint8_t> data;  // from the address on, up to the first unreadable byte
  std::uint64_t unreadable = 0;    // count - data.size(): the rest of what was asked for
};

// NodeError: NotFound (no such process), Denied (ptrace access refused), Unsupported (count above kMaxReadBytes).
MemoryBytes readMemory(std::uint32_t pid, std::uint64_t address, std::uint64_t count);

// startTicks: of the process that is meant, as ProcFs has it. NodeError as above, and Failed when not all of it could
// be written: its sentence says how much was.
void writeMemory(std::uint32_t pid, std::uint64_t startTicks, std::uint64_t address,
                 std::span<const std::uint8_t> bytes);

}  // namespace heapatlas::node
