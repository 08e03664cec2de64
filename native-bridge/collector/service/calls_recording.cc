// Calls about recordings: Record, StopRecording, RecordingOf. See collector_service.h.
#include "service/collector_service.h"

namespace heapatlas::collector {
namespace {

void fill(v1::RecordingStatus& shown, const RecordingState& state) {
  shown.set_folder(state.folder);
  shown.set_recording(state.recording);
  shown.set_why(state.why);
  shown.set_events(state.events);
  shown.set_bytes(state.bytes);
  shown.set_processes(state.processes);
}

grpc::Status notRecorded(const std::string& session) {
  return {grpc::StatusCode::NOT_FOUND, "the session " + session + " is not recorded"};
}

// Whoever comes over the network does not choose where this user's files are written.
bool isLocal(const grpc::ServerContext& context) { return context.peer().starts_with("unix:"); }

}  // namespace

grpc::Status CollectorService::Record(Context* context, const v1::RecordRequest* request, v1::RecordingStatus* reply) {
  const Call call(*this);
  if (!isLocal(*context)) {
    return {grpc::StatusCode::PERMISSION_DENIED, "recordings are started on the node itself; run it there"};
  }
  std::vector<std::shared_ptr<WatchedProcess>> running;
  for (const Registry::Process& process : registry_.all()) {
    if (auto live = std::dynamic_pointer_cast<WatchedProcess>(process)) running.push_back(std::move(live));
  }
  try {
    recordings_.start(
        {request->session(), request->folder(), {request->max_bytes(), request->last_nanos(), {}}, request->program()},
        running);
  } catch (const recording::RecordingError& error) {
    return {grpc::StatusCode::FAILED_PRECONDITION, error.what()};
  }
  if (const auto state = recordings_.stateOf(request->session())) fill(*reply, *state);
  return Status::OK;
}

grpc::Status CollectorService::StopRecording(Context*, const v1::SessionRequest* request, v1::RecordingStatus* reply) {
  const Call call(*this);
  drain_.passNow();
  const std::optional<RecordingState> state = recordings_.stop(request->session(), "it was stopped");
  if (!state) return notRecorded(request->session());
  fill(*reply, *state);
  return Status::OK;
}

grpc::Status CollectorService::RecordingOf(Context*, const v1::SessionRequest* request, v1::RecordingStatus* reply) {
  const Call call(*this);
  const std::optional<RecordingState> state = recordings_.stateOf(request->session());
  if (!state) return notRecorded(request->session());
  fill(*reply, *state);
  return Status::OK;
}

}  // namespace heapatlas::collector
