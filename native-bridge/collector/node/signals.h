// Stops, continues and ends watched processes, and never a stranger that got the same pid since.
// Entry: sendSignal, called by the collector's Signal. Must hold: the process is named by pid and start time, and
// the signal goes through a pidfd that was checked against both after it was opened.
#pragma once

#include <cstdint>

namespace heapatlas::node {

enum class SignalKind { Stop, Continue, Terminate, Kill };

// startTicks: field 22 of /proc/PID/stat as it was when the process was first seen (ring Header::processStart).
// NodeError: NotFound (it has ended, or the pid is another process now), Denied.
void sendSignal(std::uint32_t pid, std::uint64_t startTicks, SignalKind kind);

}  // namespace heapatlas::node
