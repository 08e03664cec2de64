package org.heapatlas.dap;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.lsp4j.debug.RunInTerminalRequestArguments;
import org.eclipse.lsp4j.debug.RunInTerminalRequestArgumentsKind;
import org.heapatlas.model.Problem;
import org.heapatlas.session.Node;
import org.heapatlas.session.ProgramEnd;

/**
 * Starts a program under the runtime, inside this server with its output as events, or in the
 * client's terminal; and tells the debuggee when it has ended. Main entries: here, inTerminal.
 * Called by the launch handler, on its thread.
 */
public final class ProgramStart {
  private static final long APPEARANCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int STEP_MILLIS = 5;
  private static final int ASKED_EVERY = 20;
  private static final int REPORT_MILLIS = 50;

  private final DapSession session;
  private final Debuggee debuggee;
  private final Path report;
  private final AtomicBoolean told = new AtomicBoolean();

  private ProgramStart(DapSession session, Debuggee debuggee, Path report) {
    this.session = session;
    this.debuggee = debuggee;
    this.report = report;
  }

  /** Inside this server; the program's input is empty. */
  public static void here(DapSession session, Debuggee debuggee, Node.Command command) {
    ProgramStart start = new ProgramStart(session, debuggee, command.report());
    Process process = process(command.words());
    debuggee.onKill(
        () -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
    Thread out = start.pump("stdout", process.getInputStream());
    Thread err = start.pump("stderr", process.getErrorStream());
    start.awaitAppearance(process);
    Thread.ofVirtual()
        .name("end of program")
        .start(() -> start.awaitEnd(process, List.of(out, err)));
  }

  /** In the client's own terminal, integrated or external. */
  public static void inTerminal(
      DapSession session,
      Debuggee debuggee,
      Node.Launch launch,
      Node.Command command,
      boolean external) {
    if (!Boolean.TRUE.equals(session.abilities().getSupportsRunInTerminalRequest())) {
      throw Problem.usedWrongly(
          "this client has no terminal; launch with \"console\": \"internalConsole\"");
    }
    RunInTerminalRequestArguments arguments = new RunInTerminalRequestArguments();
    arguments.setKind(
        external
            ? RunInTerminalRequestArgumentsKind.EXTERNAL
            : RunInTerminalRequestArgumentsKind.INTEGRATED);
    arguments.setTitle("HeapAtlas");
    arguments.setCwd(
        launch.folder() == null
            ? Path.of("").toAbsolutePath().toString()
            : launch.folder().toString());
    arguments.setArgs(command.words().toArray(String[]::new));
    session.client().runInTerminal(arguments);
    ProgramStart start = new ProgramStart(session, debuggee, command.report());
    start.awaitAppearance(null);
    Thread.ofVirtual().name("end of program").start(start::awaitReport);
  }

  private static Process process(List<String> words) {
    try {
      return new ProcessBuilder(words)
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .start();
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "the launcher '%s' cannot be started".formatted(words.getFirst()),
          e);
    }
  }

  /**
   * Until the collector sees the program, or says why it cannot, or the launcher says that it could
   * not be started.
   */
  private void awaitAppearance(Process process) {
    long deadline = System.nanoTime() + APPEARANCE_NANOS;
    for (int step = 1; !isSeen() && System.nanoTime() < deadline; step++) {
      boolean over = process != null && !process.isAlive();
      if (ProgramEnd.read(report).isPresent() || over || (step % ASKED_EVERY == 0 && isRefused())) {
        return;
      }
      pause(STEP_MILLIS);
    }
  }

  private boolean isSeen() {
    return debuggee.session().first().isPresent();
  }

  /** Says once why the collector cannot see the program; false while it gives no reason. */
  private boolean isRefused() {
    OptionalInt pid = ProgramEnd.started(report);
    Optional<String> why = pid.isPresent() ? debuggee.whyUnseen(pid.getAsInt()) : Optional.empty();
    if (why.isPresent() && told.compareAndSet(false, true)) {
      session.client().important("the program is not watched: " + why.get());
    }
    return why.isPresent();
  }

  /** The collector may have found out only now. */
  private void tellEnd(ProgramEnd end) {
    if (!isSeen() && !told.get()) {
      isRefused();
    }
    debuggee.session().ended(end);
  }

  private void awaitEnd(Process process, List<Thread> pumps) {
    try {
      int status = process.waitFor();
      for (Thread pump : pumps) {
        pump.join();
      }
      Optional<ProgramEnd> end = ProgramEnd.read(report);
      end.ifPresent(this::tellEnd);
      ended(end.map(ProgramEnd::status).orElse(status));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Problem problem) {
      session.client().important(problem.getMessage());
      ended(problem.exitStatus());
    }
  }

  private void awaitReport() {
    try {
      Optional<ProgramEnd> end = Optional.empty();
      while (end.isEmpty() && !session.finished()) {
        pause(REPORT_MILLIS);
        end = ProgramEnd.read(report);
      }
      end.ifPresent(this::tellEnd);
      end.ifPresent(known -> ended(known.status()));
    } catch (Problem problem) {
      session.client().important(problem.getMessage());
      ended(problem.exitStatus());
    }
  }

  private void ended(int status) {
    debuggee.finished(Optional.of(status));
    try {
      Files.deleteIfExists(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Thread pump(String category, InputStream stream) {
    return Thread.ofVirtual()
        .name(category)
        .start(
            () -> {
              char[] text = new char[16 << 10];
              try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
                for (int read = reader.read(text); read >= 0; read = reader.read(text)) {
                  session.client().output(category, new String(text, 0, read));
                }
              } catch (IOException e) {
                System.getLogger("org.heapatlas.dap")
                    .log(System.Logger.Level.DEBUG, "the program's output was cut off", e);
              }
            });
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "the start was cancelled", e);
    }
  }
}
