// Chooses a thread that may be borrowed: none of its frames is inside an allocator or the loader, so that it holds no
// lock that dlopen needs. Entry: borrowThread; used by attach.
// Must hold: threads are stopped one at a time and let go again, so that the holder of a lock can give it back while
// the borrowed thread waits for it; a process that is stopped as a whole is taken only when all its threads are safe.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "node/loader_facts.h"
#include "node/traced_thread.h"

namespace heapatlas::node {

// The thread is held. NodeError: NotFound, Denied, Failed (no thread was safe within two seconds).
std::unique_ptr<TracedThread> borrowThread(std::uint32_t pid, const std::vector<Span>& unsafe);

}  // namespace heapatlas::node
