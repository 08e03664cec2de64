// Files of frames: a header with sums, and a message of recording.proto (see README.md for the layout).
// Entry: FrameWriter, by the recorder and the symbol log; FrameFile, by the reader. Must hold: a frame is whole or it
// is left out and said; no length that a file names is believed before it is bounded. A writer holds the lock (flock)
// on its file, which tells what is being written from what was cut short.
// Threads: one owner at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "input/file_descriptor.h"

namespace heapatlas::recording {

// A whole sentence: what, where, what to do.
class RecordingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class FrameType : std::uint16_t {
  Nodes = 1,
  Modules = 2,
  Names = 3,
  Contexts = 4,
  LabelSets = 5,
  Threads = 6,
  Strings = 7,
  Symbols = 8,
  Facts = 9,
  Mappings = 10,
  Points = 11,
  End = 12,
  Findings = 13,
  Memory = 14,
  Counters = 15,
  Chunk = 32,
  ChunkColumns = 33,
  ChunkLines = 34,
  NetEffect = 35,
  NetEffectColumns = 36,
  Totals = 37,
};

inline constexpr std::size_t kFrameHeaderBytes = 24;
inline constexpr std::uint64_t kMaxFrameBytes = 1ull << 30;       // of a payload
inline constexpr std::uint64_t kMaxDefinitionBytes = 1ull << 28;  // of a definition, decompressed
inline constexpr std::uint64_t kMostMemoryBytes = 64u << 20;      // of a process, that are kept on request
inline constexpr std::size_t kMaxFrames = 1u << 22;               // of a file; those behind them are left out

// The crc32 by which frames, and parts of them that are read alone, are known to be whole.
std::uint32_t sumOf(std::string_view bytes);
// zstd with the size in its header, for what is not compressed by itself.
std::string compressed(std::string_view raw);
// Throws RecordingError where the bytes are none, or would become more than mostBytes.
std::string decompressed(std::string_view data, std::uint64_t mostBytes);

struct FrameRef {
  FrameType type;
  std::uint64_t offset = 0;  // of the payload
  std::uint64_t length = 0;
  std::uint32_t sum = 0;
};

// What has this path is on the disk under its name when it returns: else a power failure may take a whole file,
// whatever was sealed in it. Throws RecordingError.
void sealName(const std::string& path);

class FrameWriter {
 public:
  // Makes the file, which must not be there. Throws RecordingError.
  explicit FrameWriter(const std::string& path);
  // Appends; where that fails, what was written of the frame is cut off again and RecordingError thrown.
  FrameRef append(FrameType type, std::string_view payload);
  // What was appended. Throws RecordingError.
  std::string read(const FrameRef& frame) const;
  // What was appended is on the disk when it returns, and the file's name in its folder. Throws RecordingError.
  void seal();
  // In the place of what has that name, which is on the disk when it returns. Throws RecordingError.
  void rename(const std::string& path);
  std::uint64_t bytes() const { return bytes_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  collector::FileDescriptor file_;
  bool nameSealed_ = false;
  std::uint64_t bytes_ = 0;
};

class FrameFile {
 public:
  // A regular file that is no link. Throws RecordingError.
  explicit FrameFile(const std::string& path);
  // Looks for frames behind those that are known already: the file may grow while it is read.
  void extend();
  const std::vector<FrameRef>& frames() const { return frames_; }
  // Empty when the payload's sum is wrong.
  std::optional<std::string> read(const FrameRef& frame) const;
  // So many of the payload's bytes, of that sum; empty when they are not.
  std::optional<std::string> readPart(const FrameRef& frame, std::uint64_t from, std::uint64_t bytes,
                                      std::uint32_t sum) const;
  // What is left out, a sentence each.
  std::vector<std::string> missing() const;
  // Behind the last whole frame: of one that is being written, or was when its writer was killed.
  std::uint64_t tornBytes() const { return size_ - scanned_; }
  bool beingWritten() const;
  // Nobody writes it, and there is no more than was seen.
  bool isFinal() const;
  // Another file has its name now.
  bool replaced() const;
  const std::string& path() const { return path_; }

 private:
  std::optional<std::uint64_t> nextHeader(std::uint64_t from) const;

  std::string path_;
  collector::FileDescriptor file_;
  std::uint64_t size_ = 0;
  std::uint64_t scanned_ = 0;
  std::uint64_t damagedBytes_ = 0;
  std::size_t newerFrames_ = 0;
  std::vector<FrameRef> frames_;
};

}  // namespace heapatlas::recording
