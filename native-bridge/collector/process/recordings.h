// The recordings that this collector makes, a session each: who is recorded, and what no drain thread has time for.
// Entry: start, stop and statusOf, by the service; adopt, by the drain loop for each new process.
// Must hold: a process's recording begins before its first event is folded when its session is recorded already; a
// recording that cannot go on stops by itself, and its session goes on without it; a process is in one recording at a
// time; what nobody fetches is not recorded for ever.
// Threads: any; one thread of its own looks up names and mappings.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "process/registry.h"
#include "process/watched_process.h"
#include "recording/recorder.h"
#include "recording/symbol_log.h"
#include "symbols/symbolizer.h"

namespace heapatlas::collector {

struct RecordingOrder {
  std::string session;
  std::string folder;  // absolute
  recording::Limits limits;
  std::string program;        // the command line, for people
  bool everySession = false;  // all processes that are not in a recording of their own; session is a mere name
  bool fetched = false;       // by a client over the network, which comes for it again and again
};

struct RecordingState {
  std::string folder;
  bool recording = true;
  std::string why;  // it is not
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint32_t processes = 0;
  std::uint32_t elsewhere = 0;  // that are in another recording, and therefore not in this one
};

class Recordings {
 public:
  static constexpr std::size_t kMaxSessions = 64;  // that are recorded at once

  // patience: how long after the last fetch of a recording that is fetched it is given up.
  explicit Recordings(std::string version, std::chrono::nanoseconds patience = std::chrono::minutes(5));
  ~Recordings();
  Recordings(const Recordings&) = delete;
  Recordings& operator=(const Recordings&) = delete;

  // Throws recording::RecordingError: the folder cannot be used, or the session is recorded already.
  void start(const RecordingOrder& order, const std::vector<std::shared_ptr<WatchedProcess>>& running);
  // Of a process that is about to be drained for the first time.
  void adopt(const std::shared_ptr<WatchedProcess>& process);
  // Seals everything, and waits for it; empty when the session was never recorded.
  std::optional<RecordingState> stop(const std::string& name, const std::string& why);
  std::optional<RecordingState> stateOf(const std::string& name) const;
  // The folder of one that is fetched, whose client has come for it now; empty when there is none.
  std::optional<std::string> fetch(const std::string& name);
  // Its client has all of it. Throws recording::RecordingError: it goes on, or cannot be removed.
  void remove(const std::string& name);
  symbols::Symbolizer& symbolizer() { return symbolizer_; }

 private:
  struct Recorded {
    Recorded(std::shared_ptr<WatchedProcess> who, recording::Recorder& writer, const std::string& symbolFile)
        : process(std::move(who)), recorder(writer), symbols(symbolFile) {}
    std::shared_ptr<WatchedProcess> process;
    recording::Recorder& recorder;  // the process's
    recording::SymbolLog symbols;
    bool complete = false;  // nothing more will be written
  };
  struct Session {
    RecordingOrder order;
    bool stopped = false;
    std::string why;
    std::uint64_t fetchedNanos = 0;                    // monotonic; last
    std::vector<std::shared_ptr<Recorded>> processes;  // that are not complete
    RecordingState total;                              // of those that are; processes: of all
  };

  std::shared_ptr<Session> sessionOf(const WatchedProcess& process) const;
  void refuseOthers(const RecordingOrder& order, const std::vector<std::shared_ptr<WatchedProcess>>& included) const;
  void record(Session& session, const std::shared_ptr<WatchedProcess>& process);
  bool isForsaken(const Session& session) const;
  void forgetSessions();
  void giveUpForsaken();
  void writeDescription(const RecordingOrder& order) const;
  void testMachine();
  void loop();
  void attend(Session& session, const std::shared_ptr<Recorded>& recorded);
  void nameAddresses(Recorded& recorded, const std::vector<ProcessRecording::NodeAddress>& addresses);

  const std::string version_;
  const std::uint64_t patienceNanos_;
  std::once_flag tested_;
  std::string capabilities_;  // JSON, by doctor; filled by the first start
  symbols::Symbolizer symbolizer_;
  mutable std::mutex mutex_;
  std::mutex attending_;  // held while names and mappings of a process are looked up
  std::condition_variable signal_;
  bool stopping_ = false;
  std::map<std::string, std::shared_ptr<Session>> sessions_;
  std::set<std::uint64_t> recorded_;  // processes that are in a recording which is not complete
  std::thread thread_;
};

}  // namespace heapatlas::collector
