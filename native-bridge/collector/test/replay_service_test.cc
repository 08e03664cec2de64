// What the service answers about the past: of a process that is replayed, at any of its events.
#include <algorithm>
#include <fstream>
#include <map>

#include "event_streams.h"
#include "made_recording.h"
#include "process/recorded_session.h"
#include "serving.h"

namespace heapatlas::collector {
namespace {

using recording::Event;
using recording::What;
using test::CountedHeap;
using test::MadeRecording;

constexpr std::uint64_t kProcess = 7;

class ReplayServiceTest : public test::Serving {
 protected:
  ReplayServiceTest() : Serving("") {}
  void replay(const std::vector<Event>& events, std::size_t chunk) {
    recording_.add(kProcess, events, chunk);
    registry_.add(ReplayedProcess::open(kProcess, recording_.folderOf(kProcess)));
  }
  v1::TimelineReply seek(std::uint64_t position, std::uint64_t process = kProcess) {
    v1::SeekRequest request;
    request.set_process(process);
    request.set_position(position);
    v1::TimelineReply reply;
    grpc::ClientContext context;
    const grpc::Status status = stub_->Seek(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  v1::SearchReply search(v1::SearchRequest request) {
    request.set_process(kProcess);
    v1::SearchReply reply;
    grpc::ClientContext context;
    const grpc::Status status = stub_->SearchEvents(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  // Position and address of each.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> eventsOf(v1::EventsRequest request) {
    request.set_process(kProcess);
    request.add_columns(v1::POSITION);
    request.add_columns(v1::ADDRESS);
    grpc::ClientContext context;
    const auto reader = stub_->Events(&context, request);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> rows;
    for (v1::EventColumns columns; reader->Read(&columns);) {
      EXPECT_LE(columns.ByteSizeLong(), 256u << 10);
      EXPECT_EQ(columns.nanos_size(), 0) << "it was not asked for";
      for (int i = 0; i < columns.position_size(); ++i) rows.emplace_back(columns.position(i), columns.address(i));
    }
    EXPECT_TRUE(reader->Finish().ok());
    return rows;
  }

  MadeRecording recording_;
};

bool ofHeap(const Event& event) { return recording::allocates(event.what) || recording::releases(event.what); }

bool covers(const Event& event, std::uint64_t from, std::uint64_t to) {
  return event.address < to && event.address + std::max<std::uint64_t>(event.size, 1) > from;
}

TEST_F(ReplayServiceTest, AnswersAsOfTheEventThatItStandsBefore) {
  const std::vector<Event> events = recording::test::Program(21).run(8'000);
  replay(events, 300);
  CountedHeap model;
  std::size_t applied = 0;
  for (const std::size_t position : {std::size_t{2'000}, std::size_t{5'001}, events.size()}) {
    for (; applied < position; ++applied) model.apply(events[applied]);
    const v1::TimelineReply timeline = seek(position);
    EXPECT_EQ(timeline.position(), position);
    EXPECT_EQ(timeline.end_position(), events.size());
    EXPECT_EQ(timeline.has_event(), position < events.size());
    if (position < events.size()) {
      EXPECT_EQ(timeline.event().address(), events[position].address);
    }
    v1::SummaryRequest request;
    request.set_process(kProcess);
    request.set_top_sites(100);
    v1::Summary summary;
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->Summarize(&context, request, &summary).ok());
    EXPECT_EQ(summary.process().state(), v1::REPLAYED);
    EXPECT_EQ(summary.process().session(), "replay");
    EXPECT_EQ(summary.live_bytes(), static_cast<std::uint64_t>(model.heap.totals().liveBytes));
    EXPECT_EQ(summary.allocations(), model.heap.totals().allocations);
    EXPECT_EQ(summary.now(), timeline.nanos());
    EXPECT_TRUE(summary.coverage().map_since() != 0 || summary.coverage().exact());
    ASSERT_FALSE(summary.sites().empty());
    EXPECT_EQ(summary.sites(0).stack().frames(0).function(), "function" + std::to_string(summary.sites(0).id()));
  }
}

TEST_F(ReplayServiceTest, FindsTheNearestEventThatFits) {
  const std::vector<Event> events = recording::test::Program(22).run(6'000);
  replay(events, 250);
  seek(100);
  const std::uint64_t address = events[3'000].address;
  v1::SearchRequest request;
  request.set_from(1'500);
  request.set_covers_from(address);
  request.set_covers_to(address + 8);
  const auto fits = [&](const Event& event) { return ofHeap(event) && covers(event, address, address + 8); };
  const auto next = std::find_if(events.begin() + 1'500, events.end(), fits);
  const v1::SearchReply forward = search(request);
  ASSERT_EQ(forward.found(), next != events.end());
  if (forward.found()) {
    EXPECT_EQ(forward.event().position(), static_cast<std::uint64_t>(next - events.begin()));
  }
  request.set_from(5'000);
  request.set_backward(true);
  std::size_t before = 5'000;
  while (before > 0 && !fits(events[before - 1])) --before;
  const v1::SearchReply backward = search(request);
  ASSERT_EQ(backward.found(), before > 0);
  if (before > 0) {
    EXPECT_EQ(backward.event().position(), before - 1);
  }
  grpc::ClientContext context;
  v1::ProcessRequest process;
  process.set_process(kProcess);
  v1::TimelineReply timeline;
  ASSERT_TRUE(stub_->Timeline(&context, process, &timeline).ok());
  EXPECT_EQ(timeline.position(), 100u) << "a search moves nothing";
}

// Page by page, from chunks that several threads read.
TEST_F(ReplayServiceTest, FindsAllEventsThatFitInBothDirections) {
  const std::vector<Event> events = recording::test::Program(26).run(12'000);
  replay(events, 150);
  for (const std::size_t chosen : {std::size_t{6'000}, std::size_t{11'000}, std::size_t{40}}) {
    const std::uint64_t address = events[chosen].address;
    std::vector<std::uint64_t> expected;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (ofHeap(events[i]) && covers(events[i], address, address + 1)) expected.push_back(i);
    }
    for (const bool backward : {false, true}) {
      v1::SearchRequest request;
      request.set_covers_from(address);
      request.set_covers_to(address + 1);
      request.set_backward(backward);
      request.set_from(backward ? events.size() : 0);
      request.set_most(3);
      std::vector<std::uint64_t> found;
      for (v1::SearchReply reply = search(request); reply.found(); reply = search(request)) {
        found.push_back(reply.event().position());
        for (const v1::Event& event : reply.more()) found.push_back(event.position());
        EXPECT_LE(reply.more_size(), 2);
        request.set_from(reply.searched_to());
      }
      if (backward) std::reverse(found.begin(), found.end());
      EXPECT_EQ(found, expected) << "address " << address << (backward ? ", backward" : ", forward");
    }
  }
}

TEST_F(ReplayServiceTest, FindsAnEventByTheCodeThatItsStackPasses) {
  const std::vector<Event> events = recording::test::Program(23).run(3'000);
  replay(events, 250);
  v1::SearchRequest request;
  request.add_kinds(v1::ALLOCATE);
  request.add_places()->set_function("function5");
  v1::CodePlace& line = *request.add_places();
  line.set_file("recorded.cc");
  line.set_line(9);
  // A node's caller is the one of half its number.
  const auto passes = [](std::uint32_t node, std::uint32_t wanted) {
    while (node > wanted) node /= 2;
    return node == wanted;
  };
  const auto next = std::find_if(events.begin(), events.end(), [&](const Event& event) {
    return event.what == What::Allocate && (passes(event.context, 5) || passes(event.context, 9));
  });
  const v1::SearchReply reply = search(request);
  ASSERT_TRUE(reply.found());
  EXPECT_EQ(reply.event().position(), static_cast<std::uint64_t>(next - events.begin()));
  ASSERT_EQ(reply.places_size(), 1);
  EXPECT_EQ(reply.places(0), passes(next->context, 5) ? 0u : 1u);
  request.mutable_places()->Clear();
  request.add_places()->set_function("function");
  EXPECT_FALSE(search(request).found()) << "a part of a name is none";
}

TEST_F(ReplayServiceTest, StreamsTheEventsThatAreAskedFor) {
  const std::vector<Event> events = recording::test::Program(24).run(9'000);
  replay(events, 250);
  EXPECT_EQ(eventsOf({}).size(), events.size());
  v1::EventsRequest request;
  request.set_from(1'111);
  request.set_to(7'777);
  request.add_kinds(v1::RELEASE);
  request.add_kinds(v1::ALLOCATE);
  request.set_lowest(events[0].address);
  request.set_highest(events[0].address + 4'096);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> expected;
  for (std::size_t i = 1'111; i < 7'777; ++i) {
    const Event& event = events[i];
    if (event.what != What::Release && event.what != What::Allocate) continue;
    if (event.address >= request.lowest() && event.address < request.highest()) expected.emplace_back(i, event.address);
  }
  EXPECT_EQ(eventsOf(request), expected);
}

TEST_F(ReplayServiceTest, TellsHowLongBlocksLived) {
  const std::vector<Event> events = recording::test::Program(25).run(9'000);
  replay(events, 250);
  v1::LifetimesRequest request;
  request.set_process(kProcess);
  for (int column = v1::L_ADDRESS; column <= v1::L_KIND; ++column) {
    request.add_columns(static_cast<v1::LifetimeColumn>(column));
  }
  request.set_live_at(events[4'000].nanos);
  // By a plain map.
  struct Row {
    std::uint64_t address, begin, end;
    What what;
    bool operator==(const Row&) const = default;
  };
  struct Life {
    std::size_t begin;
    What what;
  };
  std::map<std::uint64_t, Life> live;
  std::map<std::uint64_t, What> kinds;  // of those that end
  std::vector<Row> expected;
  const auto wanted = [&](std::size_t begin, std::uint64_t endNanos) {
    return events[begin].nanos <= request.live_at() && endNanos > request.live_at();
  };
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].what == What::Forget) live.clear();
    if (events[i].what == What::Forget) kinds.clear();
    if (events[i].what == What::Restore) live[events[i].address].what = What::Restore;
    if (recording::allocates(events[i].what)) kinds.try_emplace(events[i].address, events[i].what);
    if (recording::allocates(events[i].what)) live.try_emplace(events[i].address, i, events[i].what);
    if (!recording::releases(events[i].what)) continue;
    // A realloc that fails ends nothing, but where a chunk ends between its two events.
    const bool failed = i + 1 < events.size() && events[i + 1].what == What::Restore;
    const std::size_t begin = live.at(events[i].address).begin;
    if (failed && (i + 1) % 250 != 0) continue;
    if (wanted(begin, events[i].nanos)) expected.push_back({events[i].address, begin, i, kinds[events[i].address]});
    kinds.erase(events[i].address);
    if (!failed) live.erase(events[i].address);
  }
  for (const auto& [address, life] : live) {
    if (wanted(life.begin, ~0ull)) expected.push_back({address, life.begin, ~0ull, life.what});
  }
  grpc::ClientContext context;
  const auto reader = stub_->Lifetimes(&context, request);
  std::vector<Row> rows;
  for (v1::LifetimeColumns columns; reader->Read(&columns);) {
    for (int i = 0; i < columns.address_size(); ++i) {
      rows.push_back({columns.address(i), columns.begin_position(i), columns.end_position(i),
                      static_cast<What>(columns.kind()[static_cast<std::size_t>(i)])});
    }
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(rows.size(), expected.size());
  EXPECT_TRUE(rows == expected);
}

TEST_F(ReplayServiceTest, AllProcessesGoToOneMomentOfTheNode) {
  const std::vector<Event> events = recording::test::Program(26).run(3'000);
  constexpr std::uint64_t kLater = 50'000;
  recording_.add(1, events, 250, 1'000'000);
  recording_.add(2, events, 250, 1'000'000 + kLater);
  std::ofstream(recording_.path() + "/recording.json") << "{\"format\": 1}";
  for (const auto& process : openRecording(recording_.path())) registry_.add(process);
  const v1::TimelineReply first = seek(2'000, 1);
  grpc::ClientContext context;
  v1::ProcessRequest request;
  request.set_process(2);
  v1::TimelineReply second;
  ASSERT_TRUE(stub_->Timeline(&context, request, &second).ok());
  EXPECT_EQ(second.nanos() + kLater, first.nanos());
  EXPECT_LE(second.nanos(), second.event().nanos());
}

TEST_F(ReplayServiceTest, WhatNeedsTheProcessItselfIsRefusedWithASentence) {
  replay(recording::test::Program(27).run(500), 250);
  grpc::ClientContext context;
  v1::ReadMemoryRequest request;
  request.set_process(kProcess);
  request.set_count(8);
  request.set_keep(true);
  v1::ReadMemoryReply reply;
  const grpc::Status status = stub_->ReadMemory(&context, request, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(),
            "process 7 is replayed from a recording; what was kept of its memory stays as it is");
}

TEST_F(ReplayServiceTest, NothingIsWrittenIntoARecordedProcess) {
  replay(recording::test::Program(27).run(500), 250);
  grpc::ClientContext context;
  v1::WriteMemoryRequest request;
  request.set_process(kProcess);
  request.set_data("x");
  v1::Empty reply;
  const grpc::Status status = stub_->WriteMemory(&context, request, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(),
            "process 7 is replayed from a recording; what was kept of its memory stays as it is");
}

TEST_F(ReplayServiceTest, MemoryThatWasNotKeptIsUnreadable) {
  replay(recording::test::Program(27).run(500), 250);
  grpc::ClientContext context;
  v1::ReadMemoryRequest request;
  request.set_process(kProcess);
  request.set_address(0x1000);
  request.set_count(8);
  v1::ReadMemoryReply reply;
  ASSERT_TRUE(stub_->ReadMemory(&context, request, &reply).ok());
  EXPECT_TRUE(reply.data().empty());
  EXPECT_EQ(reply.unreadable(), 8u);
}

TEST_F(ReplayServiceTest, AFolderThatIsNoRecordingIsRefusedWithASentence) {
  const auto refusal = [&] {
    try {
      openRecording(recording_.path());
    } catch (const recording::RecordingError& error) {
      return std::string(error.what());
    }
    return std::string("it was opened");
  };
  EXPECT_NE(refusal().find("is not a recording"), std::string::npos) << refusal();
  std::ofstream(recording_.path() + "/recording.json") << "{\"format\": 2}";
  EXPECT_NE(refusal().find("has format 2"), std::string::npos) << refusal();
  std::ofstream(recording_.path() + "/recording.json") << "{\"format\": 1}";
  EXPECT_NE(refusal().find("there is no process"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace heapatlas::collector
