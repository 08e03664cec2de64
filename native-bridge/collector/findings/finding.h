// A finding as the collector keeps it: what happened, by numbers of its process. Words for it:
// service/finding_replies.h. Entry: made by Detector; kept by Process; written into a recording by ProcessRecording,
// and read by Definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "recording/event.h"
#include "table/live_table.h"

namespace heapatlas::collector {

enum class FindingKind : std::uint8_t { DoubleFree = 0, InvalidFree = 1 };
inline constexpr std::uint32_t kFindingKinds = 2;

struct Finding {
  // A release, as it is remembered.
  struct Release {
    std::uint64_t nanos = 0;
    std::uint32_t thread = 0;  // index in ThreadTable
    std::uint32_t stack = 0;   // stack node
  };
  FindingKind kind = FindingKind::DoubleFree;
  bool certain = true;      // the events allow no other reading
  bool hadBlock = false;    // some block began at the address before
  std::uint64_t nanos = 0;  // of the event …
  std::uint32_t thread = 0;
  std::uint32_t stack = 0;
  std::uint64_t address = 0;
  std::uint64_t position = recording::kNoPosition;  // … in the process's recording
  std::optional<LiveBlock> block;                   // that began there, or covers the address
  std::optional<Release> freed;                     // who released that block before
};

}  // namespace heapatlas::collector
