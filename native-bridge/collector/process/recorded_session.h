// A recording's folder: its processes, under the numbers that they were recorded with.
// Entry: openRecording, called by main for --replay. Must hold: it is opened whole or refused with one sentence; damage
// inside of a process's files is that process's to say.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "process/replayed_process.h"

namespace heapatlas::collector {

inline constexpr unsigned kRecordingFormat = 1;  // of recording.json, as it is written; a later one is not read

// recording.json, as it is there. Throws recording::RecordingError: it cannot be read, or has a later format.
std::string descriptionOf(const std::string& folder);
// In the order of their numbers. Throws recording::RecordingError.
std::vector<std::shared_ptr<ReplayedProcess>> openRecording(const std::string& folder, ProcessLimits limits = {});

}  // namespace heapatlas::collector
