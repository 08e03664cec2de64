// What makes kept stacks invalid. Read by every capture, written by unwind.cc.
#pragma once

#include <atomic>
#include <cstdint>

namespace heapatlas::unwind {

// Of the code: changes whenever objects were loaded or unloaded, and in a forked child.
extern std::atomic<std::uint32_t> codeGeneration;
// Of the memory outside the threads' own stacks. Never 0.
extern std::atomic<std::uint32_t> foreignGeneration;

// Objects are being unloaded, or were and have not been scanned: nothing may be kept and no kept rule be used.
bool codeUnsettled();

}  // namespace heapatlas::unwind
