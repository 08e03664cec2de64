// Calls that act on a process or the node: ReadMemory, SetMode, Signal, ThreadStack, Attach, Detach, Doctor.
// See collector_service.h.
#include "node/doctor.h"
#include "node/memory.h"
#include "node/signals.h"
#include "node/stacks.h"
#include "service/collector_service.h"

namespace heapatlas::collector {
namespace {

constexpr std::uint64_t kMaxReplyBytes = 2u << 20;  // gRPC's default limit of a message is 4 MiB

}  // namespace

grpc::Status CollectorService::ReadMemory(Context*, const v1::ReadMemoryRequest* request, v1::ReadMemoryReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (process->ended()) return ended(*process, "its memory is gone");
  if (request->count() > kMaxReplyBytes) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "at most 2 MiB can be read at once; ask for parts"};
  }
  return guarded([&] {
    const node::MemoryBytes bytes = node::readMemory(process->identity().pid, request->address(), request->count());
    reply->set_data(bytes.data.data(), bytes.data.size());
    reply->set_unreadable(bytes.unreadable);
    return Status::OK;
  });
}

grpc::Status CollectorService::SetMode(Context*, const v1::SetModeRequest* request, v1::Empty*) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (process->ended()) return ended(*process, "its mode cannot be changed");
  if (!v1::Mode_IsValid(request->mode())) return {grpc::StatusCode::INVALID_ARGUMENT, "there is no such mode"};
  process->requestMode(static_cast<ring::Mode>(request->mode()), request->sample_mean_bytes());
  return Status::OK;
}

grpc::Status CollectorService::Signal(Context*, const v1::SignalRequest* request, v1::Empty*) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  if (process->ended()) return ended(*process, "there is nothing to signal");
  if (!v1::SignalKind_IsValid(request->signal())) return {grpc::StatusCode::INVALID_ARGUMENT, "there is no such signal"};
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
  if (process->ended()) return ended(*process, "its threads are gone");
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

grpc::Status CollectorService::Attach(Context*, const v1::AttachRequest* request, v1::ProcessInfo*) {
  const Call call(*this);
  return {grpc::StatusCode::UNIMPLEMENTED, "this collector cannot attach to the running process " +
                                               std::to_string(request->pid()) +
                                               "; start the program under HeapAtlas instead"};
}

grpc::Status CollectorService::Detach(Context*, const v1::ProcessRequest* request, v1::Empty*) {
  const Call call(*this);
  return {grpc::StatusCode::UNIMPLEMENTED, "this collector cannot detach from process " +
                                               std::to_string(request->process()) +
                                               "; set its mode to OFF, which leaves it running unwatched"};
}

grpc::Status CollectorService::Doctor(Context*, const v1::Empty*, v1::DoctorReply* reply) {
  const Call call(*this);
  return guarded([&] {
    for (const node::Capability& capability : node::doctor()) {
      v1::Capability& shown = *reply->add_capabilities();
      shown.set_name(capability.name);
      shown.set_state(capability.state);
      shown.set_why(capability.why);
      shown.set_used_instead(capability.usedInstead);
    }
    return Status::OK;
  });
}

}  // namespace heapatlas::collector
