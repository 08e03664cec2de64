// Parses the kernel's lists of regions. Entry: parseRegions (maps or smaps), addNumaPages (numa_maps); called by
// ProcFs. Must hold: a line that is not understood is skipped; figures before the first region line are ignored.
#pragma once

#include <string_view>
#include <vector>

#include "node/proc.h"

namespace heapatlas::node {

std::vector<Region> parseRegions(std::string_view text);
// Regions are in address order, as the kernel gives them.
void addNumaPages(std::string_view numaMaps, std::vector<Region>& regions);

}  // namespace heapatlas::node
