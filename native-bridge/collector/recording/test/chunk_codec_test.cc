// Chunks against the events that they were made of, and against damage.
#include "recording/chunk_codec.h"

#include <gtest/gtest.h>

#include "event_streams.h"

namespace heapatlas::recording {
namespace {

using test::anything;
using test::NaiveBirths;
using test::Program;

bool same(const Event& a, const Event& b) {
  return a.nanos == b.nanos && a.address == b.address && a.size == b.size && a.context == b.context &&
         a.stack == b.stack && a.thread == b.thread && a.what == b.what;
}

// Cuts a stream into chunks, each through its bytes, and expects what comes back to be the stream.
void expectIdentity(const std::vector<Event>& events, std::size_t chunkEvents) {
  Pairing pairing;
  ChunkEncoder encoder;
  NaiveBirths births;
  Rows rows;
  std::uint64_t sequence = 0;
  for (std::size_t first = 0; first < events.size(); first += chunkEvents) {
    const std::span<const Event> part(&events[first], std::min(chunkEvents, events.size() - first));
    const Paired& paired = pairing.pair(part, first);
    const std::string bytes = encoder.encode(part, paired, first, sequence++).SerializeAsString();
    v1::Chunk chunk;
    ASSERT_TRUE(chunk.ParseFromString(bytes));
    decode(chunk, rows);
    ASSERT_EQ(rows.events.size(), part.size());
    for (std::size_t i = 0; i < part.size(); ++i) {
      ASSERT_TRUE(same(rows.events[i], part[i])) << "event " << first + i;
      const NaiveBirths::Born born = births.of(part[i], first + i);
      ASSERT_EQ(rows.birth[i], born.position) << "event " << first + i;
      ASSERT_EQ(rows.birthNanos[i], born.nanos) << "event " << first + i;
    }
  }
}

TEST(ChunkCodec, GivesBackWhatAProgramDid) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    expectIdentity(Program(seed).run(60'000), seed % 2 == 0 ? 1'000 : 25'000);
  }
}

TEST(ChunkCodec, GivesBackEventsThatNoProgramMakes) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) expectIdentity(anything(seed, 20'000), 3'000);
}

TEST(ChunkCodec, GivesBackAChunkOfOneEventAndOneOfNone) {
  expectIdentity(Program(3).run(5), 1);
  ChunkEncoder encoder;
  Pairing pairing;
  EXPECT_TRUE(decode(encoder.encode({}, pairing.pair({}, 7), 7, 0)).events.empty());
}

TEST(ChunkCodec, GivesBackAWholeChunk) { expectIdentity(Program(4).run(kMaxChunkEvents), kMaxChunkEvents); }

v1::Chunk chunkOf(std::vector<Event> events) {
  Pairing pairing;
  ChunkEncoder encoder;
  return encoder.encode(events, pairing.pair(events, 0), 0, 0);
}

TEST(ChunkCodec, RefusesMoreEventsThanAChunkHas) {
  v1::Chunk chunk = chunkOf(Program(1).run(100));
  chunk.set_count(kMaxChunkEvents + 1ull);
  EXPECT_THROW(decode(chunk), Damaged);
}

TEST(ChunkCodec, RefusesAColumnThatWouldTakeMoreMemoryThanItsRows) {
  v1::Chunk chunk = chunkOf(Program(1).run(100));
  for (v1::Column& column : *chunk.mutable_columns()) {
    v1::Chunk bomb = chunk;
    for (v1::Column& each : *bomb.mutable_columns()) {
      if (each.name() == column.name()) each.set_raw_bytes(1ull << 40);
    }
    EXPECT_THROW(decode(bomb), Damaged) << column.name();
  }
}

TEST(ChunkCodec, SaysWhichColumnIsMissing) {
  const v1::Chunk chunk = chunkOf(Program(1).run(100));
  for (int missing = 0; missing < chunk.columns_size(); ++missing) {
    v1::Chunk without = chunk;
    without.mutable_columns()->DeleteSubrange(missing, 1);
    try {
      decode(without);
      FAIL() << "decoded without " << chunk.columns(missing).name();
    } catch (const Damaged& damaged) {
      EXPECT_EQ(damaged.what(), "column \"" + chunk.columns(missing).name() + "\" is missing");
    }
  }
}

// A column's integers, unpacked, changed and packed again, so that no checksum and no frame of zstd says so.
v1::Column damaged(const v1::Column& column, std::mt19937_64& random) {
  google::protobuf::RepeatedPtrField<v1::Column> columns;
  *columns.Add() = column;
  std::vector<std::uint64_t> values = unpack(columns, column.name(), kMaxChunkEvents);
  for (std::uint64_t flips = 1 + random() % 4; flips > 0 && !values.empty(); --flips) {
    values[random() % values.size()] ^= 1ull << random() % (column.encoding() == v1::BYTES ? 8 : 64);
  }
  if (random() % 8 == 0) values.resize(random() % (values.size() + 2));
  return pack(column.name(), column.encoding(), values);
}

TEST(ChunkCodec, SurvivesAThousandDamagedChunks) {
  const v1::Chunk program = chunkOf(Program(5).run(3000));
  const v1::Chunk wild = chunkOf(anything(6, 1000));
  std::mt19937_64 random(7);
  int refused = 0;
  Rows rows;
  for (int round = 0; round < 1000; ++round) {
    v1::Chunk chunk = round % 2 == 0 ? program : wild;
    for (std::uint64_t columns = 1 + random() % 3; columns > 0; --columns) {
      v1::Column& column =
          *chunk.mutable_columns(static_cast<int>(random() % static_cast<unsigned>(chunk.columns_size())));
      column = damaged(column, random);
    }
    try {
      decode(chunk, rows);
      ASSERT_EQ(rows.events.size(), chunk.count());
    } catch (const Damaged& damaged) {
      EXPECT_NE(std::string(damaged.what()), "");
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace heapatlas::recording
