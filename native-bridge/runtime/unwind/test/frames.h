// Call chains of random shape; each set of compiler flags has its own copy (frames.cc). probe() stands at the bottom.
#pragma once

#include <cstdint>

namespace heapatlas::unwind::test {

struct Random {
  std::uint64_t state;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
};

using Chain = int (*)(Random& random, int depth);
void probe();
// The next chain of a random compilation; what lets a stack mix them.
Chain anyChain(Random& random);

Chain frames_O0();
Chain frames_O2();
Chain frames_O3();
Chain frames_O2__fno_omit_frame_pointer();
Chain frames_O0__fomit_frame_pointer();
Chain frames_O3__mavx__funroll_loops();

}  // namespace heapatlas::unwind::test
