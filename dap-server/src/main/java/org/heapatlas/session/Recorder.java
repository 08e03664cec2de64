package org.heapatlas.session;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;

/**
 * The recording of a session: begun before its program or while that runs, sealed behind it. It can
 * be cut: what there is is sealed, and it goes on in a folder beside that; by hand, or by a
 * finding, at most once in the length of the window. Main entries: begin, follow, cut, end, from
 * any thread.
 */
public final class Recorder {
  private final Path first;
  private final RecordingStatus.Limits limits;
  private final boolean onFinding;
  private final Consumer<String> say;
  private Path folder;
  private int folders = 1;
  private boolean begun;
  private long cutNanos;
  private HeapSource.Subscription findings = () -> {};

  /** {@code onFinding}: findings cut it too. What is worth a sentence goes to {@code say}. */
  public Recorder(
      Path folder, RecordingStatus.Limits limits, boolean onFinding, Consumer<String> say) {
    this.first = folder.toAbsolutePath().normalize();
    this.folder = first;
    this.limits = limits;
    this.onFinding = onFinding;
    this.say = say;
    this.cutNanos = System.nanoTime() - limits.lastNanos();
  }

  /** The folder that was begun last. */
  public synchronized Path folder() {
    return folder;
  }

  /** Whether only the end of the run is kept, so that it is worth a cut. */
  public boolean movesOn() {
    return limits.lastNanos() > 0;
  }

  /** A Problem says what is wrong with the folder. */
  public synchronized void begin(Session session, String program) {
    session.source().record(session.id(), folder, limits, program);
    begun = true;
  }

  /** Once the session is there; its findings come on a thread that must not wait. */
  public synchronized void follow(Session session, String program) {
    if (onFinding) {
      findings =
          session.listenToFindings(
              finding -> Thread.ofVirtual().name("cut").start(() -> found(session, program)));
    }
  }

  /** What led to the findings behind a cut lies in the folder that was cut out, or is over. */
  private synchronized void found(Session session, String program) {
    if (System.nanoTime() - cutNanos >= limits.lastNanos()) {
      cut(session, program);
    }
  }

  public synchronized void cut(Session session, String program) {
    if (!begun) {
      return;
    }
    cutNanos = System.nanoTime();
    seal(session);
    folders++;
    folder = first.resolveSibling(first.getFileName() + "-" + folders);
    try {
      begin(session, program);
    } catch (Problem problem) {
      say.accept("nothing more is recorded: " + problem.getMessage());
    }
  }

  /** Says what became of it; whatever it is, it is not the program's failure. */
  public synchronized void end(Session session) {
    findings.close();
    seal(session);
  }

  private void seal(Session session) {
    if (!begun) {
      return;
    }
    begun = false;
    try {
      RecordingStatus before = session.source().recordingOf(session.id());
      RecordingStatus status = session.source().stopRecording(session.id());
      if (!before.recording() && !before.why().isEmpty()) {
        say.accept("the recording ends early: " + before.why());
      }
      say.accept(
          "recorded %,d events in %s, '%s'"
              .formatted(status.events(), Bytes.text(status.bytes()), folder));
    } catch (Problem problem) {
      say.accept("the recording may lack its end: " + problem.getMessage());
    }
  }
}
