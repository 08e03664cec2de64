// Sampled mode: which allocations are recorded, and how their releases are recognised.
// A byte of allocation is sampled with probability 1/mean (a Poisson process), so a block of s bytes is with
// 1 - exp(-s/mean). Releases cost one load: a filter over the addresses that are sampled and live.
// Called by the writer; the tables are the process's own and need no lock. Must hold: each sample in the table is
// counted in the filter. Samples of an epoch that is over are never told as such; their places are taken by later ones.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace heapatlas::runtime {

struct Thread;

inline constexpr std::uint64_t kDefaultSampleMean = 512 << 10;

// Counts of sampled live addresses by hash; never below the truth, so that 0 means 'not sampled'.
inline constexpr unsigned kFilterBits = 17;
extern std::atomic<std::uint8_t> sampledFilter[std::size_t{1} << kFilterBits];
inline std::size_t filterSlot(std::uint64_t address) {
  return (address >> 4) * 0x9e3779b97f4a7c15u >> (64 - kFilterBits);
}

// Bytes until the next sample of this thread.
std::int64_t nextSample(Thread& thread);
// Chance of a sample for threads that have no countdown of their own.
bool sampledByChance(std::uint64_t size);

// Remembers a sampled block; false when the table is full there.
bool rememberSample(std::uint64_t address, std::uint64_t epoch);
// True when the block was sampled in this epoch; it is forgotten then.
bool forgetSample(std::uint64_t address, std::uint64_t epoch);
// A forked child begins without any. False: the kernel cannot see to it.
bool wipeSamplesInChildren();

}  // namespace heapatlas::runtime
