// Calls about the past of a process: Timeline, Seek, SearchEvents, Events, Lifetimes. See collector_service.h.
#include <algorithm>
#include <array>
#include <bitset>
#include <chrono>

#include "process/replayed_process.h"
#include "recording/frame_file.h"
#include "service/collector_service.h"
#include "service/event_search.h"
#include "service/lifetimes.h"
#include "service/past_events.h"

namespace heapatlas::collector {
namespace {

constexpr std::chrono::milliseconds kSearchTime{1'000};
constexpr int kRowsAMessage = 4'096;  // of at most 64 bytes: 256 KiB

grpc::Status invalid(const std::string& sentence) { return {grpc::StatusCode::INVALID_ARGUMENT, sentence}; }

// A recording that cannot be read any more becomes a status.
grpc::Status reading(const std::function<grpc::Status()>& body) {
  return guarded([&]() -> grpc::Status {
    try {
      return body();
    } catch (const recording::RecordingError& error) {
      return {grpc::StatusCode::FAILED_PRECONDITION, error.what()};
    }
  });
}

grpc::Status notRecorded(const Process& process) {
  return {grpc::StatusCode::FAILED_PRECONDITION,
          "process " + std::to_string(process.identity().pid) + " is not recorded; record its session first"};
}

// What of a process's recording is sealed.
void fillSpan(v1::TimelineReply& reply, const recording::Reader& reader) {
  const auto& chunks = reader.chunks();
  reply.set_first_position(reader.firstPosition());
  reply.set_end_position(reader.endPosition());
  if (!chunks.empty()) reply.set_first_nanos(chunks.front().head.first_nanos());
  if (!chunks.empty()) reply.set_end_nanos(chunks.back().head.last_nanos());
}

void fillTimeline(v1::TimelineReply& reply, ReplayedProcess& process, const recording::Reader& reader) {
  const ReplayedProcess::Moment moment = process.moment();
  fillSpan(reply, reader);
  for (const std::string& sentence : process.missing()) reply.add_missing(sentence);
  reply.set_position(moment.position);
  reply.set_nanos(moment.nanos);
  reply.set_end_nanos(moment.endNanos);
  if (moment.event) fill(*reply.mutable_event(), {*moment.event, moment.position, moment.birth}, Identities(process));
}

}  // namespace

// Over what is sealed of a process's recording.
grpc::Status CollectorService::withPast(std::uint64_t id,
                                        const std::function<grpc::Status(Process&, recording::Reader&)>& body) {
  const Registry::Process process = registry_.find(id);
  if (process == nullptr) return noSuchProcess(id);
  const std::shared_ptr<Past> past = process->past();
  if (past == nullptr) return notRecorded(*process);
  return reading([&] {
    const Past::Lent reader = past->reader();
    return body(*process, *reader);
  });
}

grpc::Status CollectorService::Timeline(Context*, const v1::ProcessRequest* request, v1::TimelineReply* reply) {
  const Call call(*this);
  return withPast(request->process(), [&](Process& process, recording::Reader& reader) {
    if (auto* replayed = dynamic_cast<ReplayedProcess*>(&process)) {
      fillTimeline(*reply, *replayed, reader);
      return Status::OK;
    }
    fillSpan(*reply, reader);
    for (const std::string& sentence : reader.missing()) reply->add_missing(sentence);
    reply->set_position(reply->end_position());
    reply->set_nanos(reply->end_nanos());
    if (auto* watched = dynamic_cast<WatchedProcess*>(&process)) {
      watched->withRecording([&](ProcessRecording& recording, const RecordedState& state) {
        reply->set_position(recording.recorder().position());
        reply->set_nanos(state.drain.clock().nowNanos());
      });
    }
    return Status::OK;
  });
}

// All processes of a recording stand at one moment of their node's clock.
grpc::Status CollectorService::Seek(Context*, const v1::SeekRequest* request, v1::TimelineReply* reply) {
  const Call call(*this);
  const Registry::Process process = registry_.find(request->process());
  if (process == nullptr) return noSuchProcess(request->process());
  const auto replayed = std::dynamic_pointer_cast<ReplayedProcess>(process);
  if (replayed == nullptr) {
    return {grpc::StatusCode::FAILED_PRECONDITION,
            "process " + std::to_string(process->identity().pid) +
                " is live; only a process that is replayed from a recording can be moved in time"};
  }
  return reading([&]() -> Status {
    const std::lock_guard<std::mutex> lock(seeking_);
    if (request->has_position()) {
      replayed->moveTo(request->position());
    } else if (request->has_nanos()) {
      replayed->moveToTime(request->nanos());
    } else {
      return invalid("a position or a time is needed");
    }
    const std::uint64_t moment = replayed->identity().startNanos + replayed->moment().nanos;
    for (const Registry::Process& each : registry_.all()) {
      const auto other = std::dynamic_pointer_cast<ReplayedProcess>(each);
      if (other == nullptr || other == replayed) continue;
      const std::uint64_t start = other->identity().startNanos;
      other->moveToTime(moment > start ? moment - start : 0);
    }
    const Past::Lent reader = replayed->past()->reader();
    fillTimeline(*reply, *replayed, *reader);
    return Status::OK;
  });
}

grpc::Status CollectorService::SearchEvents(Context* context, const v1::SearchRequest* request,
                                            v1::SearchReply* reply) {
  const Call call(*this);
  const auto deadline = std::chrono::steady_clock::now() + kSearchTime;
  if (request->places_size() > PlaceMatcher::kMostPlaces) return invalid("at most 64 places at once");
  return withPast(request->process(), [&](Process& process, recording::Reader& reader) {
    const Identities who(process);
    PlaceMatcher places(names_, process, {request->places().begin(), request->places().end()});
    EventSearch search(reader, who, places, *request);
    *reply = search.run(deadline, [&] { return context->IsCancelled() || stopping_; });
    return Status::OK;
  });
}

namespace {

// The rows of Events, a message at a time.
class EventRows {
 public:
  EventRows(const v1::EventsRequest& request, const Identities& who, grpc::ServerWriter<v1::EventColumns>& writer)
      : request_(request), who_(who), writer_(writer), kinds_(Kinds::of(request.kinds(), Kinds::all())) {
    for (const int column : request.columns()) {
      if (v1::EventColumn_IsValid(column)) asked_.set(static_cast<std::size_t>(column));
    }
  }
  bool mayHold(const v1::Chunk& head) const {
    const std::uint64_t end = head.first_position() + head.count();
    if (end <= request_.from() || (request_.to() != 0 && head.first_position() >= request_.to())) return false;
    if (request_.to_nanos() != 0 && head.first_nanos() >= request_.to_nanos()) return false;
    if (head.last_nanos() < request_.from_nanos()) return false;
    return request_.highest() == 0 ||
           (head.highest_address() >= request_.lowest() && head.lowest_address() < request_.highest());
  }
  // False: nobody listens any more.
  bool add(const recording::Rows& rows, std::size_t index, std::uint64_t first) {
    const PastEvent past = eventAt(rows, index, first);
    if (!isWanted(past)) return true;
    const recording::Event& event = past.event;
    if (asked_[v1::POSITION]) columns_.add_position(past.position);
    if (asked_[v1::NANOS]) columns_.add_nanos(event.nanos);
    if (asked_[v1::KIND]) columns_.mutable_kind()->push_back(static_cast<char>(event.what));
    if (asked_[v1::ADDRESS]) columns_.add_address(event.address);
    if (asked_[v1::SIZE]) columns_.add_size(event.size);
    if (asked_[v1::TID]) columns_.add_tid(who_.tidOf(event.thread));
    if (asked_[v1::SITE]) columns_.add_site(who_.siteOf(event));
    const bool isRelease = recording::releases(event.what);
    if (asked_[v1::ALLOCATED_BY]) columns_.add_allocated_by(isRelease ? who_.siteOf(event.context) : 0);
    if (asked_[v1::ALLOCATED_AT]) columns_.add_allocated_at(past.birth == recording::kNoPosition ? 0 : past.birth + 1);
    return ++count_ < kRowsAMessage || flush();
  }
  bool flush() {
    if (count_ == 0) return true;
    count_ = 0;
    return writer_.Write(std::exchange(columns_, {}));
  }

 private:
  bool isWanted(const PastEvent& past) const {
    const recording::Event& event = past.event;
    if (!kinds_.has(event.what) || past.position < request_.from() || event.nanos < request_.from_nanos()) return false;
    if (request_.to() != 0 && past.position >= request_.to()) return false;
    if (request_.to_nanos() != 0 && event.nanos >= request_.to_nanos()) return false;
    return request_.highest() == 0 || (event.address >= request_.lowest() && event.address < request_.highest());
  }

  const v1::EventsRequest& request_;
  const Identities& who_;
  grpc::ServerWriter<v1::EventColumns>& writer_;
  const Kinds kinds_;
  std::bitset<16> asked_;
  v1::EventColumns columns_;
  int count_ = 0;
};

}  // namespace

grpc::Status CollectorService::Events(Context* context, const v1::EventsRequest* request,
                                      grpc::ServerWriter<v1::EventColumns>* writer) {
  const Call call(*this);
  return withPast(request->process(), [&](Process& process, recording::Reader& reader) {
    const Identities who(process);
    EventRows answer(*request, who, *writer);
    recording::Rows rows;
    for (std::size_t chunk = 0; chunk < reader.chunks().size(); ++chunk) {
      if (context->IsCancelled() || stopping_) return Status::CANCELLED;
      const v1::Chunk& head = reader.chunks()[chunk].head;
      if (!answer.mayHold(head) || !reader.decode(chunk, rows)) continue;
      for (std::size_t i = 0; i < rows.events.size(); ++i) {
        if (!answer.add(rows, i, head.first_position())) return Status::CANCELLED;
      }
    }
    answer.flush();
    return Status::OK;
  });
}

grpc::Status CollectorService::Lifetimes(Context* context, const v1::LifetimesRequest* request,
                                         grpc::ServerWriter<v1::LifetimeColumns>* writer) {
  const Call call(*this);
  return withPast(request->process(), [&](Process& process, recording::Reader& reader) {
    const Identities who(process);
    const auto goesOn = [&] { return !context->IsCancelled() && !stopping_; };
    collector::Lifetimes lifetimes(reader, who, *request, goesOn,
                                   [&](const v1::LifetimeColumns& columns) { return writer->Write(columns); });
    return lifetimes.run() ? Status::OK : Status::CANCELLED;
  });
}

}  // namespace heapatlas::collector
