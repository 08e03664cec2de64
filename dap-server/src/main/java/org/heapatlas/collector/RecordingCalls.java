package org.heapatlas.collector;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.model.Timeline;
import org.heapatlas.proto.CodePlace;
import org.heapatlas.proto.CollectorGrpc.CollectorBlockingStub;
import org.heapatlas.proto.Event;
import org.heapatlas.proto.EventKind;
import org.heapatlas.proto.ProcessRequest;
import org.heapatlas.proto.RecordRequest;
import org.heapatlas.proto.SearchReply;
import org.heapatlas.proto.SearchRequest;
import org.heapatlas.proto.SeekRequest;
import org.heapatlas.proto.SessionRequest;
import org.heapatlas.proto.TimelineReply;

/** The collector's calls about recordings, with their messages as the model's records. */
final class RecordingCalls {
  private final Supplier<CollectorBlockingStub> stub;
  private final CollectorProblem.Peer peer;

  /** {@code stub} answers one that gives up in time, for one call. */
  RecordingCalls(Supplier<CollectorBlockingStub> stub, CollectorProblem.Peer peer) {
    this.stub = stub;
    this.peer = peer;
  }

  /** A folder that cannot be taken is the user's to change. */
  RecordingStatus record(
      String session, Path folder, RecordingStatus.Limits limits, String program) {
    return record(
        request(session, limits, program)
            .setFolder(folder.toAbsolutePath().normalize().toString()));
  }

  /** On another machine, whose collector chooses the folder; of all that it watches. */
  RecordingStatus recordAll(String name, RecordingStatus.Limits limits, String program) {
    return record(request(name, limits, program).setEverySession(true));
  }

  private static RecordRequest.Builder request(
      String session, RecordingStatus.Limits limits, String program) {
    return RecordRequest.newBuilder()
        .setSession(session)
        .setMaxBytes(limits.maxBytes())
        .setLastNanos(limits.lastNanos())
        .setProgram(program);
  }

  private RecordingStatus record(RecordRequest.Builder request) {
    try {
      return status(stub.get().record(request.build()));
    } catch (StatusRuntimeException e) {
      Problem problem = CollectorProblem.of(peer, e);
      throw e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION
          ? new Problem(Problem.Kind.USED_WRONGLY, problem.getMessage(), e)
          : problem;
    }
  }

  RecordingStatus stop(String session) {
    SessionRequest request = SessionRequest.newBuilder().setSession(session).build();
    return status(ask(calls -> calls.stopRecording(request)));
  }

  RecordingStatus of(String session) {
    SessionRequest request = SessionRequest.newBuilder().setSession(session).build();
    return status(ask(calls -> calls.recordingOf(request)));
  }

  Timeline timeline(long process) {
    ProcessRequest request = ProcessRequest.newBuilder().setProcess(process).build();
    return timeline(ask(calls -> calls.timeline(request)));
  }

  Timeline seek(long process, Moment moment) {
    SeekRequest.Builder request = SeekRequest.newBuilder().setProcess(process);
    switch (moment) {
      case Moment.Position position -> request.setPosition(position.number());
      case Moment.Time time -> request.setNanos(time.nanos());
    }
    return timeline(ask(calls -> calls.seek(request.build())));
  }

  EventSearch.Match search(long process, EventSearch search) {
    EventSearch.Filter filter = search.filter();
    SearchRequest.Builder request =
        SearchRequest.newBuilder()
            .setProcess(process)
            .setFrom(search.from())
            .setBackward(search.backward())
            .setUntil(search.until().orElse(0))
            .setMost(search.most())
            .addAllTids(filter.tids());
    filter.covers().ifPresent(range -> request.setCoversFrom(range.from()).setCoversTo(range.to()));
    filter.kinds().forEach(kind -> request.addKinds(EventKind.valueOf(kind.name())));
    filter.places().forEach(place -> request.addPlaces(place(place)));
    SearchReply reply = ask(calls -> calls.searchEvents(request.build()));
    return new EventSearch.Match(
        reply.getFound() ? Optional.of(event(reply.getEvent())) : Optional.empty(),
        reply.getSearchedTo(),
        reply.getCut(),
        List.copyOf(reply.getPlacesList()),
        reply.getMoreList().stream().map(RecordingCalls::event).toList());
  }

  private static CodePlace place(EventSearch.CodePlace place) {
    return CodePlace.newBuilder()
        .setFile(place.file())
        .setLine(place.line())
        .setFunction(place.function())
        .build();
  }

  private static RecordingStatus status(org.heapatlas.proto.RecordingStatus wire) {
    return new RecordingStatus(
        wire.getFolder(),
        wire.getRecording(),
        wire.getWhy(),
        wire.getEvents(),
        wire.getBytes(),
        wire.getProcesses(),
        wire.getElsewhere() == 0
            ? List.of()
            : List.of(
                "%,d processes are not in it, for they are recorded on their node already"
                    .formatted(wire.getElsewhere())));
  }

  private static Timeline timeline(TimelineReply wire) {
    return new Timeline(
        wire.getPosition(),
        wire.getNanos(),
        wire.getFirstPosition(),
        wire.getEndPosition(),
        wire.getFirstNanos(),
        wire.getEndNanos(),
        wire.hasEvent() ? Optional.of(event(wire.getEvent())) : Optional.empty(),
        List.copyOf(wire.getMissingList()));
  }

  private static HeapEvent event(Event wire) {
    return new HeapEvent(
        wire.getPosition(),
        wire.getNanos(),
        wire.getKind() == EventKind.UNRECOGNIZED
            ? HeapEvent.Kind.OTHER
            : HeapEvent.Kind.valueOf(wire.getKind().name()),
        wire.getAddress(),
        wire.getSize(),
        wire.getTid(),
        wire.getSite(),
        wire.getAllocatedBy(),
        wire.getAllocatedAt() == 0
            ? OptionalLong.empty()
            : OptionalLong.of(wire.getAllocatedAt() - 1));
  }

  private <T> T ask(Function<CollectorBlockingStub, T> call) {
    try {
      return call.apply(stub.get());
    } catch (StatusRuntimeException e) {
      throw CollectorProblem.of(peer, e);
    }
  }
}
