package org.heapatlas.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.heapatlas.collector.LocalNode;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Node;
import org.heapatlas.session.ProgramEnd;
import org.heapatlas.session.Session;
import org.heapatlas.session.SessionId;

/**
 * A program that runs under the runtime with our own input and output, and the session that sees
 * it.
 */
final class WatchedRun implements AutoCloseable {
  private final Node node;
  private final Session session;
  private final Process process;
  private final Path report;

  private WatchedRun(Node node, Session session, Process process, Path report) {
    this.node = node;
    this.session = session;
    this.process = process;
    this.report = report;
  }

  /** {@code output} says where the program's stdout and stderr go. */
  static WatchedRun start(List<String> program, Mode mode, ProcessBuilder.Redirect output) {
    return start(program, mode, output, session -> {});
  }

  /** {@code before} is done when all is ready; where it fails, nothing is started. */
  static WatchedRun start(
      List<String> program, Mode mode, ProcessBuilder.Redirect output, Consumer<Session> before) {
    Node node = LocalNode.open();
    String id = SessionId.fresh("run");
    Session session = new Session(id, node.source());
    try {
      session.listenToNotices(Say::line);
      before.accept(session);
      Node.Command command =
          node.command(new Node.Launch(program, null, java.util.Map.of(), mode, id, false));
      ProcessBuilder builder = new ProcessBuilder(command.words()).inheritIO();
      builder.redirectOutput(output).redirectError(output);
      return new WatchedRun(node, session, builder.start(), command.report());
    } catch (IOException e) {
      session.close();
      node.close();
      throw new Problem(
          Problem.Kind.FAILED, "the launcher cannot be started; build the native side first", e);
    } catch (Problem e) {
      session.close();
      node.close();
      throw e;
    }
  }

  Session session() {
    return session;
  }

  Process process() {
    return process;
  }

  /**
   * Waits for the program; a Problem when it could not be started at all, which the launcher has
   * said already.
   */
  Optional<ProgramEnd> awaitEnd() throws InterruptedException {
    process.waitFor();
    Optional<ProgramEnd> end = ProgramEnd.read(report);
    end.ifPresent(session::ended);
    return end;
  }

  /**
   * The watched process of the program itself. It may appear a moment after its end, but not much
   * later.
   */
  Optional<WatchedProcess> watched(ProgramEnd end) throws InterruptedException {
    Optional<WatchedProcess> first =
        session.awaitProcess(
            candidate -> candidate.pid() == end.pid(), TimeUnit.SECONDS.toMillis(3));
    return first.or(session::first).map(session::current);
  }

  /** Why the program is not watched, as far as is known; one sentence. */
  String whyUnseen(ProgramEnd end) {
    return node.whyUnseen(end.pid())
        .map("nothing is known of the program's heap: "::concat)
        .orElse("the program never appeared at the collector, so nothing is known of its heap");
  }

  @Override
  public void close() {
    session.close();
    node.close();
    try {
      Files.deleteIfExists(report);
    } catch (IOException e) {
      Say.line("the temporary file '%s' cannot be removed".formatted(report));
    }
  }
}
