// libFuzzer target: arbitrary bytes as the files of a process's recording.
// The input is parts: a byte that says which file, one for the frame's type, two for the payload's length, the payload.
// Sums and compression, which no mutation gets right, are put around them here.
// Must hold: no crash, no more memory than the limit, whatever the bytes say.
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>

#include "recording/columns.h"
#include "recording/reader.h"

using namespace heapatlas::recording;

namespace {

constexpr std::size_t kMaxChunksRead = 64;  // of an input, so that none takes long
constexpr std::array kFiles = {"definitions.frames", "events-0.frames", "effects.frames", "events-1.frames"};

std::string folderOfThisRun() {
  std::string name = "/dev/shm/heapatlas-recording-fuzz-XXXXXX";
  static std::string folder;
  folder = mkdtemp(name.data());
  std::atexit([] { std::filesystem::remove_all(folder); });
  return folder;
}

template <typename Message>
std::string withColumns(const std::string& payload) {
  Message message;
  if (!message.ParseFromString(payload)) return payload;
  for (heapatlas::v1::Column& column : *message.mutable_columns()) {
    column.set_raw_bytes(column.data().size());
    column.set_data(compressed(column.data()));
  }
  return message.SerializeAsString();
}

std::string packed(FrameType type, const std::string& payload) {
  switch (type) {
    case FrameType::Chunk:
    case FrameType::NetEffect:
    case FrameType::ChunkLines:
      return payload;
    case FrameType::ChunkColumns:
      return withColumns<heapatlas::v1::Chunk>(payload);
    case FrameType::NetEffectColumns:
      return withColumns<heapatlas::v1::NetEffect>(payload);
    default:
      return compressed(payload);
  }
}

void write(const std::string& folder, const std::uint8_t* data, std::size_t size) {
  std::array<std::optional<FrameWriter>, kFiles.size()> files;
  for (std::size_t i = 0; i < kFiles.size(); ++i) {
    const std::string path = folder + "/" + kFiles[i];
    unlink(path.c_str());
    files[i].emplace(path);
  }
  while (size >= 4) {
    FrameWriter& file = *files[data[0] % kFiles.size()];
    const auto type = static_cast<FrameType>(data[1]);
    const std::size_t length = std::min<std::size_t>(data[2] + data[3] * 256u, size - 4);
    const std::string payload(reinterpret_cast<const char*>(data) + 4, length);
    data += 4 + length;
    size -= 4 + length;
    file.append(type, packed(type, payload));
  }
}

void read(const std::string& folder) {
  Reader reader(folder);
  reader.definitions([](FrameType, const std::string&) {});
  Rows rows;
  for (std::size_t i = 0; i < std::min(reader.chunks().size(), kMaxChunksRead); ++i) {
    reader.decode(i, rows);
    reader.mayCover(i, 0x1000, 0x2000);
    reader.tableAt(
        reader.startFor(i), [](const Net&) {}, [](std::size_t) {});
  }
  reader.startFor(reader.chunks().size());
  reader.chunkAt(reader.endPosition() / 2);
  reader.chunkAfter(1'000'000);
  reader.missing();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string folder = folderOfThisRun();
  write(folder, data, size);
  read(folder);
  return 0;
}
