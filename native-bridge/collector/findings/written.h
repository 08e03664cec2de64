// A finding as recording.proto writes it, and back. Entry: written, by ProcessRecording; read, by Definitions.
// Must hold: whatever a file says, what is read is bounded: kinds, addresses and stack nodes.
#pragma once

#include <optional>

#include "findings/finding.h"
#include "recording.pb.h"

namespace heapatlas::collector {

heapatlas::v1::RecordedFinding written(const Finding& finding);
std::optional<Finding> read(const heapatlas::v1::RecordedFinding& shown);

}  // namespace heapatlas::collector
