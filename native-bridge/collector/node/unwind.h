// elfutils' unwinder on a process whose threads are held by TracedThread. Entry: Unwinder; used by threadStack and by
// attach, which asks for several threads. Must hold: it is used from the thread that holds the traced ones.
#pragma once

#include <cstdint>
#include <memory>

#include "node/stacks.h"

// elfutils' own handle; its header is of no use to callers.
struct Dwfl;

namespace heapatlas::node {

class Unwinder {
 public:
  explicit Unwinder(std::uint32_t pid);  // NodeError Failed
  // What could be unwound; empty when not even the registers could be read.
  ThreadStack stack(std::uint32_t tid);

 private:
  struct Close {
    void operator()(Dwfl* dwfl) const;
  };
  std::unique_ptr<Dwfl, Close> dwfl_;
};

}  // namespace heapatlas::node
