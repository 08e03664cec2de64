// The gRPC service of collector.proto. One function a call; by theme in calls_process.cc, calls_heap.cc, calls_past.cc,
// calls_recording.cc and calls_control.cc.
// Entry: CollectorService, registered by Server. Must hold: no call holds a process's mutex while it symbolises,
// reads /proc or writes to a client.
// Threads: gRPC's pool.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "collector.grpc.pb.h"
#include "node/doctor.h"
#include "node/proc.h"
#include "process/drain_loop.h"
#include "process/registry.h"
#include "recording/reader.h"
#include "service/stack_names.h"

namespace heapatlas::collector {

namespace v1 = heapatlas::v1;

struct NodeFacts {
  std::string version;
  std::string host;
  std::string runtimeLibrary;
  std::string folder;
  std::size_t numaNodes = 0;
  bool replays = false;                         // a recording; it watches nothing
  std::vector<node::Capability> recorded = {};  // of the machine on which that was made
  std::string recordings = {};                  // the folder of those that are asked for over the network
};

class CollectorService final : public heapatlas::v1::Collector::Service {
 public:
  CollectorService(Registry& registry, DrainLoop& drain, Recordings& recordings, NodeFacts facts);

  // Ends the calls that would wait for ever.
  void shutdown() { stopping_ = true; }
  // Since when no call is under way, monotonic nanoseconds; 0 while one is.
  std::uint64_t idleSince() const { return calls_.load() > 0 ? 0 : lastCall_.load(); }

  using Context = grpc::ServerContext;
  using Status = grpc::Status;
  Status Hello(Context*, const v1::HelloRequest*, v1::HelloReply*) override;
  Status WatchProcesses(Context*, const v1::WatchProcessesRequest*, grpc::ServerWriter<v1::ProcessInfo>*) override;
  Status WatchFindings(Context*, const v1::FindingsRequest*, grpc::ServerWriter<v1::Finding>*) override;
  Status Summarize(Context*, const v1::SummaryRequest*, v1::Summary*) override;
  Status Threads(Context*, const v1::ProcessRequest*, v1::ThreadsReply*) override;
  Status Modules(Context*, const v1::ProcessRequest*, v1::ModulesReply*) override;
  Status Sites(Context*, const v1::SitesRequest*, v1::SitesReply*) override;
  Status Labels(Context*, const v1::ProcessRequest*, v1::LabelsReply*) override;
  Status Regions(Context*, const v1::RegionsRequest*, v1::RegionsReply*) override;
  Status Tiles(Context*, const v1::TilesRequest*, v1::TilesReply*) override;
  Status Series(Context*, const v1::SeriesRequest*, v1::SeriesReply*) override;
  Status FindAllocation(Context*, const v1::FindRequest*, v1::FindReply*) override;
  Status Allocations(Context*, const v1::AllocationsRequest*, grpc::ServerWriter<v1::AllocationsReply>*) override;
  Status Resolve(Context*, const v1::ResolveRequest*, v1::ResolveReply*) override;
  Status ReadMemory(Context*, const v1::ReadMemoryRequest*, v1::ReadMemoryReply*) override;
  Status WriteMemory(Context*, const v1::WriteMemoryRequest*, v1::Empty*) override;
  Status SetMode(Context*, const v1::SetModeRequest*, v1::Empty*) override;
  Status Signal(Context*, const v1::SignalRequest*, v1::Empty*) override;
  Status ThreadStack(Context*, const v1::ThreadStackRequest*, v1::Stack*) override;
  Status Attach(Context*, const v1::AttachRequest*, v1::ProcessInfo*) override;
  Status Detach(Context*, const v1::ProcessRequest*, v1::Empty*) override;
  Status Doctor(Context*, const v1::Empty*, v1::DoctorReply*) override;
  Status Clock(Context*, const v1::Empty*, v1::ClockReply*) override;
  Status Record(Context*, const v1::RecordRequest*, v1::RecordingStatus*) override;
  Status StopRecording(Context*, const v1::SessionRequest*, v1::RecordingStatus*) override;
  Status RecordingOf(Context*, const v1::SessionRequest*, v1::RecordingStatus*) override;
  Status FetchRecording(Context*, const v1::FetchRequest*, grpc::ServerWriter<v1::FetchReply>*) override;
  Status RemoveRecording(Context*, const v1::SessionRequest*, v1::Empty*) override;
  Status Timeline(Context*, const v1::ProcessRequest*, v1::TimelineReply*) override;
  Status Seek(Context*, const v1::SeekRequest*, v1::TimelineReply*) override;
  Status SearchEvents(Context*, const v1::SearchRequest*, v1::SearchReply*) override;
  Status Events(Context*, const v1::EventsRequest*, grpc::ServerWriter<v1::EventColumns>*) override;
  Status Lifetimes(Context*, const v1::LifetimesRequest*, grpc::ServerWriter<v1::LifetimeColumns>*) override;

 private:
  // Counts a call for as long as it lasts.
  class Call {
   public:
    explicit Call(CollectorService& service);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    CollectorService& service_;
  };

  bool sendFindings(Process& process, std::size_t& from, grpc::ServerWriter<v1::Finding>& writer);
  Status withPast(std::uint64_t process, const std::function<Status(Process&, recording::Reader&)>& body);
  static Status noSuchProcess(std::uint64_t process);
  static Status notLive(const Process& process, const char* ended, const char* replayed);
  static std::vector<node::Region> regionsOf(Process& process);
  Registry::Process watched(std::uint32_t pid) const;

  Registry& registry_;
  DrainLoop& drain_;
  Recordings& recordings_;
  NodeFacts facts_;
  StackNames names_;
  node::ProcFs procfs_;
  std::mutex seeking_;    // one at a time: each moves all replayed processes
  std::mutex attaching_;  // one at a time: each borrows a thread of its process
  std::atomic<bool> stopping_{false};
  std::atomic<int> calls_{0};
  std::atomic<std::uint64_t> lastCall_;
};

// Runs a call's body; an error of the node room becomes the status that collector.proto gives for it.
grpc::Status guarded(const std::function<grpc::Status()>& body);

}  // namespace heapatlas::collector
