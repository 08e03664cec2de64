// What the recorder writes, read back frame by frame: the chunks' events and the net effects tell of the same table.
#include "recording/recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "event_streams.h"
#include "recording/chunk_codec.h"
#include "recording/line_filter.h"
#include "recording/reader.h"
#include "recordings.h"

namespace heapatlas::recording::test {
namespace {

class RecorderTest : public testing::Test {
 protected:
  std::vector<Net> nets() const {
    Reader reader(path_ + "/1");
    std::vector<Net> nets;
    for (std::size_t i = 0; i < reader.effects().size(); ++i) nets.push_back(reader.net(i).value());
    return nets;
  }

  Folder folder_;
  const std::string& path_ = folder_.path();
};

TEST_F(RecorderTest, WritesEventsAndTheirNetEffects) {
  const std::vector<Event> events = Program(7).run(60'000);
  {
    Recorder recorder(path_ + "/1", {});
    record(recorder, events, 100, 1);
    v1::End end;
    end.set_why("it ended");
    recorder.end(end);
    recorder.wait();
    EXPECT_EQ(recorder.status().events, events.size());
    EXPECT_TRUE(recorder.status().ended);
    EXPECT_EQ(recorder.status().why, "it ended");
  }
  Reader reader(path_ + "/1");
  std::vector<Event> read;
  std::vector<Table> atEnd;  // by chunk
  Table table;
  Rows rows;
  for (std::size_t i = 0; i < reader.chunks().size(); ++i) {
    ASSERT_EQ(reader.chunks()[i].head.first_position(), read.size());
    ASSERT_TRUE(reader.decode(i, rows));
    for (const Event& event : rows.events) {
      take(table, event);
      read.push_back(event);
    }
    atEnd.push_back(table);
  }
  ASSERT_EQ(read.size(), events.size());
  ASSERT_GT(atEnd.size(), kRadix * kRadix) << "otherwise there is no effect of level 2";

  bool levelTwo = false;
  const std::vector<Net> allNets = nets();
  for (const Net& net : allNets) {
    Table before = net.firstChunk == 0 ? Table() : atEnd[net.firstChunk - 1];
    take(before, net);
    ASSERT_EQ(before, atEnd[net.endChunk - 1]) << "chunks " << net.firstChunk << " to " << net.endChunk;
    levelTwo = levelTwo || net.endChunk - net.firstChunk == kRadix * kRadix;
  }
  EXPECT_TRUE(levelTwo);

  for (std::size_t chunk = 0; chunk <= atEnd.size(); chunk += 7) {
    const Reader::Start start = reader.startFor(chunk);
    Table reached;
    reader.tableAt(
        start, [&](const Net& net) { take(reached, net); },
        [](std::size_t) { FAIL() << "all that is needed was written"; });
    ASSERT_LE(chunk - start.firstChunk, kRadix);
    ASSERT_EQ(start.totals.has_value(), chunk >= kRadix);
    if (start.totals) {
      ASSERT_EQ(start.totals->mark().position(), reader.chunks()[start.firstChunk].head.first_position());
    }
    for (std::size_t i = start.firstChunk; i < chunk; ++i) {
      ASSERT_TRUE(reader.decode(i, rows));
      for (const Event& event : rows.events) take(reached, event);
    }
    ASSERT_EQ(reached, chunk == 0 ? Table() : atEnd[chunk - 1]) << "before chunk " << chunk;
  }
  EXPECT_TRUE(reader.missing().empty());
}

// To the line for blocks below 64 KiB, to the byte for others.
bool touches(const Event& event, std::uint64_t address) {
  const std::uint64_t last = event.address + std::max<std::uint64_t>(event.size, 1) - 1;
  if (event.size >= 64 << 10) return event.address <= address && last >= address;
  return event.address / kLineBytes <= address / kLineBytes && last / kLineBytes >= address / kLineBytes;
}

TEST_F(RecorderTest, ItsLinesSayOfEveryChunkWhichAddressesItsBlocksCover) {
  const std::vector<Event> events = Program(9).run(40'000);
  recordAll(path_ + "/1", events, 2'000, 3);
  Reader reader(path_ + "/1");
  std::mt19937_64 random(1);
  int covered = 0;
  int asked = 0;
  for (std::size_t chunk = 0; chunk < reader.chunks().size(); ++chunk) {
    const Reader::ChunkInfo& info = reader.chunks()[chunk];
    const auto part = std::span(events).subspan(info.head.first_position(), info.head.count());
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t address = events[random() % events.size()].address + random() % 300;
      const bool is = std::any_of(part.begin(), part.end(), [address](const Event& event) {
        return (beginsBlock(event.what) || endsBlock(event.what)) && touches(event, address);
      });
      const bool notes = std::any_of(part.begin(), part.end(), [address](const Event& event) {
        return !beginsBlock(event.what) && !endsBlock(event.what) && touches(event, address);
      });
      covered += is ? 1 : 0;
      ++asked;
      if (is || !notes) {
        ASSERT_EQ(reader.mayCover(chunk, address, address + 1), is) << "chunk " << chunk << ", " << address;
      }
    }
  }
  EXPECT_GT(covered, 0);
  EXPECT_LT(covered, asked);
  EXPECT_TRUE(reader.missing().empty());
}

TEST_F(RecorderTest, ABatchThatIsLargerThanAChunkIsSplit) {
  std::vector<Event> events(kMaxChunkEvents + 1000);
  for (std::size_t i = 0; i < events.size(); ++i) events[i].address = 16 * (i + 1);
  Recorder recorder(path_ + "/1", {});
  recorder.append(events);
  recorder.cut(1, {}, {});
  recorder.end({});
  recorder.wait();
  EXPECT_EQ(recorder.status().events, events.size());
}

TEST_F(RecorderTest, StopsAtItsLimitAndKeepsWhatItHas) {
  Recorder recorder(path_ + "/1", {.maxBytes = 100'000, .lastNanos = 0, .used = nullptr});
  record(recorder, Program(3).run(200'000), 5'000, 2);
  recorder.end({});
  recorder.wait();
  EXPECT_FALSE(recorder.status().ended);
  EXPECT_NE(recorder.status().why.find("has reached its limit of 100000 bytes"), std::string::npos)
      << recorder.status().why;
  EXPECT_GT(recorder.status().events, 0u);
  EXPECT_EQ(FrameFile(path_ + "/1/events-0.frames").tornBytes(), 0u);
}

TEST_F(RecorderTest, WhoWaitsForARecordingThatFailedElsewhereWaitsNoLonger) {
  Recorder recorder(path_ + "/1", {});
  recorder.fail("its names could not be written");
  recorder.wait();
  EXPECT_EQ(recorder.status().why, "its names could not be written");
}

TEST_F(RecorderTest, AFolderThatIsThereIsRefused) {
  std::filesystem::create_directory(path_ + "/1");
  EXPECT_THROW(Recorder(path_ + "/1", {}), RecordingError);
}

TEST(FrameFiles, ATornEndIsLeftOutAndDamageIsSkipped) {
  std::string folder = "/tmp/heapatlas-frames-test-XXXXXX";
  const std::string path = std::string(mkdtemp(folder.data())) + "/file";
  std::vector<FrameRef> written;
  {
    FrameWriter writer(path);
    for (int i = 0; i < 20; ++i)
      written.push_back(writer.append(FrameType::Names, std::string(50, static_cast<char>(i))));
  }
  std::ifstream in(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  const auto framesOf = [&](const std::string& bytes) {
    std::ofstream(path + ".changed", std::ios::binary | std::ios::trunc) << bytes;
    FrameFile file(path + ".changed");
    std::size_t good = 0;
    for (const FrameRef& frame : file.frames()) {
      const std::optional<std::string> payload = file.read(frame);
      if (!payload) continue;
      EXPECT_EQ(*payload, std::string(50, (*payload)[0]));
      ++good;
    }
    return good;
  };
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    EXPECT_EQ(framesOf(whole.substr(0, cut)), cut / (kFrameHeaderBytes + 50));
  }
  std::mt19937_64 random(5);
  for (int i = 0; i < 500; ++i) {
    std::string changed = whole;
    changed[random() % changed.size()] ^= static_cast<char>(1u << random() % 8);
    EXPECT_EQ(framesOf(changed), written.size() - 1) << "one frame is hit";
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace heapatlas::recording::test
