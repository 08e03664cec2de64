package org.heapatlas.collector;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.heapatlas.model.ClockOffset;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.proto.CollectorGrpc.CollectorBlockingStub;
import org.heapatlas.proto.Empty;
import org.heapatlas.proto.FetchReply;
import org.heapatlas.proto.FetchRequest;
import org.heapatlas.proto.RecordingFile;
import org.heapatlas.proto.SessionRequest;

/**
 * What a server asks of a collector on another machine to have a session recorded there and to copy
 * the recording, and what that machine's clock shows. A Problem is one sentence that names the
 * collector.
 */
final class RemoteCalls {
  private static final int MOST_CHANGES = 8;
  private static final long FETCH_SECONDS = 60;
  private static final long CLOCK_SECONDS = 2;

  private final CollectorBlockingStub stub;
  private final RecordingCalls recordings;
  private final CollectorProblem.Peer peer;

  RemoteCalls(CollectorBlockingStub stub, RecordingCalls recordings, CollectorProblem.Peer peer) {
    this.stub = stub;
    this.recordings = recordings;
    this.peer = peer;
  }

  /** Of all its processes that are in no other recording, under a name that is new there. */
  RecordingStatus record(String name, RecordingStatus.Limits limits, String program) {
    return recordings.recordAll(name, limits, program);
  }

  RecordingStatus stop(String name) {
    return recordings.stop(name);
  }

  RecordingStatus of(String name) {
    return recordings.of(name);
  }

  /** The collector's own copy goes. */
  void remove(String name) {
    SessionRequest request = SessionRequest.newBuilder().setSession(name).build();
    ask(() -> within(FETCH_SECONDS).removeRecording(request));
  }

  /** How far its clock is ahead of ours. */
  ClockOffset clock() {
    return ClockProbe.measure(
        () -> ask(() -> within(CLOCK_SECONDS).clock(Empty.getDefaultInstance())).getRealNanos());
  }

  /** Copies what is lacking; all that there was is there when it returns. */
  MirrorFolder.Pass fetch(String name, MirrorFolder copy) {
    int changes = 0;
    while (true) {
      long before = copy.bytes();
      try (Context.CancellableContext context = Context.current().withCancellation()) {
        return context.call(() -> pass(name, copy));
      } catch (StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        boolean changed = code == Status.Code.ABORTED && ++changes < MOST_CHANGES;
        boolean slow = code == Status.Code.DEADLINE_EXCEEDED && copy.bytes() > before;
        if (!changed && !slow) {
          throw CollectorProblem.of(peer, e);
        }
      } catch (Problem e) {
        throw new Problem(e.kind(), peer.name() + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw new Problem(
            Problem.Kind.FAILED,
            "the copy '%s' of a node's recording cannot be written: %s"
                .formatted(copy.folder(), e.getMessage()),
            e);
      } catch (Exception e) {
        throw new IllegalStateException("copying a recording throws nothing else", e);
      }
    }
  }

  private MirrorFolder.Pass pass(String name, MirrorFolder copy) throws IOException {
    FetchRequest.Builder request = FetchRequest.newBuilder().setSession(name);
    for (MirrorFolder.Listed file : copy.held()) {
      request.addHeld(
          RecordingFile.newBuilder()
              .setName(file.name())
              .setMark(file.mark())
              .setBytes(file.bytes()));
    }
    Iterator<FetchReply> replies = within(FETCH_SECONDS).fetchRecording(request.build());
    if (!replies.hasNext()) {
      throw Problem.failed("it lists no files");
    }
    MirrorFolder.Pass pass =
        copy.begin(
            replies.next().getFilesList().stream()
                .map(
                    file ->
                        new MirrorFolder.Listed(file.getName(), file.getMark(), file.getBytes()))
                .toList());
    while (replies.hasNext()) {
      FetchReply part = replies.next();
      pass.write(part.getFile(), part.getOffset(), part.getData().asReadOnlyByteBuffer());
    }
    pass.complete();
    return pass;
  }

  private CollectorBlockingStub within(long seconds) {
    return stub.withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  private <T> T ask(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw CollectorProblem.of(peer, e);
    }
  }
}
