package org.heapatlas.collector;

import java.nio.file.Path;
import java.util.List;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;

/** Records what several nodes' collectors watch, one recording at a time. From any thread. */
final class NodesRecorder {
  private final List<NodesRecording.Remote> nodes;
  private NodesRecording current;
  private RecordingStatus last;

  NodesRecorder(List<NodesRecording.Remote> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  synchronized RecordingStatus record(Path folder, RecordingStatus.Limits limits, String program) {
    if (current != null) {
      throw Problem.usedWrongly(
          "the session is recorded already, into '%s'".formatted(current.status().folder()));
    }
    if (nodes.isEmpty()) {
      throw Problem.usedWrongly("a recording is replayed; it is not recorded again");
    }
    current = NodesRecording.begin(nodes, folder.toAbsolutePath().normalize(), limits, program);
    return current.status();
  }

  synchronized RecordingStatus stop() {
    if (current != null) {
      last = current.finish();
      current = null;
    }
    return status();
  }

  synchronized RecordingStatus status() {
    if (current == null && last == null) {
      throw Problem.notFound("the session is not recorded");
    }
    return current == null ? last : current.status();
  }

  synchronized void close() {
    if (current != null) {
      stop();
    }
  }
}
