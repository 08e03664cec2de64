// Everything that drains one ring file in memory, for tests. Entry: Drained::pass and finish.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "input/ring_file.h"
#include "order/ring_drain.h"
#include "ring_writer.h"

namespace heapatlas::collector::test {

struct Drained {
  explicit Drained(RingWriter& ringWriter, RingDrain::TickSource ticks = ticksNow)
      : writer(ringWriter),
        file(RingFile::overMemory(writer.base(), 1)),
        drain(file, heap, threads, coverage, TickClock(file.identity().startTicks, file.identity().startNanos),
              std::move(ticks)) {
    drain.journal().keep();
  }
  void pass(bool final = false) {
    drain.clock().update();
    drain.beginPass();
    while (!drain.work(1000)) {
    }
    drain.endPass(final);
  }
  void finish() {
    do {
      pass();
    } while (drain.parked());
    pass(true);
  }
  std::map<std::uint64_t, std::uint64_t> blocks() {
    std::map<std::uint64_t, std::uint64_t> result;
    heap.table().forRange(0, kAddressEnd, [&](const LiveBlock& block) {
      result[block.address] = block.size;
      return true;
    });
    EXPECT_EQ(journaledBlocks(), result) << "the journal tells of another heap";
    return result;
  }
  // The same by the journal alone: its events, one after the other.
  std::map<std::uint64_t, std::uint64_t> journaledBlocks() {
    std::map<std::uint64_t, std::uint64_t> result;
    for (const recording::Event& event : drain.journal().events()) {
      if (event.what == recording::What::Forget) result.clear();
      if (recording::allocates(event.what)) {
        EXPECT_TRUE(result.emplace(event.address, event.size).second) << "over a live block";
      }
      if (recording::releases(event.what)) {
        const auto block = result.find(event.address);
        EXPECT_TRUE(block != result.end() && block->second == event.size) << "not the block that lives there";
        if (block != result.end()) result.erase(block);
      }
    }
    return result;
  }

  RingWriter& writer;
  RingFile file;
  Heap heap;
  ThreadTable threads;
  CoverageCounters coverage;
  RingDrain drain;
};

}  // namespace heapatlas::collector::test
