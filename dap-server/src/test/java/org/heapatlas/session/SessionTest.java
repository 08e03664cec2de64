package org.heapatlas.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.heapatlas.model.Mode;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.model.WatchedProcess.State;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static WatchedProcess process(long id, int pid, State state) {
    return new WatchedProcess(
        id,
        "node",
        pid,
        1,
        "test",
        "/bin/p" + id,
        List.of(),
        state,
        Mode.FULL,
        0,
        "glibc",
        List.of());
  }

  private static Session of(WatchedProcess... processes) {
    return new Session(
        "test",
        new FakeHeap() {
          @Override
          public Subscription watchProcesses(
              String session, Consumer<WatchedProcess> onProcess, Consumer<String> onNotice) {
            List.of(processes).forEach(onProcess);
            return () -> {};
          }
        });
  }

  @Test
  void aWrapperThatBecomesTheProgramIsNotWhatTheSessionIsAbout() {
    Session session =
        of(
            process(1, 10, State.ENDED),
            process(2, 11, State.ENDED),
            process(3, 10, State.RUNNING),
            process(4, 12, State.RUNNING));
    assertThat(session.main().map(WatchedProcess::id)).contains(3L);
    assertThat(session.choices()).extracting(WatchedProcess::id).containsExactly(3L, 4L, 2L, 1L);
  }

  @Test
  void aProgramThatWasReplacedNoLongerRunsWhetherItsEndWasHeardOfOrNot() {
    Session session = of(process(1, 10, State.RUNNING), process(3, 10, State.ENDED));
    assertThat(session.main().map(WatchedProcess::id)).contains(3L);
    assertThat(session.process(1).map(WatchedProcess::state)).contains(State.ENDED);
  }

  @Test
  void aDaemonThatOutlivesItsStarterIsWhatTheSessionIsAbout() {
    Session session = of(process(1, 10, State.ENDED), process(2, 11, State.RUNNING));
    assertThat(session.main().map(WatchedProcess::id)).contains(2L);
  }

  @Test
  void whenAllHaveEndedTheProgramThatWasStartedIsShown() {
    Session session = of(process(1, 10, State.ENDED), process(2, 11, State.ENDED));
    assertThat(session.main().map(WatchedProcess::id)).contains(1L);
  }
}
