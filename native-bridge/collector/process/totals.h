// What is counted of a heap, as messages and back: of all in a mark, and of its sites, labels and pools in totals.
// Entry: totalsOf and fill, by the recording; restore and heapTotalsOf, by the replay. Must hold: a heap of the same
// contexts, into which the totals of another one are restored, counts on as that one would.
#pragma once

#include <functional>

#include "process/heap.h"
#include "recording.pb.h"

namespace heapatlas::collector {

// Copies now what the answer puts into columns, so that a program that waits for its collector waits for this alone.
std::function<heapatlas::v1::Totals()> totalsOf(const Heap& heap, const heapatlas::v1::Mark& mark);
// The table, and what is counted of all, are not in them.
void restore(Heap& heap, const heapatlas::v1::Totals& totals);
void fill(heapatlas::v1::Mark& mark, const HeapTotals& totals);
HeapTotals heapTotalsOf(const heapatlas::v1::Mark& mark);

}  // namespace heapatlas::collector
