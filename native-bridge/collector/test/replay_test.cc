// A replayed process shows, at any of its events and by whatever way it came there, what the events before it make.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "event_streams.h"
#include "made_recording.h"
#include "process/replayed_process.h"

namespace heapatlas::collector {
namespace {

using recording::Event;
using recording::What;
using test::CountedHeap;
using test::MadeRecording;

void dump(std::ostream& out, const char* what, const Figures& figures) {
  out << what << ' ' << figures.liveBytes << ' ' << figures.liveCount << ' ' << figures.totalBytes << ' '
      << figures.totalCount << ' ' << figures.thisSecond << ' ' << figures.lastSecond << ' ' << figures.second << '\n';
}

void dump(std::ostream& out, const LiveTable& table) {
  table.forRange(0, kAddressEnd, [&](const LiveBlock& block) {
    out << std::hex << block.address << std::dec << ' ' << block.size << ' ' << block.entry.bits << '\n';
    return true;
  });
}

// All that is counted of a heap, and its blocks.
std::string dumped(const Heap& heap) {
  std::ostringstream out;
  const HeapTotals& totals = heap.totals();
  out << totals.allocations << ' ' << totals.releases << ' ' << totals.liveBytes << ' ' << totals.liveCount << ' '
      << totals.peakBytes << ' ' << totals.peakNanos << ' ' << totals.refused << '\n';
  dump(out, heap.table());
  for (const SiteFigures& site : heap.sites().all()) dump(out, "site", site);
  for (const auto& [name, pool] : heap.pools().all()) {
    dump(out, "pool", pool.figures);
    out << pool.figures.peakBytes << '\n';
    dump(out, pool.table);
    std::map<std::uint32_t, SiteFigures> sites;
    for (const SiteFigures& site : pool.sites.all()) sites[site.node] = site;
    for (const auto& [node, site] : sites) dump(out, "pool's site", site);
  }
  return out.str();
}

std::string dumped(ReplayedProcess& process) {
  std::ostringstream out;
  const Process::View view(process);
  out << dumped(view.heap()) << view.coverage().unknownFrees << ' ' << view.coverage().events << ' ' << view.now()
      << '\n';
  for (const ThreadFigures& thread : view.threads().all()) {
    out << thread.tid << ' ' << thread.name << ' ' << thread.running << ' ' << thread.events << ' '
        << thread.allocatedBytes << ' ' << thread.lastAllocation << '\n';
  }
  return out.str();
}

TEST(ReplayTest, AnyWayToAnEventEndsInTheStateThatTheEventsBeforeItMake) {
  const std::vector<Event> events = recording::test::Program(11).run(40'000);
  MadeRecording recording;
  recording.add(1, events, 500);
  const auto process = ReplayedProcess::open(1, recording.folderOf(1));
  std::mt19937_64 random(5);
  std::uint64_t at = events.size();
  std::map<std::uint64_t, std::string> seen;
  for (int i = 0; i < 150; ++i) {
    const std::uint64_t kind = random() % 4;
    if (kind == 0) at = random() % (events.size() + 1);
    if (kind == 1 && at > 0) at -= 1 + random() % std::min<std::uint64_t>(at, 30);
    if (kind == 2) at = std::min<std::uint64_t>(at + 1 + random() % 30, events.size());
    if (kind == 3) at = at / 500 * 500;  // where a chunk begins
    process->moveTo(at);
    seen[at] = dumped(*process);
  }
  CountedHeap model;
  std::uint64_t applied = 0;
  const auto forward = ReplayedProcess::open(1, recording.folderOf(1));
  forward->moveTo(0);
  for (const auto& [position, state] : seen) {
    for (; applied < position; ++applied) model.apply(events[applied]);
    forward->moveTo(position);
    ASSERT_EQ(dumped(*forward), state) << "at " << position;
    const Process::View view(*forward);
    ASSERT_EQ(dumped(view.heap()), dumped(model.heap)) << "at " << position;
  }
}

TEST(ReplayTest, StandsBeforeTheFirstEventAtATime) {
  const std::vector<Event> events = recording::test::Program(12).run(5'000);
  MadeRecording recording;
  recording.add(1, events, 300);
  const auto process = ReplayedProcess::open(1, recording.folderOf(1));
  for (const std::size_t index : {std::size_t{4000}, std::size_t{17}, std::size_t{2999}}) {
    process->moveToTime(events[index].nanos);
    const ReplayedProcess::Moment moment = process->moment();
    EXPECT_EQ(moment.nanos, events[index].nanos);
    EXPECT_LE(moment.position, index);
    EXPECT_EQ(moment.event->nanos, events[index].nanos);
    EXPECT_TRUE(moment.position == 0 || events[moment.position - 1].nanos < events[index].nanos);
  }
  process->moveToTime(~0ull);
  EXPECT_EQ(process->moment().position, events.size());
  EXPECT_FALSE(process->moment().event);
}

TEST(ReplayTest, ADamagedChunkCostsItsEventsAndIsSaid) {
  const std::vector<Event> events = recording::test::Program(13).run(5'000);
  MadeRecording recording;
  recording.add(1, events, 500);
  const std::string file = recording.folderOf(1) + "/events-0.frames";
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 2));
    bytes.write("damage", 6);
  }
  const auto process = ReplayedProcess::open(1, recording.folderOf(1));
  EXPECT_FALSE(process->missing().empty());
  EXPECT_EQ(process->moment().position, events.size());
  process->moveTo(100);
  CountedHeap model;
  for (std::size_t i = 0; i < 100; ++i) model.apply(events[i]);
  const Process::View view(*process);
  EXPECT_EQ(dumped(view.heap()), dumped(model.heap));
}

}  // namespace
}  // namespace heapatlas::collector
