// See slices.h.
#include "slices.h"

#include "process.h"
#include "thread.h"

namespace heapatlas::runtime {
namespace {

constexpr std::uint64_t kLinesAhead = 8;  // fetched for writing; as far as the hot path looks ahead
constexpr std::uint64_t kRecordsALine = 64 / sizeof(ring::Record);

ring::Record* recordsOf(std::uint32_t ring, std::uint32_t slice) {
  return process.records + std::uint64_t{ring} * ring::kRingRecords + std::uint64_t{slice} * ring::kSliceRecords;
}

}  // namespace

void takeSeat(Thread& thread) {
  thread.head = thread.limit = thread.control->head.load();
  thread.free.begin(*thread.control, hot.slicesBacked[thread.ring].load());
  thread.records = recordsOf(thread.ring, ring::sliceOf(*thread.control, thread.head / ring::kSliceRecords));
}

bool readySlice(Thread& thread) {
  thread.free.collect(*thread.control);
  if (!thread.free.empty()) return true;
  auto& backed = hot.slicesBacked[thread.ring];
  const std::uint32_t fresh = backed.load(std::memory_order_relaxed);
  if (fresh >= ring::kSlices) return false;
  if (!back(recordsOf(thread.ring, fresh), ring::kSliceRecords * sizeof(ring::Record))) return false;
  backed.store(fresh + 1);
  thread.free.add(static_cast<std::uint8_t>(fresh));
  return true;
}

void enterSlice(Thread& thread) {
  thread.free.collect(*thread.control);
  const std::uint8_t slice = thread.free.take();
  ring::setSlice(*thread.control, thread.head / ring::kSliceRecords, slice);
  thread.records = recordsOf(thread.ring, slice);
  for (std::uint64_t line = 0; line < kLinesAhead; ++line) __builtin_prefetch(thread.records + line * kRecordsALine, 1);
}

}  // namespace heapatlas::runtime
