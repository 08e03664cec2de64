// The files of chunks of a recording, of which the oldest may be given up. Entry: EventFiles, the encoder thread's.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "recording/frame_file.h"

namespace heapatlas::recording {

class EventFiles {
 public:
  struct File {
    std::string path;
    std::uint64_t firstChunk = 0;
    std::uint64_t firstNanos = 0;
    std::uint64_t bytes = 0;
  };

  explicit EventFiles(const std::string& folder) : folder_(folder) {}
  // From the oldest to the one that is written.
  const std::deque<File>& files() const { return files_; }
  // The chunks from this one on go to the next file. Throws RecordingError.
  void beginFile(std::uint64_t chunk, std::uint64_t nanos);
  // Throws RecordingError.
  void append(FrameType type, std::string_view payload);
  void seal() { writer_->seal(); }
  // Of the oldest file, not the one that is written; returns how many bytes it had.
  std::uint64_t removeOldest();

 private:
  const std::string folder_;
  std::uint32_t made_ = 0;
  std::deque<File> files_;
  std::optional<FrameWriter> writer_;
};

}  // namespace heapatlas::recording
