package org.heapatlas.dap.handler;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.heapatlas.dap.Arguments;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Recorder;

/** The console's commands about the recording of a running program: record and capture. */
final class Recordings {
  private static final long DEFAULT_BYTES = 256;
  private static final long MOST_BYTES = 2 << 20;

  private Recordings() {}

  /** Begins, cuts or ends a recording, or says how far it is. */
  static String record(Command.Scene scene, String argument) {
    Debuggee debuggee = scene.session().debuggee();
    if (debuggee.replay().isPresent()) {
      throw Problem.usedWrongly("this is a recording; 'record' is for a program that runs");
    }
    return switch (argument) {
      case "" -> status(debuggee);
      case "stop" -> stop(debuggee);
      case "cut" -> cut(scene, debuggee);
      default -> begin(scene, debuggee, argument);
    };
  }

  private static String status(Debuggee debuggee) {
    RecordingStatus status = debuggee.source().recordingOf(debuggee.session().id());
    String state =
        status.recording() ? "is recorded" : "was recorded, which ended: " + status.why();
    String missing = status.missing().stream().map("\n"::concat).collect(Collectors.joining());
    return "the session %s; %,d events in %s, '%s'%s"
        .formatted(state, status.events(), Bytes.text(status.bytes()), status.folder(), missing);
  }

  private static Recorder ours(Debuggee debuggee) {
    return debuggee
        .recorder()
        .orElseThrow(
            () ->
                Problem.usedWrongly(
                    "this debug session began no recording; 'record FOLDER' begins one"));
  }

  private static String stop(Debuggee debuggee) {
    Recorder recorder = ours(debuggee);
    debuggee.endRecording();
    return "'%s' is sealed".formatted(recorder.folder());
  }

  private static String cut(Command.Scene scene, Debuggee debuggee) {
    Recorder recorder = ours(debuggee);
    Path sealed = recorder.folder();
    recorder.cut(debuggee.session(), scene.process().title());
    return sealed.equals(recorder.folder())
        ? "nothing was recorded since the last cut; it goes on in '%s'".formatted(sealed)
        : "'%s' is sealed; it goes on in '%s'".formatted(sealed, recorder.folder());
  }

  private static String begin(Command.Scene scene, Debuggee debuggee, String folder) {
    if (debuggee.recorder().isPresent()) {
      throw Problem.usedWrongly(
          "the session is recorded in '%s' already; 'record stop' ends that"
              .formatted(ours(debuggee).folder()));
    }
    Recorder recorder =
        new Recorder(
            Arguments.folder(folder),
            RecordingStatus.Limits.NONE,
            false,
            scene.session().client()::important);
    debuggee.record(recorder, scene.process().title());
    return "every event is kept in '%s' from now on".formatted(recorder.folder());
  }

  /** Of a block's address: all of the block, unless a number of bytes is given. */
  static String capture(Command.Scene scene, String argument) {
    String[] words = argument.split("\\s+", -1);
    if (words[0].isEmpty() || words.length > 2) {
      throw Problem.usedWrongly("'capture' wants an address, and at most a number of bytes");
    }
    WatchedProcess process = scene.process();
    long address = Address.parse(words[0]);
    long from = address;
    long count = words.length > 1 ? Bytes.parse(words[1]) : DEFAULT_BYTES;
    Optional<Allocation> block = scene.source().find(process.id(), address).allocation();
    if (words.length == 1 && block.isPresent()) {
      from = block.get().address();
      count = Math.clamp(block.get().size(), 1, MOST_BYTES);
    }
    if (count > MOST_BYTES) {
      throw Problem.usedWrongly("at most 2 MiB are captured at once; name parts");
    }
    MemoryContent kept = scene.source().keepMemory(process.id(), from, count);
    String missing =
        kept.unreadable() == 0 ? "" : "; %,d bytes cannot be read".formatted(kept.unreadable());
    return "%,d bytes from %s are in the recording%s"
        .formatted(kept.data().length, Address.text(from), missing);
  }
}
