// What the machine could do on which a recording was made, as its recording.json says.
// Entry: recordedCapabilities, called by main for --replay. Must hold: any text is answered; what is no list of
// capabilities gives none.
#pragma once

#include <string>
#include <vector>

#include "node/doctor.h"

namespace heapatlas::collector {

// Empty: it does not say, for it was made by an earlier version, or was changed.
std::vector<node::Capability> recordedCapabilities(const std::string& description);

}  // namespace heapatlas::collector
