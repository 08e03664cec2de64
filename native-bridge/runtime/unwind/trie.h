// The shared stack trie's writer: (parent, pc, flags) to a node id, the same id for the same path in every thread.
// Main entry: internNode, called by a capture for each changed frame. Lock free; the index is private memory in levels
// that grow, so that a small program touches few pages.
#pragma once

#include <cstdint>

#include "unwind.h"

namespace heapatlas::unwind {

inline constexpr std::uint32_t kNodeExact = 1;
inline constexpr std::uint32_t kNodeCut = 2;

void startTrie(const RingParts& parts);
// 0 when the trie is full or its memory cannot be had.
std::uint32_t internNode(std::uint32_t parent, std::uint64_t pc, std::uint32_t flags);

void countCutStack();
// From here on every path gets a new id: code was replaced by other code at the same addresses.
void forgetNodes();

}  // namespace heapatlas::unwind
