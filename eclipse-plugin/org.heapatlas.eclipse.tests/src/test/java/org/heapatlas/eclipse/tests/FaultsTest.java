package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.debug.core.model.IProcess;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.view.KeyFigures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parts that are killed in the middle of a session, several sessions, and what is left of them. The
 * collector is the machine's and outlives its sessions.
 */
class FaultsTest {
  private static final String COLLECTOR = "heapatlas-collector";

  @TempDir private Path folder;
  private Set<Long> before;
  private final List<ProcessHandle> programs = new ArrayList<>();

  @BeforeEach
  void look() throws Exception {
    Views.closeAll(Views.perspective());
    before = children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  @AfterEach
  void endAll() throws Exception {
    programs.forEach(ProcessHandle::destroyForcibly);
    Launches.endAll();
    Views.closeAll(Views.perspective());
  }

  private static java.util.stream.Stream<ProcessHandle> children() {
    return ProcessHandle.current().children();
  }

  /** The servers that were started since the test began. */
  private List<ProcessHandle> servers() {
    return children().filter(child -> !before.contains(child.pid())).toList();
  }

  /** A server and what it has started, but not what the whole machine shares. */
  private static List<ProcessHandle> family(ProcessHandle server) {
    List<ProcessHandle> family = new ArrayList<>(List.of(server));
    server.descendants().filter(child -> !isCollector(child)).forEach(family::add);
    return family;
  }

  private static boolean isCollector(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("/" + COLLECTOR);
  }

  private DapTarget redis(String socket) throws Exception {
    DapTarget target = Launches.redis(folder, socket);
    Until.holds("its number is known", () -> pid(target) != null);
    programs.add(ProcessHandle.of(Long.parseLong(pid(target))).orElseThrow());
    return target;
  }

  private static String pid(DapTarget target) {
    return target.getProcess().getAttribute(IProcess.ATTR_PROCESS_ID);
  }

  private static StringBuffer said(DapTarget target) {
    StringBuffer said = new StringBuffer();
    var streams = target.getProcess().getStreamsProxy();
    streams.getOutputStreamMonitor().addListener((text, monitor) -> said.append(text));
    streams.getErrorStreamMonitor().addListener((text, monitor) -> said.append(text));
    return said;
  }

  private static WidgetView atlasWithFigures() throws Exception {
    WidgetView atlas = Views.show(Views.perspective(), "atlas");
    Until.holds(
        "figures",
        () -> Views.shows(atlas, 0, KeyFigures.class) && atlas.pane(0).stale().isEmpty());
    return atlas;
  }

  @Test
  void aServerThatIsKilledEndsItsSessionInOneSentenceAndTheNextLaunchWorks() throws Exception {
    DapTarget target = redis("first.sock");
    StringBuffer said = said(target);
    WidgetView atlas = atlasWithFigures();
    ProcessHandle server = servers().getFirst();
    List<ProcessHandle> family = family(server);
    server.destroyForcibly();
    Until.holds("the session has ended", target::isTerminated);
    Until.holds("views say so", () -> atlas.pane(0).stale().contains("session has ended"));
    String sentence =
        "The debug adapter ended in the middle of the session; launch it again. The program,"
            + " process %s, goes on without it.".formatted(pid(target));
    assertEquals(
        2,
        said.toString().split(java.util.regex.Pattern.quote(sentence), -1).length,
        said::toString);
    assertTrue(programs.getFirst().isAlive(), "the program goes on");
    assertTrue(Sessions.shared().current().isEmpty());
    Pictures.take("server killed");

    redis("second.sock");
    atlasWithFigures();
    programs.getFirst().destroyForcibly();
    Until.holds(
        "nothing of the first is left", () -> family.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void aCollectorThatIsKilledIsToldAndTheSessionGoesOn() throws Exception {
    DapTarget target = redis("first.sock");
    StringBuffer said = said(target);
    WidgetView atlas = atlasWithFigures();
    List<ProcessHandle> killed = collectors();
    assertFalse(killed.isEmpty());
    killed.forEach(ProcessHandle::destroyForcibly);
    Until.holds(
        "the console says so",
        () -> said.toString().contains("the collector of this machine has ended"));
    Until.holds(
        "there is a next one",
        () -> collectors().stream().anyMatch(next -> !killed.contains(next)));
    assertFalse(target.isTerminated());
    assertTrue(programs.getFirst().isAlive());
    int then = frame(atlas);
    Until.holds("figures come again", () -> frame(atlas) != then);
    Pictures.take("collector killed");
  }

  /** Those of this test's node. */
  private static List<ProcessHandle> collectors() {
    String node = "HEAPATLAS_DIR=" + System.getenv("HEAPATLAS_DIR") + "\0";
    return ProcessHandle.allProcesses()
        .filter(FaultsTest::isCollector)
        .filter(process -> environment(process).contains(node))
        .toList();
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** Any change of what is shown. */
  private static int frame(WidgetView view) {
    return System.identityHashCode(view.pane(0).frame().orElse(null));
  }

  @Test
  void ofTwoSessionsEachIsEndedByItselfAndNothingIsLeft() throws Exception {
    DapTarget first = redis("first.sock");
    HeapSession one = Sessions.shared().current().orElseThrow();
    DapTarget second = redis("second.sock");
    HeapSession other = Sessions.shared().current().orElseThrow();
    assertNotSame(one, other);
    List<ProcessHandle> families = servers().stream().flatMap(s -> family(s).stream()).toList();
    assertTrue(families.size() >= 4, families::toString);
    atlasWithFigures();
    Sessions.shared().choose(first);
    assertEquals(one, Sessions.shared().current().orElseThrow());
    atlasWithFigures();
    second.terminate();
    Until.holds("the second has ended", second::isTerminated);
    Until.holds("its program, too", () -> !programs.get(1).isAlive());
    assertFalse(first.isTerminated());
    Until.holds("one session", () -> Sessions.shared().all().equals(List.of(one)));
    atlasWithFigures();
    first.terminate();
    Until.holds("nothing is left", () -> families.stream().noneMatch(ProcessHandle::isAlive));
  }
}
