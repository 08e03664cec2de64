// A moving window: the oldest is given up, and what remains replays alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include "event_streams.h"
#include "recordings.h"

namespace heapatlas::recording::test {
namespace {

std::size_t eventFiles(const std::string& path) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    count += entry.path().filename().string().starts_with("events-");
  }
  return count;
}

void expectRight(Reader& reader, const std::vector<Event>& events) {
  for (std::size_t chunk = 0; chunk < reader.chunks().size(); chunk += 1 + reader.chunks().size() / 12) {
    const std::uint64_t position = reader.chunks()[chunk].head.first_position();
    ASSERT_EQ(tableBefore(reader, chunk), tableOf(std::span(events).first(position))) << "before event " << position;
  }
}

// Lets the encoder thread come along.
void recordSlowly(Recorder& recorder, const std::vector<Event>& events, const std::function<void()>& each = {}) {
  record(recorder, events, 40, 9, [&] {
    while (recorder.full()) usleep(100);
    if (each) each();
  });
}

void finish(Recorder& recorder) {
  v1::End end;
  end.set_position(recorder.position());
  end.set_why("it ended");
  recorder.end(end);
  recorder.wait();
  EXPECT_EQ(recorder.status().why, "it ended");
}

TEST(Window, OfALengthKeepsThatMuchAndReplaysAlone) {
  Folder folder;
  const std::string path = folder.path() + "/1";
  const std::vector<Event> events = Program(13).run(60'000);
  const std::uint64_t length = events.back().nanos / 5;
  std::uint64_t bytes = 0;
  {
    Recorder recorder(path, {.maxBytes = 0, .lastNanos = length, .used = nullptr});
    FrameWriter(path + "/symbols.frames");
    recordSlowly(recorder, events);
    finish(recorder);
    EXPECT_EQ(recorder.status().events, events.size());
    bytes = recorder.status().bytes;
  }
  Reader reader(path);
  reader.definitions([](FrameType, const std::string&) {});
  EXPECT_EQ(reader.missing(), std::vector<std::string>());
  EXPECT_GT(reader.firstPosition(), events.size() / 2);
  EXPECT_EQ(reader.endPosition(), events.size());
  EXPECT_LE(reader.chunks().front().head.first_nanos() + length, events.back().nanos);
  EXPECT_LE(eventFiles(path), 11u);
  expectRight(reader, events);
  std::uint64_t onDisk = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) onDisk += entry.file_size();
  EXPECT_EQ(bytes, onDisk);
}

TEST(Window, OfASizeStaysBelowIt) {
  Folder folder;
  const std::string path = folder.path() + "/1";
  const std::vector<Event> events = Program(14).run(60'000);
  const auto used = std::make_shared<std::atomic<std::uint64_t>>(0);
  Recorder recorder(path, {.maxBytes = 250'000, .lastNanos = ~0ull, .used = used});
  std::uint64_t most = 0;
  recordSlowly(recorder, events, [&] { most = std::max(most, used->load()); });
  finish(recorder);
  EXPECT_LE(most, 260'000u) << "effects come behind the chunk for which there had to be room";
  Reader reader(path);
  EXPECT_GT(reader.firstPosition(), 0u);
  EXPECT_EQ(reader.endPosition(), events.size());
  EXPECT_EQ(reader.missing(), std::vector<std::string>());
  expectRight(reader, events);
}

TEST(Window, IsReadWhileItMoves) {
  Folder folder;
  const std::string path = folder.path() + "/1";
  const std::vector<Event> events = Program(15).run(40'000);
  Recorder recorder(path, {.maxBytes = 0, .lastNanos = events.back().nanos / 10, .used = nullptr});
  Reader reader(path);
  int turn = 0;
  std::uint64_t last = 0;
  recordSlowly(recorder, events, [&] {
    if (++turn % 50 != 0) return;
    reader.extend();
    ASSERT_GE(reader.endPosition(), last);
    last = reader.endPosition();
    expectRight(reader, events);
    ASSERT_EQ(reader.missing(), std::vector<std::string>());
  });
  finish(recorder);
  EXPECT_TRUE(reader.extend() || last == events.size());
  EXPECT_EQ(reader.endPosition(), events.size());
  EXPECT_GT(reader.firstPosition(), 0u);
  expectRight(reader, events);
}

}  // namespace
}  // namespace heapatlas::recording::test
