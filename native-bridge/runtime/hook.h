// What every hook does: find the mode, capture the caller, record. Included by the hooks' files only; all of it is
// inlined into the hook, whose own frame the caller's registers are read from.
#pragma once

#include "real.h"
#include "sampling.h"
#include "thread.h"

namespace heapatlas::runtime {

using ring::Kind;
using unwind::Registers;

// The caller's registers once the hook has returned; inlined into the hook itself, which keeps a frame pointer.
[[gnu::always_inline]] inline Registers caller() {
  const auto* frame = static_cast<const std::uint64_t*>(__builtin_frame_address(0));
  return {reinterpret_cast<std::uint64_t>(__builtin_return_address(0)), reinterpret_cast<std::uint64_t>(frame + 2), frame[0]};
}

[[gnu::always_inline]] inline State state() {
  const State now = shared.hot->state.load(std::memory_order_relaxed);
  return now == State::Cold ? startProcess() : now;
}

[[gnu::always_inline]] inline void allocated(Kind kind, const void* block, std::size_t size, const Registers& registers) {
  const State now = state();
  if (now <= State::Off || block == nullptr) {
    if (now == State::Off) followMode();
    return;
  }
  Thread* thread = enter();
  if (thread == nullptr || thread->control == nullptr || thread->inside != 0) return;
  if (now == State::Sampled) {
    sampleAllocation(*thread, block, size, registers);
  } else {
    recordEvent(*thread, now, kind, block, size, registers, true);
  }
}

[[gnu::always_inline]] inline void released(Kind kind, const void* block, const Registers& registers) {
  const State now = state();
  if (now <= State::Off || block == nullptr) return;
  Thread* thread = enter();
  if (thread == nullptr || thread->control == nullptr || thread->inside != 0) return;
  if (now == State::Sampled) {
    sampleRelease(*thread, block, registers);
  } else {
    recordEvent(*thread, now, kind, block, 0, registers, shared.header->stacksOfFrees.load(std::memory_order_relaxed) != 0);
  }
}

// Inner allocations of one real call (operator new over malloc) are that call's own and not recorded again.
class Inside {
 public:
  Inside() : thread_(self) {
    if (thread_ != nullptr) ++thread_->inside;
  }
  ~Inside() {
    if (thread_ != nullptr) --thread_->inside;
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  Thread* thread_;
};

}  // namespace heapatlas::runtime
