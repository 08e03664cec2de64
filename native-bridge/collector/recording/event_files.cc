// See event_files.h.
#include "recording/event_files.h"

#include <unistd.h>

namespace heapatlas::recording {

void EventFiles::beginFile(std::uint64_t chunk, std::uint64_t nanos) {
  writer_.emplace(folder_ + "/events-" + std::to_string(made_++) + ".frames");
  files_.push_back({writer_->path(), chunk, nanos, 0});
}

void EventFiles::append(FrameType type, std::string_view payload) {
  writer_->append(type, payload);
  files_.back().bytes = writer_->bytes();
}

std::uint64_t EventFiles::removeOldest() {
  const File oldest = files_.front();
  if (unlink(oldest.path.c_str()) != 0) throw RecordingError("cannot remove " + oldest.path);
  files_.pop_front();
  return oldest.bytes;
}

}  // namespace heapatlas::recording
