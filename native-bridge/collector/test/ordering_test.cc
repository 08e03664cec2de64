// The order room against a naive model: random histories of many threads, cut into rings, delivered in every bad order.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <random>

#include "drained.h"
#include "order/gap.h"
#include "ring_writer.h"

namespace heapatlas::collector {
namespace {

using ring::Kind;
using ring::Record;
using test::Drained;
using test::RingWriter;

constexpr std::uint64_t kBase = 0x7f1200000000;

TEST(Ordering, OneThreadInOrder) {
  RingWriter writer;
  Drained drained(writer);
  writer.put(0, Record::make(Kind::ThreadStart, 0, 77, 0));
  writer.time(0);
  writer.alloc(0, kBase, 100);
  writer.alloc(0, kBase + 112, 50);
  writer.free(0, kBase);
  drained.finish();
  EXPECT_EQ(drained.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBase + 112, 50}}));
  EXPECT_EQ(drained.heap.totals().allocations, 2u);
  EXPECT_EQ(drained.heap.totals().releases, 1u);
  EXPECT_EQ(drained.heap.totals().peakBytes, 150u);
  EXPECT_EQ(drained.coverage.events, 4u);
  EXPECT_EQ(drained.threads.all()[1].tid, 77u);
}

TEST(Ordering, AReleaseReadBeforeItsAllocationWaitsForIt) {
  RingWriter writer;
  Drained drained(writer);
  writer.free(0, kBase);
  drained.pass();
  EXPECT_EQ(drained.coverage.unknownFrees, 0u);
  writer.alloc(1, kBase, 100);
  drained.pass();
  EXPECT_TRUE(drained.blocks().empty());
  EXPECT_EQ(drained.coverage.unknownFrees, 0u);
  EXPECT_EQ(drained.heap.totals().releases, 1u);
}

TEST(Ordering, AReleaseOfAnUnknownBlockIsCountedAfterTwoCuts) {
  RingWriter writer;
  Drained drained(writer);
  writer.free(0, kBase);
  drained.pass();
  EXPECT_EQ(drained.coverage.unknownFrees, 0u);
  drained.pass();
  EXPECT_EQ(drained.coverage.unknownFrees, 1u);
}

TEST(Ordering, AnAllocationOverALiveBlockWaitsForTheRelease) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100);
  drained.pass();
  writer.alloc(1, kBase, 200);
  drained.pass();
  writer.free(0, kBase);
  drained.pass();
  EXPECT_EQ(drained.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBase, 200}}));
  EXPECT_EQ(drained.coverage.overwritten, 0u);
}

TEST(Ordering, AFailedReallocLeavesTheBlockAsItWas) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100, 9);
  writer.put(0, Record::make(Kind::ReallocFrom, kBase, 0, 0));
  writer.put(0, Record::make(Kind::ReallocFailed, kBase, 0, 0));
  drained.finish();
  EXPECT_EQ(drained.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBase, 100}}));
  EXPECT_EQ(drained.heap.totals().liveBytes, 100);
  EXPECT_EQ(drained.heap.totals().releases, 0u);
}

TEST(Ordering, AFailedReallocOfABlockOfAnotherRingThatIsReadLater) {
  RingWriter writer;
  Drained drained(writer);
  writer.put(0, Record::make(Kind::ReallocFrom, kBase, 0, 0));
  writer.put(0, Record::make(Kind::ReallocFailed, kBase, 0, 0));
  drained.pass();
  writer.alloc(1, kBase, 100);
  drained.finish();
  EXPECT_EQ(drained.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBase, 100}}));
}

TEST(Ordering, ARingWhoseHeadJumpsIsCountedAndReadOn) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100);
  writer.control(0).head = 1ull << 40;
  drained.pass();
  EXPECT_GT(drained.coverage.overrun, 0u);
  writer.alloc(0, kBase + 16, 10);
  drained.finish();
  EXPECT_EQ(drained.blocks().count(kBase + 16), 1u);
}

// A history: threads allocate, release and move blocks among few addresses, so that addresses pass between threads all
// the time. It is published ring by ring with delays between the rings, and drained in between.
struct History {
  unsigned rings;
  unsigned addresses;
  bool handOver;  // one ring releases what another allocated, and a third takes the address again
};

class RandomHistories : public testing::TestWithParam<History> {};

struct Event {
  std::uint32_t ring;
  Record record;
};

// Whether a Time record stands before the event of this index.
bool timeBefore(std::size_t index) { return index * 0x9e3779b97f4a7c15u >> 60 == 0; }

// The same events with what the runtime adds to them: phases in which one ring records alone, without tickets, and
// phases of all rings with them. Whoever records behind a lone ring says how far that had come; a ring becomes alone
// when all others have been read, which is the same as saying how far each of those had come.
std::vector<Event> inProgramOrder(const std::vector<Event>& events, unsigned rings, std::mt19937_64& random) {
  std::vector<Event> ordered;
  std::vector<std::uint8_t> counters(ring::kTicketCounters);
  std::vector<std::uint64_t> written(rings);  // records of a ring
  std::vector<std::uint64_t> known(rings);    // the phase that it knows
  std::uint64_t phase = 0;                    // odd: alone
  std::uint32_t alone = 0;
  std::uint64_t aloneUpTo = 0;
  const auto write = [&](std::uint32_t ring, const Record& record) {
    written[ring] += timeBefore(ordered.size()) ? 2 : 1;
    ordered.push_back({ring, record});
  };
  for (const Event& event : events) {
    if (phase % 2 == 1 && event.ring != alone) {
      ++phase;
      aloneUpTo = written[alone];
    }
    if (phase % 2 == 0 && known[event.ring] != phase) {
      known[event.ring] = phase;
      if (event.ring != alone) write(event.ring, Record::after(alone, aloneUpTo));
    }
    if (phase % 2 == 1) {
      write(event.ring, event.record);
      continue;
    }
    std::uint8_t& counter = counters[ring::ticketCounter(event.record.address())];
    counter = ring::nextTicket(counter);
    write(event.ring, event.record.withTicket(counter));
    if (random() % 50 == 0) {
      ++phase;
      alone = event.ring;
      known[alone] = phase;
      for (std::uint32_t ring = 0; ring < rings; ++ring) {
        if (ring != alone) write(alone, Record::after(ring, written[ring]));
      }
    }
  }
  return ordered;
}

std::vector<Event> makeHistory(const History& shape, std::mt19937_64& random,
                               std::map<std::uint64_t, std::uint64_t>& live) {
  std::vector<Event> events;
  std::map<std::uint64_t, std::uint32_t> owner;
  for (int i = 0; i < 4000; ++i) {
    const std::uint64_t address = kBase + random() % shape.addresses * 64;
    auto ring = static_cast<std::uint32_t>(random() % shape.rings);
    const auto found = live.find(address);
    if (found == live.end()) {
      // Without hand-over an address is taken again by the ring that released it, as thread caches do.
      if (!shape.handOver && owner.contains(address)) ring = owner[address];
      const std::uint64_t size = 1 + random() % 1000;
      events.push_back({ring, Record::make(Kind::Alloc, address, size, 1)});
      live[address] = size;
    } else if (random() % 5 == 0) {
      const std::uint64_t size = 1 + random() % 1000;
      events.push_back({ring, Record::make(Kind::ReallocFrom, address, 0, 0)});
      if (random() % 4 == 0) {
        events.push_back({ring, Record::make(Kind::ReallocFailed, address, 0, 0)});
      } else {
        events.push_back({ring, Record::make(Kind::ReallocTo, address, size, 1)});
        live[address] = size;
      }
      owner[address] = ring;
    } else {
      events.push_back({ring, Record::make(Kind::Free, address, 0, 0)});
      live.erase(found);
      owner[address] = ring;
    }
  }
  return events;
}

// Publishes a history ring by ring as the collector would see it: event i happens at tick i · 1000, and the heads are
// read one after another, so that later rings are seen up to later events. Only that is certain; nothing else is.
class Delivery {
 public:
  Delivery(const History& shape, std::vector<Event> events, std::uint64_t seed)
      : events_(std::move(events)),
        random_(seed),
        next_(shape.rings, 0),
        drained_(writer_, [this] { return tick(); }) {}
  Drained& run() {
    while (cut_ < events_.size()) {
      // A reading of the heads begins after the one before has ended.
      cut_ = std::min(events_.size(), last_ + 1 + random_() % 400);
      std::size_t upTo = cut_;
      for (std::uint32_t ring = 0; ring < next_.size(); ++ring) {
        upTo = std::min(events_.size(), upTo + random_() % 30);
        publish(ring, upTo);
      }
      last_ = upTo;
      ticks_ = {tickOf(cut_), tickOf(upTo)};
      drained_.pass();
    }
    ticks_ = {tickOf(events_.size()), tickOf(events_.size())};
    drained_.finish();
    return drained_;
  }

 private:
  std::uint64_t tickOf(std::size_t event) { return writer_.header().startTicks + event * 1000; }
  std::uint64_t tick() {
    std::swap(ticks_[0], ticks_[1]);
    return ticks_[1];
  }
  void publish(std::uint32_t ring, std::size_t upTo) {
    for (std::size_t i = next_[ring]; i < upTo; ++i) {
      if (events_[i].ring != ring) continue;
      if (timeBefore(i)) writer_.put(ring, Record::time(tickOf(i)));
      writer_.put(ring, events_[i].record);
    }
    next_[ring] = std::max(next_[ring], upTo);
  }

  std::vector<Event> events_;
  std::mt19937_64 random_;
  std::vector<std::size_t> next_;  // first event not yet published, by ring
  std::array<std::uint64_t, 2> ticks_{};
  std::size_t cut_ = 0;
  std::size_t last_ = 0;
  RingWriter writer_;
  Drained drained_;
};

TEST_P(RandomHistories, EndInTheStateOfTheNaiveModel) {
  std::size_t wrongSizes = 0;
  std::size_t all = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    std::map<std::uint64_t, std::uint64_t> live;
    const std::vector<Event> events = makeHistory(GetParam(), random, live);
    Delivery delivery(GetParam(), events, seed);
    Drained& drained = delivery.run();
    const auto blocks = drained.blocks();
    std::vector<std::uint64_t> keys, expectedKeys;
    for (const auto& [address, size] : blocks) keys.push_back(address);
    for (const auto& [address, size] : live) expectedKeys.push_back(address);
    ASSERT_EQ(keys, expectedKeys) << "seed " << seed;
    ASSERT_EQ(drained.coverage.unknownFrees, 0u);
    ASSERT_EQ(drained.coverage.overwritten, 0u);
    std::int64_t sum = 0;
    for (const auto& [address, size] : blocks) {
      sum += static_cast<std::int64_t>(size);
      wrongSizes += size != live[address];
    }
    all += blocks.size();
    EXPECT_EQ(drained.heap.totals().liveBytes, sum);
  }
  RecordProperty("wrongSizes", static_cast<int>(wrongSizes));
  // That a block lives is always exact. Which of two allocations of one address came last is certain only where more
  // than one segment lies between them; here addresses come back far faster than that, and the estimated time may err.
  EXPECT_LE(wrongSizes, GetParam().rings == 1 ? 0 : all / 10) << "of " << all;
}

// What the runtime writes to tell the order makes the sizes certain as well, and not the lives alone.
TEST_P(RandomHistories, AreExactInTheOrderThatTheProgramTells) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    std::map<std::uint64_t, std::uint64_t> live;
    const std::vector<Event> events = makeHistory(GetParam(), random, live);
    Delivery delivery(GetParam(), inProgramOrder(events, GetParam().rings, random), seed);
    Drained& drained = delivery.run();
    ASSERT_EQ(drained.blocks(), live) << "seed " << seed;
    ASSERT_EQ(drained.coverage.unknownFrees, 0u);
    ASSERT_EQ(drained.coverage.overwritten, 0u);
    ASSERT_EQ(drained.coverage.events, events.size());
  }
}

TEST(Ordering, WhatComesBehindAnotherRingsRecordsWaitsForThem) {
  RingWriter writer;
  Drained drained(writer);
  writer.put(1, Record::after(0, 2));
  writer.alloc(1, kBase, 200);
  drained.pass();
  EXPECT_TRUE(drained.blocks().empty());
  writer.alloc(0, kBase, 100);
  writer.free(0, kBase);
  drained.pass();
  EXPECT_EQ(drained.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBase, 200}}));
  EXPECT_EQ(drained.coverage.reordered, 0u);
}

TEST(Ordering, WhatWaitsForRecordsThatNeverComeIsTakenAllTheSame) {
  RingWriter writer;
  Drained drained(writer);
  writer.put(1, Record::after(0, 1000));
  writer.put(1, Record::after(700, 1000));
  writer.alloc(1, kBase, 200);
  for (int i = 0; i < 3; ++i) drained.pass();
  EXPECT_EQ(drained.blocks(), (std::map<std::uint64_t, std::uint64_t>{{kBase, 200}}));
}

INSTANTIATE_TEST_SUITE_P(Shapes, RandomHistories,
                         testing::Values(History{1, 50, true}, History{2, 50, true}, History{2, 8, false},
                                         History{4, 20, true}, History{8, 200, true}, History{8, 200, false}));

TEST(Gap, NetEffectsAreTakenOverExactly) {
  RingWriter writer;
  Drained drained(writer);
  writer.alloc(0, kBase, 100);
  writer.alloc(0, kBase + 128, 100);
  writer.alloc(0, kBase + 256, 100);
  writer.header().gap = 1;
  writer.header().gapStartTicks = ticksNow();
  writer.header().gapEvents = 7;
  ring::Shard& shard = writer.shard(3);
  shard.used = 3;
  shard.entries[5] = {kBase, 0, 0, 1, 0, 1, 0, 0, 0};         // released
  shard.entries[6] = {kBase + 128, 60, 2, 1, 1, 1, 0, 0, 0};  // released and allocated again
  shard.entries[9] = {kBase + 512, 70, 2, 0, 1, 1, 0, 0, 0};  // new
  ASSERT_TRUE(resync(drained.file, drained.drain, drained.coverage, false));
  EXPECT_EQ(drained.blocks(),
            (std::map<std::uint64_t, std::uint64_t>{{kBase + 128, 60}, {kBase + 256, 100}, {kBase + 512, 70}}));
  EXPECT_EQ(writer.header().gap.load(), 0u);
  EXPECT_EQ(shard.used, 0u);
  EXPECT_EQ(shard.entries[5].address, 0u);
  EXPECT_EQ(drained.coverage.gaps.size(), 1u);
  EXPECT_EQ(drained.coverage.gapEvents, 7u);
  for (std::uint32_t i = 0; i < ring::kShards; ++i) EXPECT_EQ(writer.shard(i).lock.load(), 0u);
}

TEST(Gap, ALockThatIsNeverReleasedPostponesTheResync) {
  RingWriter writer;
  Drained drained(writer);
  writer.header().gap = 1;
  writer.shard(40).lock = 12345;
  EXPECT_FALSE(resync(drained.file, drained.drain, drained.coverage, false));
  EXPECT_EQ(writer.header().gap.load(), 1u);
  EXPECT_EQ(writer.shard(0).lock.load(), 0u);
  EXPECT_TRUE(resync(drained.file, drained.drain, drained.coverage, true));
}

TEST(Sampling, FiguresAreScaledAndGoBackToZero) {
  RingWriter writer;
  Drained drained(writer);
  writer.header().sampleMean = 1000;
  writer.put(0, Record::make(Kind::SampledAlloc, kBase, 100, 1));
  drained.pass();
  EXPECT_NEAR(static_cast<double>(drained.heap.totals().liveBytes), 100 / (1 - std::exp(-0.1)), 1);
  EXPECT_GT(drained.heap.totals().variance, 0);
  writer.put(0, Record::make(Kind::SampledFree, kBase, 0, 0));
  drained.finish();
  EXPECT_EQ(drained.heap.totals().liveBytes, 0);
  EXPECT_NEAR(drained.heap.totals().liveCount, 0, 1e-9);
}

}  // namespace
}  // namespace heapatlas::collector
