// Calls that act on a process or the node: ReadMemory, WriteMemory, SetMode, Signal, ThreadStack, Attach, Detach,
// Doctor, Clock. See collector_service.h.
#include <mutex>

#include "input/clock.h"
#include "node/attach.h"
#include "node/doctor.h"
#include "node/memory.h"
#include "node/signals.h"
#include "node/stacks.h"
#include "service/collector_service.h"
#include "service/replies.h"

namespace heapatlas::collector {
namespace {

constexpr std::uint64_t kMaxReplyBytes = 2u << 20;  // gRPC's default limit of a message is 4 MiB

node::MemoryBytes kept(Process& process, const v1::ReadMemoryRequest& request) {
  return dynamic_cast<WatchedProcess&>(process).keepMemory(request.address(), request.count());
}

}  // namespace

grpc::Status CollectorService::ReadMemory(Context*, const v1::ReadMemoryRequest* request, v1::ReadMemoryReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (process->ended()) return notLive(*process, "its memory is gone", "");
  if (request->keep() && !process->live()) return notLive(*process, "", "what was kept of its memory stays as it is");
  if (request->count() > kMaxReplyBytes) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "at most 2 MiB can be read at once; ask for parts"};
  }
  return guarded([&] {
    if (request->keep()) drain_.passNow();
    const node::MemoryBytes bytes =
        request->keep() ? kept(*process, *request) : process->readMemory(request->address(), request->count());
    reply->set_data(bytes.data.data(), bytes.data.size());
    reply->set_unreadable(bytes.unreadable);
    return Status::OK;
  });
}

grpc::Status CollectorService::WriteMemory(Context*, const v1::WriteMemoryRequest* request, v1::Empty*) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (!process->live()) return notLive(*process, "its memory is gone", "what was kept of its memory stays as it is");
  if (request->data().size() > node::kMaxWriteBytes) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "at most 1 MiB can be written at once; write parts"};
  }
  return guarded([&] {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(request->data().data());
    node::writeMemory(process->identity().pid, process->identity().processStart, request->address(),
                      {bytes, request->data().size()});
    return Status::OK;
  });
}

grpc::Status CollectorService::SetMode(Context*, const v1::SetModeRequest* request, v1::Empty*) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (!process->live()) return notLive(*process, "its mode cannot be changed", "its mode cannot be changed");
  if (!v1::Mode_IsValid(request->mode())) return {grpc::StatusCode::INVALID_ARGUMENT, "there is no such mode"};
  process->requestMode(static_cast<ring::Mode>(request->mode()), request->sample_mean_bytes());
  return Status::OK;
}

grpc::Status CollectorService::Signal(Context*, const v1::SignalRequest* request, v1::Empty*) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (!process->live()) return notLive(*process, "there is nothing to signal", "there is nothing to signal");
  if (!v1::SignalKind_IsValid(request->signal()))
    return {grpc::StatusCode::INVALID_ARGUMENT, "there is no such signal"};
  return guarded([&] {
    node::sendSignal(process->identity().pid, process->identity().processStart,
                     static_cast<node::SignalKind>(request->signal()));
    return Status::OK;
  });
}

grpc::Status CollectorService::ThreadStack(Context*, const v1::ThreadStackRequest* request, v1::Stack* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (!process->live()) return notLive(*process, "its threads are gone", "its threads' stacks were not kept");
  return guarded([&] {
    const std::uint32_t pid = process->identity().pid;
    const node::ThreadStack stack = node::threadStack(pid, request->tid());
    for (const symbols::SymbolFrame& symbol : node::symbolize(pid, stack, names_.symbolizer())) {
      StackNames::fill(*reply->add_frames(), symbol);
    }
    reply->set_cut(stack.cut);
    return Status::OK;
  });
}

// A process that is watched already is joined: its session is the one that the reply names.
grpc::Status CollectorService::Attach(Context*, const v1::AttachRequest* request, v1::ProcessInfo* reply) {
  const Call call(*this);
  if (!v1::Mode_IsValid(request->mode())) return {grpc::StatusCode::INVALID_ARGUMENT, "there is no such mode"};
  if (facts_.replays) {
    return {
        grpc::StatusCode::FAILED_PRECONDITION,
        "this collector replays a recording; attach with one that watches, which the command without --replay starts"};
  }
  const std::lock_guard<std::mutex> lock(attaching_);
  drain_.passNow();  // a process that has just ended, or one that has just begun to be watched, is known then
  Registry::Process process = watched(request->pid());
  return guarded([&]() -> Status {
    if (process == nullptr) {
      node::attach({request->pid(), facts_.runtimeLibrary, facts_.folder, static_cast<std::uint32_t>(request->mode()),
                    request->session()});
      drain_.passNow();
      process = watched(request->pid());
    }
    if (process == nullptr) {
      return {grpc::StatusCode::INTERNAL, "process " + std::to_string(request->pid()) +
                                              " ended while it was attached, or left a ring that cannot be read"};
    }
    *reply = processInfo(*process);
    return Status::OK;
  });
}

// A process that was started under the runtime belongs to the session that started it, and stays watched.
grpc::Status CollectorService::Detach(Context*, const v1::ProcessRequest* request, v1::Empty*) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const std::lock_guard<std::mutex> lock(attaching_);
  if (!process->live() || process->file().header().attachedLate.load() == 0) return Status::OK;
  return guarded([&] {
    node::detach(process->identity().pid, facts_.runtimeLibrary);
    drain_.passNow();
    return Status::OK;
  });
}

Registry::Process CollectorService::watched(std::uint32_t pid) const {
  for (const Registry::Process& process : registry_.live()) {
    if (process->identity().pid == pid) return process;
  }
  return nullptr;
}

grpc::Status CollectorService::Doctor(Context*, const v1::Empty*, v1::DoctorReply* reply) {
  const Call call(*this);
  return guarded([&] {
    for (const node::Capability& capability : facts_.replays ? facts_.recorded : node::doctor()) {
      v1::Capability& shown = *reply->add_capabilities();
      shown.set_name(capability.name);
      shown.set_state(capability.state);
      shown.set_why(capability.why);
      shown.set_used_instead(capability.usedInstead);
    }
    return Status::OK;
  });
}

grpc::Status CollectorService::Clock(Context*, const v1::Empty*, v1::ClockReply* reply) {
  const Call call(*this);
  reply->set_real_nanos(realNanos());
  return Status::OK;
}

}  // namespace heapatlas::collector
