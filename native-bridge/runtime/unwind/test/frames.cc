// One compilation of the frames: sizes on the stack that vary at run time, realigned stacks, calls back out of libc,
// exceptions that pass, recursion. FRAMES names this copy's entry.
#include "frames.h"

#include <alloca.h>

#include <cstdlib>
#include <cstring>

namespace heapatlas::unwind::test {
namespace {

int chain(Random& random, int depth);

[[gnu::noinline]] int varying(Random& random, int depth) {
  const std::size_t bytes = 16 + random.next() % 600;
  char* block = static_cast<char*>(alloca(bytes));
  std::memset(block, depth, bytes);
  return anyChain(random)(random, depth - 1) + block[bytes / 2];
}

[[gnu::noinline]] int aligned(Random& random, int depth) {
  alignas(64) char block[256];
  std::memset(block, depth, sizeof block);
  char* more = static_cast<char*>(alloca(32 + random.next() % 64));
  more[0] = block[3];
  return anyChain(random)(random, depth - 1) + more[0] + block[200];
}

[[gnu::noinline]] int throwing(Random& random, int depth) {
  int sum = 0;
  try {
    sum = anyChain(random)(random, depth - 1);
    throw depth;
  } catch (int thrown) {
    probe();
    return sum + thrown;
  }
}

thread_local Random* sortRandom;
thread_local int sortDepth;

int compare(const void*, const void*) {
  Random& random = *sortRandom;
  const int depth = sortDepth;
  const int sum = depth > 0 ? anyChain(random)(random, depth - 1) : 0;
  sortRandom = &random;
  sortDepth = 0;
  return sum & 0;
}

[[gnu::noinline]] int sorting(Random& random, int depth) {
  int pair[2] = {2, 1};
  sortRandom = &random;
  sortDepth = depth;
  std::qsort(pair, 2, sizeof pair[0], compare);
  return pair[0];
}

[[gnu::noinline]] int plain(Random& random, int depth) {
  const std::uint64_t a = random.next(), b = random.next(), c = random.next();
  const int sum = anyChain(random)(random, depth - 1);
  probe();
  return sum + static_cast<int>(a % 3 + b % 5 + c % 7);
}

int chain(Random& random, int depth) {
  if (depth <= 0) {
    probe();
    return 0;
  }
  switch (random.next() % 6) {
    case 0:
      return varying(random, depth);
    case 1:
      return aligned(random, depth);
    case 2:
      return throwing(random, depth);
    case 3:
      return sorting(random, depth);
    default:
      return plain(random, depth);
  }
}

}  // namespace

Chain FRAMES() { return chain; }

}  // namespace heapatlas::unwind::test
