#include "node/safe_thread.h"

#include <time.h>

#include <algorithm>
#include <optional>
#include <string>

#include "node/error.h"
#include "node/proc.h"
#include "node/unwind.h"

namespace heapatlas::node {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kToStop{200};
constexpr std::chrono::seconds kToFind{2};
constexpr std::size_t kMostThreads = 64;  // a process with more has a quiet one among these

// Whether none of the frames is in unsafe code. Locks are taken near the leaf: a stack that breaks off there may hide
// one, further out (code made at run time) it does not matter.
bool outside(const ThreadStack& stack, const std::vector<Span>& unsafe) {
  constexpr std::size_t kNearLeaf = 3;
  if (stack.addresses.empty() || (stack.cut && stack.addresses.size() < kNearLeaf)) return false;
  return std::none_of(stack.addresses.begin(), stack.addresses.end(), [&](const StackAddress& frame) {
    const std::uint64_t looked = frame.exact ? frame.pc : frame.pc - 1;
    return std::any_of(unsafe.begin(), unsafe.end(), [looked](const Span& span) { return span.holds(looked); });
  });
}

bool inSystemCall(const TracedThread& thread) { return static_cast<long long>(thread.registers().orig_rax) >= 0; }

std::vector<std::uint32_t> threadsOf(std::uint32_t pid) {
  std::vector<std::uint32_t> tids = {pid};  // the first thread first: it has all that libc expects of a thread
  for (const ThreadState& thread : ProcFs().threads(pid)) {
    if (thread.tid != pid && tids.size() < kMostThreads) tids.push_back(thread.tid);
  }
  return tids;
}

class Search {
 public:
  Search(std::uint32_t pid, const std::vector<Span>& unsafe) : pid_(pid), unsafe_(unsafe) {}

  // One look at every thread. onlyInCalls: a thread that waits in the kernel is sure to be outside any sequence that
  // must not be interrupted.
  std::unique_ptr<TracedThread> look(bool onlyInCalls) {
    for (std::uint32_t tid : threadsOf(pid_)) {
      if (std::find(notStopped_.begin(), notStopped_.end(), tid) != notStopped_.end()) continue;
      try {
        auto thread = std::make_unique<TracedThread>(pid_, tid, kToStop);
        if (onlyInCalls && !inSystemCall(*thread)) continue;
        if (!outside(Unwinder(pid_).stack(tid), unsafe_)) continue;
        if (thread->groupStopped() && !othersOutside(tid)) continue;
        return thread;
      } catch (const NodeError& error) {
        // Other threads may be freer: one that has ended, or waits for a disk, is no reason to give up.
        refusal_ = error;
        notStopped_.push_back(tid);
      }
    }
    return nullptr;
  }

  NodeError failure() const {
    if (refusal_) return *refusal_;
    return {ErrorKind::Failed, "Every thread of process " + std::to_string(pid_) +
                                   " is inside its allocator or loader; try again, and continue the process first "
                                   "when it is stopped."};
  }
  bool denied() const { return refusal_ && refusal_->kind() == ErrorKind::Denied; }

 private:
  bool othersOutside(std::uint32_t borrowed) {
    return std::ranges::all_of(threadsOf(pid_), [&](std::uint32_t tid) {
      if (tid == borrowed) return true;
      const TracedThread other(pid_, tid, kToStop);
      return outside(Unwinder(pid_).stack(tid), unsafe_);
    });
  }

  std::uint32_t pid_;
  const std::vector<Span>& unsafe_;
  std::optional<NodeError> refusal_;
  std::vector<std::uint32_t> notStopped_;  // and held by us until the search's thread ends
};

}  // namespace

std::unique_ptr<TracedThread> borrowThread(std::uint32_t pid, const std::vector<Span>& unsafe) {
  Search search(pid, unsafe);
  const Clock::time_point until = Clock::now() + kToFind;
  for (bool onlyInCalls = true;; onlyInCalls = false) {
    if (std::unique_ptr<TracedThread> thread = search.look(onlyInCalls)) return thread;
    if (search.denied() || Clock::now() >= until) throw search.failure();
    const timespec pause{0, 2'000'000};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace heapatlas::node
