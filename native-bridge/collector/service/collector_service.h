// The gRPC service of collector.proto. One function a call; by theme in calls_process.cc, calls_heap.cc and
// calls_control.cc.
// Entry: CollectorService, registered by Server. Must hold: no call holds a process's mutex while it symbolises,
// reads /proc or writes to a client.
// Threads: gRPC's pool.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "collector.grpc.pb.h"
#include "node/proc.h"
#include "process/drain_loop.h"
#include "process/registry.h"
#include "service/stack_names.h"

namespace heapatlas::collector {

namespace v1 = heapatlas::v1;

struct NodeFacts {
  std::string version;
  std::string host;
  std::string runtimeLibrary;
  std::string folder;
};

class CollectorService final : public heapatlas::v1::Collector::Service {
 public:
  CollectorService(Registry& registry, DrainLoop& drain, NodeFacts facts);

  // Ends the calls that would wait for ever.
  void shutdown() { stopping_ = true; }
  // Since when no call is under way, monotonic nanoseconds; 0 while one is.
  std::uint64_t idleSince() const { return calls_.load() > 0 ? 0 : lastCall_.load(); }

  using Context = grpc::ServerContext;
  using Status = grpc::Status;
  Status Hello(Context*, const v1::HelloRequest*, v1::HelloReply*) override;
  Status WatchProcesses(Context*, const v1::WatchProcessesRequest*, grpc::ServerWriter<v1::ProcessInfo>*) override;
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
  Status SetMode(Context*, const v1::SetModeRequest*, v1::Empty*) override;
  Status Signal(Context*, const v1::SignalRequest*, v1::Empty*) override;
  Status ThreadStack(Context*, const v1::ThreadStackRequest*, v1::Stack*) override;
  Status Attach(Context*, const v1::AttachRequest*, v1::ProcessInfo*) override;
  Status Detach(Context*, const v1::ProcessRequest*, v1::Empty*) override;
  Status Doctor(Context*, const v1::Empty*, v1::DoctorReply*) override;

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

  static Status noSuchProcess(std::uint64_t process);
  static Status ended(const WatchedProcess& process, const char* what);
  std::vector<node::Region> regionsOf(WatchedProcess& process) const;
  Registry::Process watched(std::uint32_t pid) const;

  Registry& registry_;
  DrainLoop& drain_;
  NodeFacts facts_;
  StackNames names_;
  node::ProcFs procfs_;
  std::mutex attaching_;  // one at a time: each borrows a thread of its process
  std::atomic<bool> stopping_{false};
  std::atomic<int> calls_{0};
  std::atomic<std::uint64_t> lastCall_;
};

// Runs a call's body; an error of the node room becomes the status that collector.proto gives for it.
grpc::Status guarded(const std::function<grpc::Status()>& body);

}  // namespace heapatlas::collector
