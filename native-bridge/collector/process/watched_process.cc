// See watched_process.h.
#include "process/watched_process.h"

#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "input/clock.h"
#include "node/error.h"
#include "order/gap.h"
#include "process/notices.h"

namespace heapatlas::collector {
namespace {

constexpr std::size_t kBatchRecords = 32'768;
constexpr std::uint64_t kExecCheckNanos = 50'000'000;

int openPidFd(std::uint32_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0)); }

bool exited(int pidFd) {
  pollfd poll{pidFd, POLLIN, 0};
  return ::poll(&poll, 1, 0) > 0;
}

}  // namespace

WatchedProcess::WatchedProcess(std::uint64_t id, RingFile file, ProcessLimits limits)
    : id_(id),
      file_(std::move(file)),
      heap_(limits.tableBytes),
      drain_(file_, heap_, threads_, coverage_, TickClock(file_.identity().startTicks, file_.identity().startNanos)) {
  const ProcessIdentity& identity = file_.identity();
  pidFd_ = openPidFd(identity.pid);
  // The pid may be another process by now.
  if (pidFd_ >= 0 && identity.processStart != 0 && procfs_.startTicks(identity.pid) != identity.processStart) {
    close(pidFd_);
    pidFd_ = -1;
  }
  for (std::uint32_t i = 0; i < file_.ringCount(); ++i) restarted_ = restarted_ || file_.control(i).tail.load() != 0;
  file_.header().collectorPid.store(static_cast<std::uint32_t>(getpid()), std::memory_order_release);
  facts_.pid = identity.pid;
  facts_.parentPid = identity.parentPid;
  refresh();
}

WatchedProcess::~WatchedProcess() {
  if (pidFd_ >= 0) close(pidFd_);
}

std::uint64_t WatchedProcess::drain() {
  if (ended()) return 0;
  file_.header().collectorNanos.store(monotonicNanos(), std::memory_order_release);
  const bool left = hasLeft();
  std::uint64_t records = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    drain_.clock().update();
    drain_.beginPass();
    records = drain_.passRecords();
  }
  while (!passUnderLock()) letQueriesGo();
  if (left) {
    finish();
  } else if (file_.header().gap.load(std::memory_order_acquire) != 0) {
    const std::lock_guard<std::mutex> lock(mutex_);
    resync(file_, drain_, heap_, coverage_, false);
  }
  return records;
}

// One batch; true at the end of the pass.
bool WatchedProcess::passUnderLock() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool done = drain_.work(kBatchRecords);
  if (series_.due(drain_.latestNanos())) sample(drain_.latestNanos());
  if (done) {
    drain_.endPass(false);
    if (series_.due(drain_.clock().nowNanos())) sample(drain_.clock().nowNanos());
  } else {
    file_.header().collectorNanos.store(monotonicNanos(), std::memory_order_release);
  }
  return done;
}

// Nothing more will be written: one more pass sees all there is.
void WatchedProcess::finish() {
  do {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      drain_.beginPass();
    }
    while (!passUnderLock()) letQueriesGo();
  } while (drain_.parked());
  const std::lock_guard<std::mutex> lock(mutex_);
  drain_.endPass(true);
  if (file_.header().gap.load(std::memory_order_acquire) != 0) resync(file_, drain_, heap_, coverage_, true);
  drain_.clock().update();
  sample(drain_.clock().nowNanos());
  if (!file_.path().empty()) unlink(file_.path().c_str());
  file_.releaseData();
  state_ = RunState::Ended;
  endedSignal_.notify_all();
}

void WatchedProcess::letQueriesGo() {
  for (unsigned i = 0; i < 1000 && queries_.load(std::memory_order_relaxed) > 0; ++i) sched_yield();
}

// Exit is seen through the pidfd. exec leaves the pid: then the image's own word and its mappings decide.
bool WatchedProcess::hasLeft() const {
  if (superseded_ || pidFd_ < 0 || exited(pidFd_)) return true;
  const std::uint32_t finished = file_.header().finished.load(std::memory_order_acquire);
  if (finished == 2) return true;  // detached
  if (finished != 1 || finishedSince_ == 0 || monotonicNanos() < finishedSince_ + kExecCheckNanos) return false;
  try {
    for (const node::Region& region : procfs_.maps(identity().pid)) {
      if (region.name == file_.path()) return false;
    }
  } catch (const node::NodeError&) {
    return false;  // the pidfd will say so at the next pass
  }
  return true;
}

void WatchedProcess::sample(std::uint64_t nanos) {
  if (pidFd_ >= 0) {
    const std::uint64_t rss = procfs_.rssBytes(identity().pid);
    if (rss != 0) rssBytes_ = rss;  // a process on its way out has none; its last figure says more
  }
  const HeapTotals& totals = heap_.totals();
  series_.add({nanos, static_cast<std::uint64_t>(std::max<std::int64_t>(totals.liveBytes, 0)),
               static_cast<std::uint64_t>(std::llround(std::max(totals.liveCount, 0.0))), totals.allocations,
               totals.releases, rssBytes_});
}

bool WatchedProcess::refresh() {
  if (ended()) return false;
  const std::uint32_t finished = file_.header().finished.load(std::memory_order_acquire);
  if (finished == 0) finishedSince_ = 0;
  if (finished != 0 && finishedSince_ == 0) finishedSince_ = monotonicNanos();
  if (pidFd_ < 0) return false;
  node::ProcessFacts facts;
  try {
    facts = procfs_.process(identity().pid);
  } catch (const node::NodeError&) {
    return false;  // it is ending; drain() will see that
  }
  const std::uint32_t modules = file_.moduleCount();
  std::vector<std::string> notices;
  const bool noticesStale = modules != modulesAtNotices_ || facts.executable != facts_.executable;
  if (noticesStale) notices = noticesFor(facts, file_);
  const std::lock_guard<std::mutex> lock(mutex_);
  const RunState state = facts.state == node::RunState::Stopped ? RunState::Stopped : RunState::Running;
  bool changed = state != state_ || facts.executable != facts_.executable || facts.arguments != facts_.arguments;
  if (noticesStale) {
    changed = changed || notices != notices_;
    notices_ = std::move(notices);
    modulesAtNotices_ = modules;
  }
  facts_ = std::move(facts);
  state_ = state;
  return changed;
}

bool WatchedProcess::waitEnded(std::uint64_t nanos) {
  std::unique_lock<std::mutex> lock(mutex_);
  return endedSignal_.wait_for(lock, std::chrono::nanoseconds(nanos), [this] { return ended(); });
}

void WatchedProcess::requestMode(ring::Mode mode, std::uint64_t sampleMean) {
  if (sampleMean != 0) file_.header().sampleMean.store(sampleMean, std::memory_order_relaxed);
  file_.header().wantedMode.store(static_cast<std::uint32_t>(mode), std::memory_order_release);
}

std::uint64_t WatchedProcess::lostUnderLock() const {
  return coverage_.gapEvents + coverage_.overrun + heap_.totals().refused +
         file_.header().lostEvents.load(std::memory_order_relaxed) +
         file_.header().skippedEvents.load(std::memory_order_relaxed);
}

bool WatchedProcess::exactUnderLock() const {
  const bool full = drain_.mode() == ring::Mode::Full || drain_.mode() == ring::Mode::FullNoStacks;
  return full && !restarted_ && coverage_.mapSince == 0 && coverage_.overrun == 0 && coverage_.overwritten == 0 &&
         coverage_.overflowed == 0 && heap_.totals().refused == 0 && !file_.broken() &&
         file_.header().attachedLate.load(std::memory_order_relaxed) == 0 &&
         file_.header().lostEvents.load(std::memory_order_relaxed) == 0 &&
         file_.header().gap.load(std::memory_order_relaxed) == 0;
}

WatchedProcess::View::View(WatchedProcess& process) : process_(process) {
  process.queries_.fetch_add(1);
  lock_ = std::unique_lock<std::mutex>(process.mutex_);
  process.queries_.fetch_sub(1);
}

std::uint64_t WatchedProcess::View::lost() const { return process_.lostUnderLock(); }
bool WatchedProcess::View::exact() const { return process_.exactUnderLock(); }

}  // namespace heapatlas::collector
