// The bytes of the library that preloaded.c makes. Entry: preloadedLibrary, called by probePreload.
// Must hold: kPreloadedStatus is the exit status that preloaded.c gives.
#pragma once

#include <span>

namespace heapatlas::node {

inline constexpr int kPreloadedStatus = 42;
std::span<const unsigned char> preloadedLibrary();

}  // namespace heapatlas::node
