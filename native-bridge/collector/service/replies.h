// From the collector's state to the messages of collector.proto.
// Entry: one function a message, called by the calls. Must hold: those that take a View do no work that can wait.
#pragma once

#include <cstdint>

#include "collector.pb.h"
#include "process/process.h"

namespace heapatlas::collector {

heapatlas::v1::ProcessInfo processInfo(Process& process);
heapatlas::v1::Coverage coverageOf(const Process::View& view, std::uint64_t unresolvedFrames = 0);
void setGaps(heapatlas::v1::Coverage& coverage, const std::vector<GapSpan>& gaps);
// Without its stack.
heapatlas::v1::Site siteOf(const SiteFigures& figures, std::uint64_t now);
// Without its stack.
heapatlas::v1::Allocation allocationOf(const Process::View& view, const LiveBlock& block);
// Without its stack.
heapatlas::v1::PoolBlock poolBlockOf(const Process::View& view, const Pools::Found& found);
void fillLabels(heapatlas::v1::LabelsReply& reply, const Process::View& view);
std::uint64_t rounded(double count);

}  // namespace heapatlas::collector
