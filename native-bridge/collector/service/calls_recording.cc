// Calls about recordings: Record, StopRecording, RecordingOf, FetchRecording, RemoveRecording. See collector_service.h.
#include <map>
#include <utility>

#include "process/own_folder.h"
#include "recording/copied_files.h"
#include "service/collector_service.h"

namespace heapatlas::collector {
namespace {

using recording::CopiedFile;

constexpr std::size_t kFetchedBytes = 256u << 10;  // in a message

void fill(v1::RecordingStatus& shown, const RecordingState& state) {
  shown.set_folder(state.folder);
  shown.set_recording(state.recording);
  shown.set_why(state.why);
  shown.set_events(state.events);
  shown.set_bytes(state.bytes);
  shown.set_processes(state.processes);
  shown.set_elsewhere(state.elsewhere);
}

grpc::Status notRecorded(const std::string& session) {
  return {grpc::StatusCode::NOT_FOUND, "the session " + session + " is not recorded"};
}

// Whoever comes over the network does not choose where this user's files are written.
bool isLocal(const grpc::ServerContext& context) { return context.peer().starts_with("unix:"); }

// What a client has of a recording, by name; empty where it names what no recording has.
std::optional<std::map<std::string, CopiedFile>> heldFiles(const v1::FetchRequest& request) {
  std::map<std::string, CopiedFile> held;
  for (const v1::RecordingFile& file : request.held()) {
    if (!recording::isCopiedName(file.name())) return std::nullopt;
    held[file.name()] = {file.name(), file.mark(), file.bytes()};
  }
  return held;
}

// From where on a client lacks a file.
std::uint64_t heldOf(const std::map<std::string, CopiedFile>& held, const CopiedFile& file) {
  const auto found = held.find(file.name);
  const bool same = found != held.end() && found->second.mark == file.mark && found->second.bytes <= file.bytes;
  return same ? found->second.bytes : 0;
}

void list(v1::FetchReply& reply, const std::vector<CopiedFile>& files) {
  for (const CopiedFile& file : files) {
    v1::RecordingFile* shown = reply.add_files();
    shown->set_name(file.name);
    shown->set_mark(file.mark);
    shown->set_bytes(file.bytes);
  }
}

// False when the client is gone. Throws recording::RecordingError.
bool send(const std::string& folder, const CopiedFile& file, std::uint64_t from, std::uint32_t index,
          const std::function<bool(const v1::FetchReply&)>& write) {
  while (from < file.bytes) {
    v1::FetchReply reply;
    reply.set_file(index);
    reply.set_offset(from);
    reply.set_data(recording::readOf(folder, file, from, kFetchedBytes));
    if (reply.data().empty()) throw recording::RecordingError(file.name + " is shorter than it was; ask again");
    from += reply.data().size();
    if (!write(reply)) return false;
  }
  return true;
}

}  // namespace

grpc::Status CollectorService::Record(Context* context, const v1::RecordRequest* request, v1::RecordingStatus* reply) {
  const Call call(*this);
  const bool local = isLocal(*context);
  if (!local && !request->folder().empty()) {
    return {grpc::StatusCode::PERMISSION_DENIED,
            "a node chooses itself where it records for others; name no folder, and fetch the recording"};
  }
  std::vector<std::shared_ptr<WatchedProcess>> running;
  for (const Registry::Process& process : registry_.all()) {
    if (auto live = std::dynamic_pointer_cast<WatchedProcess>(process)) running.push_back(std::move(live));
  }
  try {
    const std::string folder = local ? request->folder() : newRecordingFolder(facts_.recordings, request->session());
    recordings_.start({request->session(),
                       folder,
                       {request->max_bytes(), request->last_nanos(), {}},
                       request->program(),
                       request->every_session(),
                       !local},
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

grpc::Status CollectorService::FetchRecording(Context*, const v1::FetchRequest* request,
                                              grpc::ServerWriter<v1::FetchReply>* writer) {
  const Call call(*this);
  const auto held = heldFiles(*request);
  if (!held) return {grpc::StatusCode::INVALID_ARGUMENT, "only files of a recording can be fetched; name those"};
  const std::optional<std::string> folder = recordings_.fetch(request->session());
  if (!folder) return notRecorded(request->session());
  const auto write = [&](const v1::FetchReply& reply) {
    recordings_.fetch(request->session());  // however long it takes, somebody is there
    return writer->Write(reply);
  };
  try {
    const std::vector<CopiedFile> files = recording::filesToCopy(*folder);
    v1::FetchReply listing;
    list(listing, files);
    bool there = write(listing);
    for (std::size_t i = 0; there && i < files.size(); ++i) {
      there = send(*folder, files[i], heldOf(*held, files[i]), static_cast<std::uint32_t>(i), write);
    }
  } catch (const recording::RecordingError& error) {
    return {grpc::StatusCode::ABORTED, error.what()};
  }
  return Status::OK;
}

grpc::Status CollectorService::RemoveRecording(Context*, const v1::SessionRequest* request, v1::Empty*) {
  const Call call(*this);
  try {
    recordings_.remove(request->session());
  } catch (const recording::RecordingError& error) {
    return {grpc::StatusCode::FAILED_PRECONDITION, error.what()};
  }
  return Status::OK;
}

}  // namespace heapatlas::collector
