// Finds the order in which events of one address happened, from what is certain: each ring's own order, the bounds of
// each event's time, and that allocation and release of one address alternate.
// Entry: interleave, called by Disorder at a cut. Must hold: the result is a legal order or empty; ties are decided
// by the estimated time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recording/event.h"

namespace heapatlas::collector {

enum class Step : std::uint8_t {
  Allocate,
  Release,
  Restore,  // a realloc failed: the block that this ring's latest release took lives on
};

// An event that waits aside. Times in ticks.
struct Waiting {
  std::uint64_t size = 0;
  std::uint64_t nanos = 0;
  std::uint64_t low = 0;       // not before
  std::uint64_t high = 0;      // not after
  std::uint64_t time = 0;      // best estimate between the two
  std::uint64_t position = 0;  // in its ring
  std::uint32_t ring = 0;
  std::uint32_t pass = 0;
  std::uint32_t context = 0;
  std::uint32_t thread = 0;
  std::uint32_t stack = 0;
  Step step = Step::Allocate;
  recording::What what = recording::What::Allocate;
  bool moves = false;  // Release: by a realloc, which may fail
  bool exact = false;  // all that came before it at its address has been taken, or waits in front of it
  bool known = false;  // Restore: size, context and nanos are those of the block
};

// Indices into events, which stand in each ring's own order. All events of passes before closedBefore are in the
// result, with those later ones that had to come between; empty when there is no legal order. live: before the first.
std::vector<std::uint32_t> interleave(std::span<const Waiting> events, bool live, std::uint32_t closedBefore);

}  // namespace heapatlas::collector
