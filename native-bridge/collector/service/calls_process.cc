// Calls about processes: Hello, WatchProcesses, Summarize, Threads, Modules. See collector_service.h.
#include <algorithm>
#include <map>

#include "input/clock.h"
#include "input/utf8.h"
#include "node/error.h"
#include "service/collector_service.h"
#include "service/finding_replies.h"
#include "service/replies.h"

namespace heapatlas::collector {
namespace {

constexpr std::uint32_t kProtocol = 1;
constexpr std::uint64_t kWakeNanos = 100'000'000;
constexpr std::uint32_t kMaxSites = 10'000;

std::string hex(const std::vector<std::uint8_t>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

CollectorService::CollectorService(Registry& registry, DrainLoop& drain, Recordings& recordings, NodeFacts facts)
    : registry_(registry),
      drain_(drain),
      recordings_(recordings),
      facts_(std::move(facts)),
      names_(recordings.symbolizer()),
      lastCall_(monotonicNanos()) {}

CollectorService::Call::Call(CollectorService& service) : service_(service) { ++service_.calls_; }
CollectorService::Call::~Call() {
  service_.lastCall_ = monotonicNanos();
  --service_.calls_;
}

grpc::Status CollectorService::noSuchProcess(std::uint64_t process) {
  return {grpc::StatusCode::NOT_FOUND, "this collector knows no process " + std::to_string(process)};
}

grpc::Status CollectorService::notLive(const Process& process, const char* ended, const char* replayed) {
  const std::string what =
      process.ended() ? std::string(" has ended; ") + ended : std::string(" is replayed from a recording; ") + replayed;
  return {grpc::StatusCode::FAILED_PRECONDITION, "process " + std::to_string(process.identity().pid) + what};
}

grpc::Status guarded(const std::function<grpc::Status()>& body) {
  try {
    return body();
  } catch (const node::NodeError& error) {
    switch (error.kind()) {
      case node::ErrorKind::NotFound:
        return {grpc::StatusCode::NOT_FOUND, error.what()};
      case node::ErrorKind::Denied:
        return {grpc::StatusCode::PERMISSION_DENIED, error.what()};
      case node::ErrorKind::Unsupported:
        return {grpc::StatusCode::FAILED_PRECONDITION, error.what()};
      case node::ErrorKind::Failed:
        return {grpc::StatusCode::INTERNAL, error.what()};
    }
    return {grpc::StatusCode::INTERNAL, error.what()};
  } catch (const recording::RecordingError& error) {
    return {grpc::StatusCode::FAILED_PRECONDITION, error.what()};
  } catch (const std::exception& error) {
    return {grpc::StatusCode::INTERNAL, error.what()};
  }
}

grpc::Status CollectorService::Hello(Context*, const v1::HelloRequest* request, v1::HelloReply* reply) {
  const Call call(*this);
  if (request->protocol() != kProtocol) {
    return {grpc::StatusCode::FAILED_PRECONDITION,
            "the client speaks collector protocol " + std::to_string(request->protocol()) + ", this collector speaks " +
                std::to_string(kProtocol) + "; use the server and the collector of one release"};
  }
  reply->set_protocol(kProtocol);
  reply->set_version(facts_.version);
  reply->set_pid(static_cast<std::uint32_t>(getpid()));
  reply->set_node(facts_.host);
  reply->set_runtime_library(facts_.runtimeLibrary);
  reply->set_node_folder(facts_.folder);
  if (request->refusals()) {
    drain_.passNow();
    for (DrainLoop::Refusal& refusal : drain_.refusals()) {
      v1::Refusal& shown = *reply->add_refusals();
      shown.set_pid(refusal.pid);
      shown.set_why(std::move(refusal.why));
    }
  }
  return Status::OK;
}

grpc::Status CollectorService::WatchProcesses(Context* context, const v1::WatchProcessesRequest* request,
                                              grpc::ServerWriter<v1::ProcessInfo>* writer) {
  const Call call(*this);
  if (request->known_only()) drain_.passNow();
  const std::uint64_t wait = request->known_only() ? 0 : kWakeNanos;
  std::uint64_t sequence = 0;
  while (!context->IsCancelled() && !stopping_) {
    for (const Registry::Change& change : registry_.changesAfter(sequence, wait)) {
      sequence = std::max(sequence, change.sequence);
      if (!request->session().empty() && change.process->identity().session != request->session()) continue;
      if (!writer->Write(processInfo(*change.process))) return Status::OK;
    }
    if (request->known_only()) break;
  }
  return Status::OK;
}

// From a number on, which counts up. False: nobody listens any more.
bool CollectorService::sendFindings(Process& process, std::size_t& from, grpc::ServerWriter<v1::Finding>& writer) {
  const std::vector<Finding> findings = Process::View(process).findings();
  while (from < findings.size()) {
    const Finding& finding = findings[from++];
    if (!writer.Write(findingOf(process, finding, from, names_))) return false;
  }
  return true;
}

grpc::Status CollectorService::WatchFindings(Context* context, const v1::FindingsRequest* request,
                                             grpc::ServerWriter<v1::Finding>* writer) {
  const Call call(*this);
  if (request->known_only()) drain_.passNow();
  const std::uint64_t wait = request->known_only() ? 0 : kWakeNanos;
  std::uint64_t sequence = 0;
  std::map<std::uint64_t, std::size_t> sent;  // by process
  while (!context->IsCancelled() && !stopping_) {
    for (const Registry::Change& change : registry_.changesAfter(sequence, wait)) {
      sequence = std::max(sequence, change.sequence);
      if (!request->session().empty() && change.process->identity().session != request->session()) continue;
      if (!sendFindings(*change.process, sent[change.process->id()], *writer)) return Status::OK;
    }
    if (request->known_only()) break;
  }
  return Status::OK;
}

grpc::Status CollectorService::Summarize(Context* context, const v1::SummaryRequest* request, v1::Summary* summary) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (request->wait_for_end()) {
    while (!process->waitEnded(kWakeNanos)) {
      if (context->IsCancelled()) return {grpc::StatusCode::CANCELLED, "the client no longer waits"};
      if (stopping_) return {grpc::StatusCode::UNAVAILABLE, "the collector is stopping"};
    }
  }
  // Of one that has just ended too: what it started last may not have been met yet.
  if (request->wait_for_end() || process->live()) drain_.passNow();
  if (!process->ended()) {
    std::uint64_t mapped = 0;
    std::uint64_t rss = 0;
    std::uint64_t pss = 0;
    for (const node::Region& region : process->regions()) {
      mapped += region.to - region.from;
      rss += region.rssBytes;
      pss += region.pssBytes;
    }
    summary->set_mapped_bytes(mapped);
    summary->set_rss_bytes(rss);  // of the same moment as PSS, which is never more
    summary->set_pss_bytes(pss);
  }
  *summary->mutable_process() = processInfo(*process);
  summary->set_session_processes(registry_.everOf(process->identity().session));
  {
    const Process::View view(*process);
    const HeapTotals& totals = view.heap().totals();
    summary->set_allocations(totals.allocations);
    summary->set_releases(totals.releases);
    summary->set_live_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(totals.liveBytes, 0)));
    summary->set_live_allocations(rounded(totals.liveCount));
    summary->set_peak_bytes(totals.peakBytes);
    summary->set_peak_time(totals.peakNanos);
    summary->set_now(view.now());
    if (summary->rss_bytes() == 0 && !view.series().all().empty())
      summary->set_rss_bytes(view.series().all().back().rssBytes);
    const std::uint32_t count = std::min(request->top_sites(), kMaxSites);
    for (const std::uint32_t site : view.heap().sites().top(SiteOrder::LiveBytes, 0, count, view.now())) {
      *summary->add_sites() = siteOf(view.heap().sites().all()[site], view.now());
    }
  }
  StackNames::Unnamed unnamed;
  for (v1::Site& site : *summary->mutable_sites()) {
    *site.mutable_stack() = names_.stack(*process, static_cast<std::uint32_t>(site.id()), &unnamed);
  }
  *summary->mutable_coverage() = coverageOf(Process::View(*process), unnamed.size());
  return Status::OK;
}

grpc::Status CollectorService::Threads(Context*, const v1::ProcessRequest* request, v1::ThreadsReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  return guarded([&] {
    std::map<std::uint32_t, node::ThreadState> alive;
    if (process->live()) {
      for (node::ThreadState& thread : procfs_.threads(process->identity().pid)) alive[thread.tid] = thread;
    }
    const Process::View view(*process);
    for (const ThreadFigures& thread : view.threads().all()) {
      if (thread.tid == 0) continue;
      const auto found = alive.find(thread.tid);
      v1::ThreadInfo& info = *reply->add_threads();
      info.set_tid(thread.tid);
      info.set_name(validUtf8(!thread.name.empty() || found == alive.end() ? thread.name : found->second.name));
      info.set_running(thread.running && (found != alive.end() || process->state() == RunState::Replayed));
      info.set_events(thread.events);
      info.set_allocated_bytes(thread.allocatedBytes);
      info.set_last_allocation(thread.lastAllocation);
      if (thread.running) alive.erase(thread.tid);
    }
    for (const auto& [tid, thread] : alive) {  // those that never called the allocator
      v1::ThreadInfo& info = *reply->add_threads();
      info.set_tid(tid);
      info.set_name(validUtf8(thread.name));
      info.set_running(true);
    }
    return Status::OK;
  });
}

grpc::Status CollectorService::Modules(Context*, const v1::ProcessRequest* request, v1::ModulesReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  for (std::uint32_t i = 0; i < process->file().moduleCount(); ++i) {
    const ModuleSnapshot module = process->file().module(i);
    const symbols::ModuleFacts facts = names_.symbolizer().facts(keyOf(module, StackNames::pidOf(*process)));
    v1::ModuleInfo& info = *reply->add_modules();
    info.set_from(module.start);
    info.set_to(module.end);
    info.set_path(validUtf8(module.path));
    info.set_build_id(hex(module.buildId));
    info.set_has_symbols(facts.hasSymbols);
    info.set_has_lines(facts.hasLines);
    info.set_loaded(module.unloadedTicks == 0);
  }
  return Status::OK;
}

}  // namespace heapatlas::collector
