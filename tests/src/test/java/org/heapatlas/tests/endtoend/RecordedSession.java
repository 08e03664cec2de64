package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ProcessState;
import org.heapatlas.proto.WatchProcessesRequest;

/**
 * A debug session on a program that is recorded, and looked at while it stands still. Main entry:
 * look.
 */
final class RecordedSession implements AutoCloseable {
  /** Views of all that is recorded, of which a live session can read what is sealed so far. */
  private static final Set<String> OF_THE_RECORDING =
      Set.of("memory.timeline", "memory.history", "memory.lifetimes", "memory.growth");

  /** Of the collectors, which are others when it is replayed; of bytes, of which few are kept. */
  private static final Set<String> OF_NOW = Set.of("memory.nodes", "memory.bytes", "session.query");

  /** All that it showed of one moment; {@code own} is the program's own list, where it has one. */
  record Look(
      long position, Map<String, JsonNode> frames, List<LiveBlock> table, Optional<OwnList> own) {
    /** The time of which a frame is, in nanoseconds since the process's start. */
    long nanos(String view) {
      return frames.get(view).path("time").path("now").decimalValue().longValueExact();
    }
  }

  private final Adapter adapter;
  private final Collector collector;
  private final ProcessInfo process;
  private final Optional<Path> slots;

  /** {@code slots}: where the program keeps its own list. */
  RecordedSession(TestNode node, Path folder, LiveIsReplayedTest.Program program) throws Exception {
    adapter = Adapter.start(Map.of("HEAPATLAS_DIR", node.folder().toString()));
    adapter.ask("initialize", Map.of("adapterID", "tests"));
    adapter.await("initialized");
    List<String> words = program.words();
    adapter.ask(
        "launch",
        Map.of(
            "program",
            words.getFirst(),
            "args",
            words.subList(1, words.size()),
            "env",
            program.environment(),
            "record",
            folder.toString()));
    adapter.ask("configurationDone", Map.of());
    long pid = adapter.await("process").path("systemProcessId").asLong();
    collector = node.connect();
    process = collector.await(each -> each.getPid() == pid);
    slots = program.slots();
    Await.until(
        "something of the recording is sealed",
        () ->
            adapter
                .refusal("evaluate", Map.of("expression", "position", "context", "repl"))
                .isEmpty());
  }

  long process() {
    return process.getProcess();
  }

  /** Stops the program, looks at all there is of it, and lets it go on. */
  Look look() throws Exception {
    int thread = adapter.ask("threads", Map.of()).path("threads").get(0).path("id").asInt();
    adapter.ask("pause", Map.of("threadId", thread));
    Await.until("the collector knows that the program is stopped", this::isStopped);
    long position = settled();
    Map<String, JsonNode> frames = new LinkedHashMap<>();
    for (JsonNode view : adapter.ask("heapatlas/views", Map.of()).path("views")) {
      String id = view.path("id").asText();
      if (!OF_THE_RECORDING.contains(id) && !OF_NOW.contains(id)) {
        frames.put(id, adapter.frame(id));
      }
    }
    List<LiveBlock> table = LiveBlock.table(collector, process.getProcess());
    Optional<OwnList> own =
        slots.isPresent() ? Optional.of(OwnList.read(slots.get())) : Optional.empty();
    assertThat(position()).as("the position of a program that stands still").isEqualTo(position);
    adapter.ask("continue", Map.of("threadId", thread));
    return new Look(position, frames, table, own);
  }

  /**
   * A summary is of all that the program has written; what waits for another thread's is behind.
   */
  private long settled() throws Exception {
    long position = position();
    for (long before = -1; before != position; ) {
      before = position;
      collector.summary(process.getProcess(), false);
      collector.summary(process.getProcess(), false);
      position = position();
    }
    return position;
  }

  private boolean isStopped() {
    boolean[] stopped = {false};
    collector
        .calls()
        .watchProcesses(WatchProcessesRequest.newBuilder().setKnownOnly(true).build())
        .forEachRemaining(
            each ->
                stopped[0] |=
                    each.getProcess() == process.getProcess()
                        && each.getState() == ProcessState.STOPPED);
    return stopped[0];
  }

  private long position() throws Exception {
    return adapter.position();
  }

  /** The program is killed, and its recording sealed. */
  void end() throws Exception {
    assertThat(adapter.events("exited")).as("the program ended before all looks").isEmpty();
    assertThat(adapter.leave()).isZero();
  }

  @Override
  public void close() {
    collector.close();
    adapter.close();
  }
}
