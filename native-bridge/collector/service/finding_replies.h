// Findings in words. Entry: findingOf, for WatchFindings. Must hold: not under a View; what is not known is said so.
#pragma once

#include <cstdint>

#include "findings.pb.h"
#include "process/process.h"
#include "service/stack_names.h"

namespace heapatlas::collector {

// number: of the process's findings, from 1.
heapatlas::v1::Finding findingOf(Process& process, const Finding& finding, std::uint64_t number, StackNames& names);

}  // namespace heapatlas::collector
