// Sentences about what cannot be seen in a program, and what helps: memory managers of its own inside the heap.
// Entry: noticesFor, called when a process appears or loads objects. Must hold: said only on evidence (an executable,
// a loaded object, an ELF note), never guessed from a name in the arguments.
#pragma once

#include <string>
#include <vector>

#include "input/ring_file.h"
#include "node/proc.h"

namespace heapatlas::collector {

std::vector<std::string> noticesFor(const node::ProcessFacts& facts, const RingFile& file);
// Whether a file is an ELF executable that the Go linker made.
bool isGoExecutable(const std::string& path);

}  // namespace heapatlas::collector
