// What is left of a recording that was cut, hit or killed: whatever is read is what was recorded, and where something
// is missing a sentence says so. HEAPATLAS_DAMAGE_ROUNDS makes more of the random ones.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "event_streams.h"
#include "recordings.h"

namespace heapatlas::recording::test {
namespace {

namespace fs = std::filesystem;

int rounds(int usual) {
  const char* wanted = std::getenv("HEAPATLAS_DAMAGE_ROUNDS");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void overwrite(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string all;
  for (const std::string& sentence : sentences) all += sentence + "\n";
  return all;
}

// Everything that can be read is compared with what was recorded. Returns the number of events that were read.
std::size_t check(const std::string& path, const std::vector<Event>& events, std::uint64_t seed, bool whole) {
  std::optional<Reader> reader;
  try {
    reader.emplace(path);
  } catch (const RecordingError& error) {
    EXPECT_STRNE(error.what(), "");
    return 0;
  }
  reader->definitions([](FrameType, const std::string&) {});
  std::size_t read = 0;
  Rows rows;
  for (std::size_t i = 0; i < reader->chunks().size(); ++i) {
    if (!reader->decode(i, rows)) continue;
    const std::uint64_t first = reader->chunks()[i].head.first_position();
    for (std::size_t k = 0; k < rows.events.size(); ++k) {
      EXPECT_EQ(rows.events[k].address, events.at(first + k).address);
      EXPECT_EQ(rows.events[k].what, events.at(first + k).what);
    }
    read += rows.events.size();
  }
  std::mt19937_64 random(seed);
  bool right = true;
  for (int i = 0; i < 3; ++i) {
    const std::size_t chunk = random() % (reader->chunks().size() + 1);
    if (chunk == reader->chunks().size()) continue;
    const std::uint64_t position = reader->chunks()[chunk].head.first_position();
    right = right && tableBefore(*reader, chunk) == tableOf(std::span(events).first(position));
  }
  const std::vector<std::string> missing = reader->missing();
  if (whole) {
    EXPECT_TRUE(missing.empty()) << joined(missing);
    EXPECT_EQ(read, events.size());
  }
  EXPECT_TRUE(!missing.empty() || (right && read == events.size())) << "something is wrong, and nobody says so";
  return read;
}

class DamageTest : public testing::Test {
 protected:
  void make(std::size_t count, std::size_t chunk) {
    events_ = Program(11).run(count);
    recordAll(folder_.path() + "/1", events_, chunk, 4);
    for (const auto& entry : fs::directory_iterator(recording())) {
      if (entry.file_size() != 0) files_.push_back(entry.path());
    }
    std::sort(files_.begin(), files_.end());
  }
  std::string recording() const { return folder_.path() + "/1"; }

  Folder folder_;
  std::vector<Event> events_;
  std::vector<std::string> files_;
};

TEST_F(DamageTest, ASmallRecordingCutAtEveryByteIsRightOrSaysWhatIsMissing) {
  make(60, 3);
  check(recording(), events_, 1, true);
  for (const std::string& file : files_) {
    const std::string whole = contents(file);
    for (std::size_t cut = whole.size(); cut-- > 0;) {
      fs::resize_file(file, cut);
      check(recording(), events_, cut, false);
      ASSERT_FALSE(HasFailure()) << file << " cut at byte " << cut;
    }
    overwrite(file, whole);
  }
}

TEST_F(DamageTest, RandomCutsAreRightOrSaid) {
  make(20'000, 60);
  std::mt19937_64 random(3);
  for (int i = 0; i < rounds(60); ++i) {
    const std::string& file = files_[random() % files_.size()];
    const std::string whole = contents(file);
    overwrite(file, std::string_view(whole).substr(0, random() % whole.size()));
    check(recording(), events_, random(), false);
    ASSERT_FALSE(HasFailure()) << file << ", round " << i;
    overwrite(file, whole);
  }
  check(recording(), events_, 1, true);
}

TEST_F(DamageTest, RandomBitsAreRightOrSaid) {
  make(20'000, 60);
  std::mt19937_64 random(5);
  for (int i = 0; i < rounds(100); ++i) {
    const std::string& file = files_[random() % files_.size()];
    std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
    const auto at = static_cast<std::streamoff>(random() % fs::file_size(file));
    bytes.seekg(at);
    const auto before = static_cast<char>(bytes.get());
    const auto put = [&](char byte) { bytes.seekp(at).put(byte).flush(); };
    put(static_cast<char>(before ^ 1 << random() % 8));
    check(recording(), events_, random(), false);
    ASSERT_FALSE(HasFailure()) << file << " at byte " << at;
    put(before);
  }
  check(recording(), events_, 1, true);
}

TEST_F(DamageTest, WhatIsNoRecordingIsRefusedWithASentence) {
  make(3'000, 100);
  const std::string file = recording() + "/events-0.frames";
  const auto saidWhen = [&](const std::function<void()>& change) {
    fs::remove(file);
    change();
    Reader reader(recording());
    reader.definitions([](FrameType, const std::string&) {});
    EXPECT_EQ(reader.chunks().size(), 0u);
    fs::remove(file);
    return joined(reader.missing());
  };
  overwrite(folder_.path() + "/elsewhere", contents(file));
  EXPECT_NE(saidWhen([&] { fs::create_symlink(folder_.path() + "/elsewhere", file); }).find("cannot read"),
            std::string::npos);
  EXPECT_NE(saidWhen([&] { ASSERT_EQ(mkfifo(file.c_str(), 0600), 0); }).find("is no regular file"), std::string::npos);
  EXPECT_NE(saidWhen([&] { fs::create_directory(file); }).find("is no regular file"), std::string::npos);
  EXPECT_NE(saidWhen([&] {
              overwrite(file, "");
              fs::resize_file(file, 1u << 26);
            }).find("writing was cut short"),
            std::string::npos);
  EXPECT_NE(saidWhen([] {}).find("events 0 to 2999, the last ones, are missing"), std::string::npos);
  fs::create_symlink(recording(), folder_.path() + "/2");
  EXPECT_THROW(Reader(folder_.path() + "/2"), RecordingError);
  EXPECT_THROW(Reader(folder_.path() + "/elsewhere"), RecordingError);
  EXPECT_THROW(Reader(folder_.path()), RecordingError);
}

void setVersion(std::string& bytes, std::size_t header, char version) {
  bytes[header + 6] = version;
  const auto* from = reinterpret_cast<const Bytef*>(bytes.data()) + header;
  const auto sum = static_cast<std::uint32_t>(crc32_z(0, from, 20));
  std::memcpy(&bytes[header + 20], &sum, sizeof sum);
}

TEST_F(DamageTest, APartOfANewerVersionIsLeftOutAndSaid) {
  for (const FrameType type : {FrameType::Names, FrameType::ChunkLines}) {
    const std::string file = folder_.path() + "/file-" + std::to_string(static_cast<int>(type));
    FrameWriter(file).append(type, "names");
    std::string bytes = contents(file);
    setVersion(bytes, 0, static_cast<char>(bytes[6] + 1));
    overwrite(file, bytes);
    const FrameFile read(file);
    EXPECT_TRUE(read.frames().empty());
    EXPECT_NE(joined(read.missing()).find("1 parts of " + file + " were written by a newer version"),
              std::string::npos);
  }
}

// That version's lines were one column, and no part of them was read alone.
TEST_F(DamageTest, OfLinesOfTheFirstVersionEveryChunkIsTakenToCoverAnything) {
  make(3'000, 100);
  const std::string file = recording() + "/events-0.frames";
  const std::vector<FrameRef> frames = FrameFile(file).frames();
  const std::string bytes = contents(file);
  fs::remove(file);
  std::string older;
  for (const FrameRef& frame : frames) {
    std::string payload = bytes.substr(frame.offset, frame.length);
    v1::Chunk head;
    if (frame.type == FrameType::Chunk && head.ParseFromString(payload)) {
      head.clear_line_parts();
      payload = head.SerializeAsString();
    }
    FrameWriter(file).append(frame.type, payload);
    std::string written = contents(file);
    setVersion(written, 0, 0);
    older += written;
    fs::remove(file);
  }
  overwrite(file, older);
  check(recording(), events_, 1, true);
  Reader reader(recording());
  for (std::size_t i = 0; i < reader.chunks().size(); ++i) {
    const std::uint64_t address = reader.chunks()[i].head.highest_address();
    EXPECT_TRUE(reader.mayCover(i, address - 5'000, address - 4'999));
  }
}

TEST_F(DamageTest, AChunkWhoseLinesAreDamagedIsTakenToCoverWhatTheyWereAskedFor) {
  make(3'000, 100);
  const std::string file = recording() + "/events-0.frames";
  std::string bytes = contents(file);
  const std::vector<FrameRef> frames = FrameFile(file).frames();
  for (const FrameRef& frame : frames) {
    if (frame.type == FrameType::ChunkLines && frame.length != 0) bytes[frame.offset + frame.length / 2] ^= 4;
  }
  overwrite(file, bytes);
  Reader reader(recording());
  EXPECT_TRUE(reader.missing().empty()) << "until they are read";
  for (const Event& event : events_) {
    const std::size_t chunk = reader.chunkAt(static_cast<std::size_t>(&event - events_.data()));
    if (!allocates(event.what)) continue;
    EXPECT_TRUE(reader.mayCover(chunk, event.address, event.address + 1));
  }
  EXPECT_NE(joined(reader.missing()).find("is damaged"), std::string::npos);
}

TEST_F(DamageTest, WhatIsBeingWrittenIsNotCalledTorn) {
  const std::string file = folder_.path() + "/file";
  std::optional<FrameWriter> writer(file);
  writer->append(FrameType::Names, "names");
  const std::string bytes = contents(file);
  fs::resize_file(file, bytes.size() - 1);
  const FrameFile read(file);
  EXPECT_TRUE(read.beingWritten());
  EXPECT_TRUE(read.missing().empty());
  writer.reset();
  EXPECT_NE(joined(read.missing()).find("are no whole part: writing was cut short there"), std::string::npos);
}

// A child's exit status, once it has run this.
int inChild(const std::function<int()>& run) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      _exit(run());
    } catch (const std::exception& error) {
      fprintf(stderr, "%s\n", error.what());
      _exit(254);
    }
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

// Whether a small file system could be mounted, for this process alone.
bool mountSmall(const std::string& path) {
  if (geteuid() != 0) {
    const std::string map = "0 " + std::to_string(geteuid()) + " 1";
    if (unshare(CLONE_NEWUSER) != 0) return false;
    overwrite("/proc/self/uid_map", map);
  }
  return unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", path.c_str(), "tmpfs", 0, "size=300k") == 0;
}

// 0: it was said that there is no room, and what had been written until then was right.
int recordUntilFull(const std::string& path, const std::string& why) {
  const std::vector<Event> events = Program(2).run(400'000);
  Recorder recorder(path, {});
  record(recorder, events, 4'000, 1);
  recorder.end({});
  recorder.wait();
  const Status status = recorder.status();
  if (status.recording || status.ended || status.why.find(why) == std::string::npos) return 1;
  if (status.why.find("what was recorded until then is whole") == std::string::npos) return 2;
  const std::size_t read = check(path, events, 1, false);
  return status.events > 0 && read >= status.events && !testing::Test::HasFailure() ? 0 : 3;
}

TEST_F(DamageTest, AFullDiskStopsTheRecordingAndKeepsWhatItHas) {
  const int result = inChild([&] {
    if (!mountSmall(folder_.path())) return 77;
    return recordUntilFull(folder_.path() + "/1", "No space left on device");
  });
  if (result == 77) GTEST_SKIP() << "no file system can be mounted here";
  EXPECT_EQ(result, 0);
}

TEST_F(DamageTest, AFileThatMayNotGrowStopsTheRecordingAndKeepsWhatItHas) {
  EXPECT_EQ(inChild([&] {
              signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{100'000, 100'000};
              if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 4;
              return recordUntilFull(folder_.path() + "/1", "File too large");
            }),
            0);
}

TEST_F(DamageTest, AWriterThatIsKilledLosesNothingThatWasSealed) {
  using Shared = std::atomic<std::uint64_t>;
  void* const memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto& sealed = *new (memory) Shared(0);
  const std::vector<Event> events = Program(6).run(200'000);
  std::mt19937_64 random(8);
  for (int i = 0; i < rounds(20); ++i) {
    const std::string path = folder_.path() + "/" + std::to_string(i);
    sealed = 0;
    const pid_t child = fork();
    if (child == 0) {
      Recorder recorder(path, {});
      record(recorder, events, 2'000, 1, [&] {
        while (recorder.full()) usleep(100);
        sealed = recorder.status().events;
      });
      _exit(0);
    }
    const std::uint64_t enough = random() % 40'000;
    while (sealed < enough) usleep(100);
    usleep(static_cast<useconds_t>(random() % 2'000));
    kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    const std::size_t read = check(path, events, random(), false);
    ASSERT_GE(read, sealed.load());
    ASSERT_FALSE(HasFailure());
    fs::remove_all(path);
  }
  munmap(memory, 4096);
}

}  // namespace
}  // namespace heapatlas::recording::test
