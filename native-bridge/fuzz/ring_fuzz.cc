// libFuzzer target: arbitrary bytes as a ring file's header, controls, stacks, coalesced entries and records.
// Must hold: no crash, no read outside of the mapping, no more memory than the limit, whatever the bytes say.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "input/ring_file.h"
#include "order/gap.h"
#include "order/ring_drain.h"
#include "ring_writer.h"

using namespace heapatlas::collector;
namespace ring = heapatlas::ring;

namespace {

constexpr std::size_t kHeads = 4;  // rings that the input fills
constexpr std::uint64_t kTiles = 1'024;

// The first bytes go over the header behind its fixed part, then 16 bytes a shard entry, then records by ring.
void scatter(test::RingWriter& writer, const std::uint8_t* data, std::size_t size) {
  const auto take = [&](void* to, std::size_t bytes) {
    const std::size_t taken = std::min(bytes, size);
    std::memcpy(to, data, taken);
    data += taken;
    size -= taken;
  };
  std::uint8_t choice = 0;
  take(&choice, 1);
  if ((choice & 1) != 0) take(&writer.header().wantedMode, 64);
  if ((choice & 2) != 0) take(static_cast<void*>(writer.shard(choice % ring::kShards).entries), 256);
  if ((choice & 2) != 0) take(&writer.shard(choice % ring::kShards).used, 4);
  if ((choice & 4) != 0) take(writer.base() + ring::kNodesOffset, 256);
  if ((choice & 8) != 0) take(writer.base() + ring::kModulesOffset, 512);
  if ((choice & 16) != 0) take(&writer.control(1).head, 8);
  if ((choice & 32) != 0) take(&writer.header().modeInForce, 8);
  if ((choice & 64) != 0) take(static_cast<void*>(writer.control(1).slices), sizeof writer.control(1).slices);
  while (size >= 17) {
    std::uint8_t to = 0;
    take(&to, 1);
    ring::Record record{};
    take(&record, sizeof(record));
    writer.put(to % kHeads, record);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static test::RingWriter writer;  // mapping a gigabyte under the sanitizer takes longer than a whole run
  writer.reset();
  const RingFile file = RingFile::overMemory(writer.base(), 1);
  Heap heap(64u << 20);
  ThreadTable threads;
  CoverageCounters coverage;
  RingDrain drain(file, heap, threads, coverage, TickClock(writer.header().startTicks, writer.header().startNanos));
  scatter(writer, data, size);
  for (int pass = 0; pass < 3; ++pass) {
    drain.beginPass();
    while (!drain.work(1000)) {
    }
    drain.endPass(pass == 2);
  }
  resync(file, drain, coverage, true);
  std::uint64_t blocks = 0;
  std::uint64_t first = 0;
  heap.table().forRange(0, kAddressEnd, [&](const LiveBlock& block) {
    if (blocks == 0) first = block.address;
    return ++blocks < 100'000;
  });
  // As many as a picture has: a block of terabytes has more of the small ones than can be looked at.
  for (std::uint64_t tile = 16; tile <= 1ull << 40; tile *= 16) {
    const std::uint64_t from = first / tile * tile;
    heap.pyramid().tiles(from, std::min(kAddressEnd, from + kTiles * tile), tile);
  }
  for (std::uint32_t i = 0; i < 40; ++i) file.stack(i);
  for (std::uint32_t i = 0; i < std::min(file.moduleCount(), 4u); ++i) file.module(i);
  heap.sites().top(SiteOrder::Rate, 0, 10, 1);
  return 0;
}
