// See drain_loop.h.
#include "process/drain_loop.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "input/clock.h"

namespace heapatlas::collector {
namespace {

constexpr std::uint64_t kScanNanos = 200'000'000;
constexpr std::uint64_t kRefreshNanos = 250'000'000;
constexpr std::uint64_t kShortestWait = 50'000;
constexpr std::uint64_t kLongestWait = 2'000'000;
constexpr std::uint64_t kIdleWait = 1'000'000'000;
constexpr std::uint64_t kBusyRecords = 2'000;

// Half of the machine's memory: a program that scatters addresses harms its own figures only.
ProcessLimits defaultLimits() {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  return {pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 2};
}

// A ring's name begins with its maker's pid; 0: it does not.
int makerOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  int pid = 0;
  std::from_chars(name.data(), name.data() + name.size(), pid);
  return std::max(pid, 0);
}

bool isGone(int pid) { return kill(pid, 0) != 0 && errno == ESRCH; }

// Whether the process that began to make a ring is gone.
bool abandoned(const std::string& path) {
  const int pid = makerOf(path);
  return pid == 0 || isGone(pid);
}

}  // namespace

DrainLoop::DrainLoop(NodeFolder& folder, Registry& registry, Recordings& recordings,
                     std::function<void(const std::string&)> log)
    : folder_(folder), registry_(registry), recordings_(recordings), log_(std::move(log)) {
  idleSince_ = monotonicNanos();
  wakeFd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::thread([this] { loop(); });
}

DrainLoop::~DrainLoop() {
  stop();
  if (wakeFd_ >= 0) close(wakeFd_);
}

void DrainLoop::stop() {
  stopping_ = true;
  eventfd_write(wakeFd_, 1);
  if (thread_.joinable()) thread_.join();
}

void DrainLoop::passNow() {
  const std::uint64_t from = passes_.load();
  // The pass under way may have begun before the call: two must end, and a loop that rests is woken for each.
  for (std::uint64_t seen = from; seen < from + 2 && !stopping_; seen = passes_.load()) {
    eventfd_write(wakeFd_, 1);
    passes_.wait(seen);
  }
}

void DrainLoop::loop() {
  std::uint64_t wait = kShortestWait;
  std::uint64_t lastScan = 0;
  std::uint64_t lastRefresh = 0;
  while (!stopping_) {
    const std::uint64_t now = monotonicNanos();
    pollfd notify{folder_.notifyFd(), POLLIN, 0};
    const bool notified = ::poll(&notify, 1, 0) > 0;
    if (notified || pending_ || now > lastScan + kScanNanos) {
      folder_.drainNotifications();
      discover();
      lastScan = now;
    }
    const std::uint64_t records = drainAll();
    if (now > lastRefresh + kRefreshNanos) {
      refreshAll();
      lastRefresh = now;
    }
    ++passes_;
    passes_.notify_all();
    const bool anyRunning = !live_.empty();
    if (anyRunning || pending_) {
      idleSince_ = 0;
    } else if (idleSince_ == 0) {
      idleSince_ = monotonicNanos();
    }
    if (records > kBusyRecords) {
      wait = kShortestWait;
      continue;
    }
    wait = records > 0 ? kShortestWait * 2 : std::min(wait * 2, kLongestWait);
    this->wait(wait, anyRunning || pending_);
  }
  ++passes_;
  passes_.notify_all();
}

void DrainLoop::wait(std::uint64_t nanos, bool anyRunning) {
  pollfd fds[2] = {{folder_.notifyFd(), POLLIN, 0}, {wakeFd_, POLLIN, 0}};
  const std::uint64_t chosen = anyRunning ? nanos : kIdleWait;
  const timespec time{static_cast<time_t>(chosen / 1'000'000'000), static_cast<long>(chosen % 1'000'000'000)};
  ppoll(fds, 2, &time, nullptr);
  eventfd_t count = 0;
  eventfd_read(wakeFd_, &count);
}

void DrainLoop::discover() {
  pending_ = false;
  const std::vector<std::string> paths = folder_.rings();
  // By age: a folder has no order, and a parent is numbered before its child.
  std::multimap<std::uint64_t, RingFile> found;
  for (const std::string& path : paths) {
    if (known_.contains(path)) continue;
    if (std::optional<RingFile> file = open(path)) {
      const std::uint64_t started = file->identity().startNanos;
      found.emplace(started, std::move(*file));
    }
  }
  for (auto& [started, file] : found) add(std::move(file));
  const auto isThere = [&](const std::string& path) {
    return std::find(paths.begin(), paths.end(), path) != paths.end();
  };
  std::erase_if(known_, [&](const std::string& path) { return !isThere(path); });
  std::erase_if(refused_, [&](const std::string& path) { return !isThere(path); });
  reapRefused();
}

void DrainLoop::refuse(const std::string& path, const std::string& why) {
  log_(why);
  refused_.insert(path);
  const std::lock_guard<std::mutex> lock(refusalsMutex_);
  if (refusals_.size() == kMaxRefusals) refusals_.pop_front();
  refusals_.push_back({static_cast<std::uint32_t>(makerOf(path)), why});
}

// What nobody can read is of no use once its process is gone. A file that no process made is somebody else's.
void DrainLoop::reapRefused() {
  for (const std::string& path : refused_) {
    if (makerOf(path) != 0 && isGone(makerOf(path))) unlink(path.c_str());
  }
}

std::vector<DrainLoop::Refusal> DrainLoop::refusals() const {
  const std::lock_guard<std::mutex> lock(refusalsMutex_);
  return {refusals_.begin(), refusals_.end()};
}

// The ring, once; empty when it cannot be read, or not yet.
std::optional<RingFile> DrainLoop::open(const std::string& path) {
  try {
    // Asked first: a short program may finish its ring, and end, while the file is looked at.
    const bool gone = abandoned(path);
    std::optional<RingFile> file = RingFile::open(path);
    if (!file && !gone) {
      pending_ = true;
      return {};
    }
    if (!file) unlink(path.c_str());
    known_.insert(path);
    return file;
  } catch (const std::exception& error) {
    known_.insert(path);
    refuse(path, error.what());
    return {};
  }
}

void DrainLoop::add(RingFile file) {
  try {
    for (const auto& other : live_) {
      const ProcessIdentity& theirs = other->identity();
      if (theirs.pid == file.identity().pid && theirs.processStart == file.identity().processStart &&
          theirs.startNanos <= file.identity().startNanos) {
        other->superseded();
      }
    }
    live_.push_back(std::make_shared<WatchedProcess>(registry_.nextId(), std::move(file), defaultLimits()));
    recordings_.adopt(live_.back());
    registry_.add(live_.back());
  } catch (const std::exception& error) {
    log_(error.what());
  }
}

std::uint64_t DrainLoop::drainAll() {
  std::uint64_t records = 0;
  for (const auto& process : live_) {
    records += process->drain();
    if (process->takeNews() || process->ended()) registry_.changed(process);
  }
  std::erase_if(live_, [](const auto& process) { return process->ended(); });
  return records;
}

void DrainLoop::refreshAll() {
  for (const auto& process : live_) {
    if (process->refresh()) registry_.changed(process);
  }
}

}  // namespace heapatlas::collector
