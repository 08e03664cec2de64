// See recordings.h.
#include "process/recordings.h"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "input/clock.h"
#include "node/doctor.h"
#include "node/error.h"
#include "node/json_text.h"
#include "process/code_names.h"
#include "process/recorded_session.h"

namespace heapatlas::collector {
namespace {

using recording::RecordingError;

constexpr std::chrono::milliseconds kAttendEach{500};

// The folder is made, or is empty; whatever lies in it is somebody else's.
void prepareFolder(const std::string& folder) {
  if (!folder.starts_with("/")) throw RecordingError("the folder of a recording must be absolute, not " + folder);
  if (mkdir(folder.c_str(), 0700) == 0) return;
  if (errno != EEXIST) throw RecordingError("cannot make the folder " + folder + ": " + std::strerror(errno));
  if (rmdir(folder.c_str()) != 0 || mkdir(folder.c_str(), 0700) != 0) {
    throw RecordingError(
        "cannot record into " + folder + ": " +
        (errno == ENOTEMPTY || errno == EEXIST ? "there is something in it; name a new folder" : std::strerror(errno)));
  }
}

void writeFile(const std::string& path, const std::string& text) {
  FILE* file = fopen(path.c_str(), "wxe");
  const bool written = file != nullptr && fwrite(text.data(), 1, text.size(), file) == text.size() &&
                       fflush(file) == 0 && fdatasync(fileno(file)) == 0;
  if ((file != nullptr && fclose(file) != 0) || !written) {
    throw RecordingError("cannot write " + path + ": " + std::strerror(errno));
  }
}

}  // namespace

Recordings::Recordings(std::string version, std::chrono::nanoseconds patience)
    : version_(std::move(version)),
      patienceNanos_(static_cast<std::uint64_t>(patience.count())),
      thread_([this] { loop(); }) {}

Recordings::~Recordings() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  signal_.notify_all();
  thread_.join();
  std::vector<std::string> sessions;
  for (const auto& [name, session] : sessions_) sessions.push_back(name);
  for (const std::string& name : sessions) stop(name, "the collector ended");
}

void Recordings::start(const RecordingOrder& order, const std::vector<std::shared_ptr<WatchedProcess>>& running) {
  testMachine();
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = sessions_.find(order.session);
  if (known != sessions_.end() && !known->second->stopped) {
    throw RecordingError("the session is recorded already, into " + known->second->order.folder);
  }
  forgetSessions();
  if (sessions_.size() == kMaxSessions) {
    throw RecordingError("this collector records " + std::to_string(kMaxSessions) +
                         " sessions already; stop one of them");
  }
  std::vector<std::shared_ptr<WatchedProcess>> included;
  for (const std::shared_ptr<WatchedProcess>& process : running) {
    if (order.everySession ? !process->ended() : process->identity().session == order.session) {
      included.push_back(process);
    }
  }
  refuseOthers(order, included);
  prepareFolder(order.folder);
  writeDescription(order);
  recording::sealName(order.folder + "/recording.json");
  recording::sealName(order.folder);
  auto session = std::make_shared<Session>();
  session->order = order;
  session->fetchedNanos = monotonicNanos();
  session->order.limits.used = std::make_shared<std::atomic<std::uint64_t>>(0);
  sessions_[order.session] = session;
  for (const std::shared_ptr<WatchedProcess>& process : included) record(*session, process);
}

// Whoever records one session wants all of it; whoever records every session takes what is left.
void Recordings::refuseOthers(const RecordingOrder& order,
                              const std::vector<std::shared_ptr<WatchedProcess>>& included) const {
  if (order.everySession) return;
  for (const std::shared_ptr<WatchedProcess>& process : included) {
    if (!recorded_.contains(process->id())) continue;
    throw RecordingError("process " + std::to_string(process->identity().pid) +
                         " is recorded already by somebody who watches all of this node, and is in one recording at a "
                         "time; wait until that ends");
  }
}

// Those that are complete, and that nobody will come for any more.
void Recordings::forgetSessions() {
  std::erase_if(sessions_, [this](const auto& entry) {
    return entry.second->stopped && (!entry.second->order.fetched || isForsaken(*entry.second));
  });
}

bool Recordings::isForsaken(const Session& session) const {
  return session.order.fetched && monotonicNanos() - session.fetchedNanos > patienceNanos_;
}

// Its own, or else one of all.
std::shared_ptr<Recordings::Session> Recordings::sessionOf(const WatchedProcess& process) const {
  const auto own = sessions_.find(process.identity().session);
  if (own != sessions_.end() && !own->second->stopped && !own->second->order.everySession) return own->second;
  for (const auto& [name, session] : sessions_) {
    if (session->order.everySession && !session->stopped) return session;
  }
  return nullptr;
}

void Recordings::adopt(const std::shared_ptr<WatchedProcess>& process) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::shared_ptr<Session> session = sessionOf(*process);
  if (session == nullptr) return;
  try {
    record(*session, process);
  } catch (const RecordingError& error) {
    session->why = error.what();
  }
}

void Recordings::record(Session& session, const std::shared_ptr<WatchedProcess>& process) {
  if (recorded_.contains(process->id())) {
    const auto isIt = [&](const std::shared_ptr<Recorded>& each) { return each->process == process; };
    if (std::none_of(session.processes.begin(), session.processes.end(), isIt)) ++session.total.elsewhere;
    return;
  }
  const std::string folder = session.order.folder + "/" + std::to_string(process->id());
  auto recording = std::make_unique<ProcessRecording>(folder, session.order.limits);
  session.processes.push_back(std::make_shared<Recorded>(process, recording->recorder(), folder + "/symbols.frames"));
  ++session.total.processes;
  recorded_.insert(process->id());
  process->record(std::move(recording));
}

// Once, for it takes tenths of a second; and outside of the lock, for which the drain loop waits.
void Recordings::testMachine() {
  std::call_once(tested_, [this] { capabilities_ = node::toJson(node::doctor()); });
}

void Recordings::writeDescription(const RecordingOrder& order) const {
  utsname system{};
  uname(&system);
  const auto number = [](auto value) { return std::to_string(value); };
  const auto memory =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  writeFile(order.folder + "/recording.json",
            "{\"format\": " + number(kRecordingFormat) +
                ", \"product\": \"HeapAtlas\", \"version\": " + node::quoted(version_) +
                ",\n \"program\": " + node::quoted(order.program) + ", \"session\": " + node::quoted(order.session) +
                ", \"started\": " + number(std::time(nullptr)) + ",\n \"node\": " + node::quoted(system.nodename) +
                ", \"system\": " + node::quoted(std::string(system.sysname) + " " + system.release) +
                ", \"machine\": " + node::quoted(system.machine) +
                ", \"processors\": " + number(sysconf(_SC_NPROCESSORS_ONLN)) + ", \"memoryBytes\": " + number(memory) +
                ",\n \"capabilities\": " + capabilities_ + "}\n");
}

std::optional<RecordingState> Recordings::stop(const std::string& name, const std::string& why) {
  std::shared_ptr<Session> session;
  std::vector<std::shared_ptr<Recorded>> processes;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = sessions_.find(name);
    if (found == sessions_.end()) return std::nullopt;
    session = found->second;
    if (!session->stopped && session->why.empty()) session->why = why;
    session->stopped = true;
    processes = session->processes;
  }
  for (const std::shared_ptr<Recorded>& recorded : processes) {
    recorded->process->withRecording(
        [&](ProcessRecording& recording, const RecordedState& state) { recording.end(state, why, false); });
    attend(*session, recorded);
  }
  return stateOf(name);
}

std::optional<RecordingState> Recordings::stateOf(const std::string& name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(name);
  if (found == sessions_.end()) return std::nullopt;
  const Session& session = *found->second;
  RecordingState state = session.total;
  state.folder = session.order.folder;
  state.recording = !session.stopped && session.why.empty();  // a process may have failed, and be let go already
  state.why = session.why;
  for (const std::shared_ptr<Recorded>& recorded : session.processes) {
    const recording::Status status = recorded->recorder.status();
    state.events += status.events;
    state.bytes += status.bytes;
    if (!status.recording && !status.ended) {
      state.recording = false;
      state.why = status.why;
    }
  }
  return state;
}

void Recordings::loop() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    signal_.wait_for(lock, kAttendEach, [this] { return stopping_; });
    const auto sessions = sessions_;
    lock.unlock();
    for (const auto& [name, session] : sessions) {
      std::vector<std::shared_ptr<Recorded>> processes;
      {
        const std::lock_guard<std::mutex> again(mutex_);
        processes = session->processes;
      }
      for (const std::shared_ptr<Recorded>& recorded : processes) attend(*session, recorded);
    }
    giveUpForsaken();
    lock.lock();
  }
}

// Their clients are gone, and the disk is not theirs to fill.
void Recordings::giveUpForsaken() {
  std::vector<std::string> forsaken;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [name, session] : sessions_) {
      if (!session->stopped && isForsaken(*session)) forsaken.push_back(name);
    }
  }
  for (const std::string& name : forsaken) stop(name, "nobody fetches it any more");
}

std::optional<std::string> Recordings::fetch(const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = sessions_.find(name);
  if (found == sessions_.end() || !found->second->order.fetched) return std::nullopt;
  found->second->fetchedNanos = monotonicNanos();
  return found->second->order.folder;
}

void Recordings::remove(const std::string& name) {
  std::string folder;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = sessions_.find(name);
    if (found == sessions_.end() || !found->second->order.fetched) return;
    if (!found->second->stopped || !found->second->processes.empty()) {
      throw RecordingError("the session " + name + " is recorded still; stop that first");
    }
    folder = found->second->order.folder;
    sessions_.erase(found);
  }
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) throw RecordingError("cannot remove " + folder + ": " + error.message());
}

// Names and mappings of one process; it is let go once it has ended and all of it is written.
void Recordings::attend(Session& session, const std::shared_ptr<Recorded>& recorded) {
  const std::lock_guard<std::mutex> attending(attending_);
  if (recorded->complete) return;
  std::vector<node::Region> regions;
  try {
    regions = recorded->process->regions();
  } catch (const node::NodeError&) {
    // It is ending: its last mappings are recorded with its end.
  }
  std::vector<ProcessRecording::NodeAddress> addresses;
  bool last = false;
  recorded->process->withRecording([&](ProcessRecording& recording, const RecordedState& state) {
    last = recording.ended();
    if (!last) recording.mappings(regions, state.drain.clock().nowNanos());
    addresses = recording.takeNewAddresses();
  });
  nameAddresses(*recorded, addresses);
  if (!last) return;
  recorded->recorder.wait();
  const recording::Status status = recorded->recorder.status();
  const std::lock_guard<std::mutex> lock(mutex_);
  recorded->complete = true;
  session.total.events += status.events;
  session.total.bytes += status.bytes;
  if (!status.ended) session.why = status.why;
  recorded_.erase(recorded->process->id());
  std::erase(session.processes, recorded);
}

void Recordings::nameAddresses(Recorded& recorded, const std::vector<ProcessRecording::NodeAddress>& addresses) {
  const RingFile& file = recorded.process->file();
  for (const ProcessRecording::NodeAddress& address : addresses) {
    if (recorded.symbols.knows(address.pc, address.exact)) continue;
    recorded.symbols.add(address.pc, address.exact, framesOf(symbolizer_, file, address.pc, address.exact));
  }
  try {
    recorded.symbols.seal();
  } catch (const RecordingError& error) {
    recorded.recorder.fail(error.what());
  }
}

}  // namespace heapatlas::collector
