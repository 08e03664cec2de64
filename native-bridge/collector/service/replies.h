// From the collector's state to the messages of collector.proto.
// Entry: one function a message, called by the calls. Must hold: those that take a View do no work that can wait.
#pragma once

#include <cstdint>

#include "collector.pb.h"
#include "process/watched_process.h"

namespace heapatlas::collector {

heapatlas::v1::ProcessInfo processInfo(WatchedProcess& process);
heapatlas::v1::Coverage coverageOf(const WatchedProcess::View& view, std::uint64_t unresolvedFrames);
// Without its stack.
heapatlas::v1::Site siteOf(const SiteFigures& figures, std::uint64_t now);
// Without its stack.
heapatlas::v1::Allocation allocationOf(const WatchedProcess::View& view, const LiveBlock& block);
// Without its stack.
heapatlas::v1::PoolBlock poolBlockOf(const WatchedProcess::View& view, const Pools::Found& found);
void fillLabels(heapatlas::v1::LabelsReply& reply, const WatchedProcess::View& view);
std::uint64_t rounded(double count);

}  // namespace heapatlas::collector
