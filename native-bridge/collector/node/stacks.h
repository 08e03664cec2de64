// The call stack of a thread of a stopped process, by ptrace and elfutils' unwinder.
// Entry: threadStack, called by the collector's ThreadStack after Signal(STOP). Must hold: the process is left in
// the very state it was in: stopped by SIGSTOP stays stopped, running goes on running.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "symbols/symbolizer.h"

namespace heapatlas::node {

struct StackAddress {
  std::uint64_t pc = 0;
  bool exact = false;  // the instruction itself: the leaf, or a frame that a signal interrupted
};

struct ThreadStack {
  std::vector<StackAddress> addresses;  // leaf first
  bool cut = false;                     // the unwinder stopped before the thread's first frame
  std::string cutWhy;
};

inline constexpr std::size_t kMaxStackFrames = 512;

// NodeError: NotFound, Denied (with what to do), Failed.
ThreadStack threadStack(std::uint32_t pid, std::uint32_t tid);
// The same, symbolised; inlined frames are frames of their own.
std::vector<symbols::SymbolFrame> symbolize(std::uint32_t pid, const ThreadStack& stack,
                                            symbols::Symbolizer& symbolizer);
// Loaded objects of a running process as the symbolizer wants them, from maps and the objects' own headers.
std::vector<symbols::ModuleKey> modulesOf(std::uint32_t pid);  // NodeError

}  // namespace heapatlas::node
