// Everything that drains one ring file in memory, for tests. Entry: Drained::pass and finish.
#pragma once

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
              std::move(ticks)) {}
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
