// See watched_process.h.
#include "process/watched_process.h"

#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "input/clock.h"
#include "node/error.h"
#include "order/gap.h"
#include "process/notices.h"
#include "process/past.h"

namespace heapatlas::collector {
namespace {

constexpr std::size_t kBatchRecords = 32'768;
constexpr std::uint64_t kExecCheckNanos = 50'000'000;
constexpr std::uint64_t kFoundBlockBytes = 4096;  // kept of the block that a finding is about …
constexpr std::uint64_t kAroundBytes = 64;        // … and before and behind that: allocators keep their notes there

int openPidFd(std::uint32_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0)); }

bool exited(int pidFd) {
  pollfd poll{pidFd, POLLIN, 0};
  return ::poll(&poll, 1, 0) > 0;
}

}  // namespace

WatchedProcess::WatchedProcess(std::uint64_t id, RingFile file, ProcessLimits limits)
    : Process(id, std::move(file), limits),
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
  // Of one that is gone already no more will be known.
  facts_.executable = identity.executable;
  facts_.arguments = identity.arguments;
  refresh();
}

WatchedProcess::~WatchedProcess() {
  if (pidFd_ >= 0) close(pidFd_);
}

std::uint64_t WatchedProcess::drain() {
  if (ended()) return 0;
  file_.header().collectorNanos.store(monotonicNanos(), std::memory_order_release);
  const bool left = hasLeft();
  // The rings hold what comes meanwhile, and make the program wait a little when they are full.
  if (!left && recording_ != nullptr && recording_->full()) return 0;
  for (bool done = beginPassUnderLock(); !done; done = passUnderLock()) letQueriesGo();
  const std::uint64_t records = drain_.passRecords();
  if (left) {
    finish();
  } else if (file_.header().gap.load(std::memory_order_acquire) != 0) {
    const std::lock_guard<std::mutex> lock(mutex_);
    resync(file_, drain_, coverage_, false);
    takeFindings();
    if (recording_ != nullptr) recording_->afterBatch(recordedState());
  }
  return records;
}

// With its first batch, so that nobody sees the pass's time without what came until then.
bool WatchedProcess::beginPassUnderLock() {
  const std::lock_guard<std::mutex> lock(mutex_);
  drain_.clock().update();
  drain_.beginPass();
  return batch();
}

// One batch; true at the end of the pass.
bool WatchedProcess::passUnderLock() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return batch();
}

bool WatchedProcess::batch() {
  const bool done = drain_.work(kBatchRecords);
  if (series_.due(drain_.latestNanos())) sample(drain_.latestNanos());
  if (done) {
    drain_.endPass(false);
    if (series_.due(drain_.clock().nowNanos())) sample(drain_.clock().nowNanos());
  } else {
    file_.header().collectorNanos.store(monotonicNanos(), std::memory_order_release);
  }
  takeFindings();
  if (recording_ != nullptr) recording_->afterBatch(recordedState());
  return done;
}

// Under the mutex, and before the events are taken that the findings' positions count.
void WatchedProcess::takeFindings() {
  if (!drain_.journal().detector().hasFresh()) return;
  for (Finding& finding : drain_.journal().detector().take()) {
    if (recording_ != nullptr && !recording_->ended()) {
      recording_->found(finding);
      keepMemoryAround(finding);
    } else {
      finding.position = recording::kNoPosition;
    }
    findings_.push_back(finding);
  }
  newFindings_ = true;
}

// At once, for the program writes on. Nothing is kept of a program that is gone, or may not be read, and nothing more
// where the recording holds as much as it may: whoever asked for that much was told.
void WatchedProcess::keepMemoryAround(const Finding& finding) try {
  const std::uint64_t block = finding.block ? finding.block->address : finding.address;
  const std::uint64_t from = finding.address - std::min(finding.address - block, kFoundBlockBytes / 2);
  const std::uint64_t size = finding.block ? finding.block->size - std::min(from - block, finding.block->size) : 0;
  // The page before may not be there.
  const std::uint64_t begin = std::max(from - std::min(from, kAroundBytes), from & ~std::uint64_t{4095});
  const std::uint64_t end = from + std::min(size, kFoundBlockBytes) + kAroundBytes;
  const node::MemoryBytes bytes = readMemory(begin, end - begin);
  if (!bytes.data.empty()) recording_->memory(finding.position, drain_.clock().nowNanos(), begin, bytes.data);
} catch (const node::NodeError&) {
} catch (const recording::RecordingError&) {
}

// Nothing more will be written: one more pass sees all there is.
void WatchedProcess::finish() {
  do {
    for (bool done = beginPassUnderLock(); !done; done = passUnderLock()) letQueriesGo();
  } while (drain_.parked());
  const std::lock_guard<std::mutex> lock(mutex_);
  drain_.endPass(true);
  if (file_.header().gap.load(std::memory_order_acquire) != 0) resync(file_, drain_, coverage_, true);
  drain_.clock().update();
  sample(drain_.clock().nowNanos());
  takeFindings();
  drain_.journal().detector().forget();
  if (file_.moduleCount() != modulesAtNotices_) notices_ = noticesFor(facts_, file_);
  if (recording_ != nullptr) recording_->end(recordedState(), "the process ended", true);
  if (!file_.path().empty()) unlink(file_.path().c_str());
  file_.releaseData();
  state_ = RunState::Ended;
  endedSignal_.notify_all();
}

void WatchedProcess::record(std::unique_ptr<ProcessRecording> recording) {
  const std::lock_guard<std::mutex> lock(mutex_);
  recording->begin(recordedState());
  for (const Finding& finding : findings_) recording->foundBefore(finding);
  past_ = std::make_shared<Past>(recording->folder());
  recording_ = std::move(recording);
}

std::shared_ptr<Past> WatchedProcess::past() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return past_;
}

void WatchedProcess::withRecording(const std::function<void(ProcessRecording&, const RecordedState&)>& use) {
  const std::lock_guard<std::mutex> lock(mutex_);
  use(*recording_, recordedState());
}

RecordedState WatchedProcess::recordedState() {
  return {file_, heap_, threads_, coverage_, drain_, series_, facts_, notices_, lastRegions_, state(), restarted_};
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
               totals.releases, rssBytes_, threads_.running()});
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
  // A process on its way out gives its memory back, and with that its executable and arguments, before it is a zombie.
  const bool leaving = facts.executable.empty() && facts.arguments.empty() && toldByKernel_;
  if (facts.state == node::RunState::Ended || leaving) return false;
  toldByKernel_ = toldByKernel_ || !facts.executable.empty();
  // The kernel may keep it from us; the process itself has said it.
  if (facts.executable.empty()) facts.executable = facts_.executable;
  const std::uint32_t modules = file_.moduleCount();
  std::vector<std::string> notices;
  const bool noticesStale = modules != modulesAtNotices_ || facts.executable != facts_.executable;
  if (noticesStale) notices = noticesFor(facts, file_);
  const std::lock_guard<std::mutex> lock(mutex_);
  const RunState state = facts.state == node::RunState::Stopped ? RunState::Stopped : RunState::Running;
  bool changed = state != state_ || facts.executable != facts_.executable || facts.arguments != facts_.arguments;
  const bool memoryShort = file_.header().memoryShort.load(std::memory_order_relaxed) != 0;
  changed = changed || memoryShort != std::exchange(memoryShort_, memoryShort);
  if (noticesStale) {
    changed = changed || notices != notices_;
    notices_ = std::move(notices);
    modulesAtNotices_ = modules;
  }
  facts_ = std::move(facts);
  state_ = state;
  if (recording_ != nullptr) {
    drain_.clock().update();
    recording_->refreshed(recordedState());
  }
  return changed;
}

node::MemoryBytes WatchedProcess::readMemory(std::uint64_t address, std::uint64_t count) {
  return node::readMemory(identity().pid, address, count);
}

node::MemoryBytes WatchedProcess::keepMemory(std::uint64_t address, std::uint64_t count) {
  std::uint64_t position = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (recording_ == nullptr || recording_->ended()) {
      throw recording::RecordingError(
          "process " + std::to_string(id()) +
          " is not being recorded, so nothing of its memory can be kept; start it with record");
    }
    position = recording_->recorder().position();
  }
  node::MemoryBytes bytes = readMemory(address, count);
  const std::lock_guard<std::mutex> lock(mutex_);
  recording_->memory(position, drain_.clock().nowNanos(), address, bytes.data);
  return bytes;
}

std::vector<node::Region> WatchedProcess::regions() {
  if (ended()) return Process::regions();
  try {
    std::vector<node::Region> regions = residency_.regions(procfs_, identity().pid);
    const std::lock_guard<std::mutex> lock(mutex_);
    lastRegions_ = regions;
    // Whoever looks at a program that stands still sees what a replay will show.
    if (recording_ != nullptr && state_ == RunState::Stopped) {
      drain_.clock().update();
      recording_->mappings(regions, drain_.clock().nowNanos());
    }
    return regions;
  } catch (const node::NodeError& error) {
    if (error.kind() != node::ErrorKind::NotFound) throw;
  }
  return Process::regions();
}

}  // namespace heapatlas::collector
