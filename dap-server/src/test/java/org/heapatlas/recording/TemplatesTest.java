package org.heapatlas.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.heapatlas.model.HeapEvent.Kind;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.FakeTimeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each template over a past in which what it looks for happens once: an event a millisecond. */
class TemplatesTest {
  @TempDir Path own;
  private final FakeHeap heap = new FakeHeap();

  @BeforeEach
  void record() {
    heap.appear(WatchedProcess.State.REPLAYED);
    FakeTimeline past = heap.past;
    past.add(Kind.ALLOCATE, 0x1000, 100_000, 11, 1); // large, released soon, by the same thread
    past.add(Kind.RELEASE, 0x1000, 100_000, 11, 3);
    past.add(Kind.ALLOCATE, 0x2000, 100, 11, 2); // released by another thread
    past.add(Kind.RELEASE, 0x2000, 100, 12, 3);
    past.add(Kind.ALLOCATE, 0x3000, 25, 11, 5); // never released
    past.add(Kind.ALLOCATE, 0x4000, 25, 11, 5);
  }

  private String run(String template, Map<String, String> set) {
    try (HeapDatabase database = HeapDatabase.open(heap, "test", HeapDatabase.Limits.USUAL);
        Answer answer = database.query(Templates.with(own).get(template).with(set))) {
      return TextTable.of(answer, 10);
    }
  }

  @Test
  void growth() {
    assertThat(run("growth", Map.of("from", "3ms")))
        .isEqualTo(
            """
            function   place          grown_bytes  grown_allocations  bytes_before  bytes_after
            function4  /src/file.c:5           50                  2             0           50""");
  }

  @Test
  void leaks() {
    assertThat(run("leaks", Map.of()).lines().skip(1))
        .singleElement()
        .asString()
        .startsWith("function4  /src/file.c:5          50                 2                     0");
  }

  @Test
  void churn() {
    assertThat(run("churn", Map.of()).lines().skip(1))
        .anyMatch(line -> line.startsWith("function0  /src/file.c:1"))
        .anyMatch(line -> line.startsWith("function1  /src/file.c:2"));
  }

  @Test
  void shortLivedLarge() {
    assertThat(run("short-lived-large", Map.of()).lines().skip(1))
        .singleElement()
        .asString()
        .matches("function0 +/src/file.c:1 +1 +100000 +100000 +1.0");
    assertThat(run("short-lived-large", Map.of("lifetime", "10us")).lines()).hasSize(1);
  }

  @Test
  void crossThreadFrees() {
    assertThat(run("cross-thread-frees", Map.of()).lines().skip(1))
        .singleElement()
        .asString()
        .matches("function1 +function2 +1 +100 +1 +1");
  }

  @Test
  void sizeClassWaste() {
    assertThat(run("size-class-waste", Map.of()).lines().skip(1))
        .singleElement()
        .asString()
        .matches(" *48 +2 +50 +46 +0.479");
  }

  @Test
  void aTemplateOfTheUsersOwnStandsBesideOurs() throws IOException {
    Files.writeString(
        own.resolve("mine.sql"),
        "-- title: Mine\n-- set who = no'body: whom\nSELECT ${who} AS who, ${at} AS at");
    assertThat(Templates.with(own).described()).contains("mine: Mine", "growth: Top growth");
    assertThatThrownBy(() -> run("mine", Map.of()))
        .hasMessage("the template 'mine' uses ${at}, but has no line '-- set at = …: …'");
    assertThatThrownBy(() -> run("mine", Map.of("when", "1")))
        .hasMessage("the template 'mine' has no parameter 'when'");
    assertThatThrownBy(() -> run("nosuch", Map.of()))
        .hasMessageStartingWith("there is no template 'nosuch'; there are churn, ");
    Files.writeString(own.resolve("mine.sql"), "-- set who = no'body: whom\nSELECT ${who} AS who");
    assertThat(run("mine", Map.of())).isEqualTo("who\nno'body");
    assertThat(run("mine", Map.of("who", "1.5s"))).isEqualTo("       who\n1500000000");
  }

  @Test
  void theUsersFolderIsWhereTheDesktopKeepsConfigurations() {
    assertThat(Templates.folderOf(Map.of("HOME", "/users/me")))
        .hasToString("/users/me/.config/heapatlas/queries");
    assertThat(Templates.folderOf(Map.of("XDG_CONFIG_HOME", "/etc/me", "HOME", "/users/me")))
        .hasToString("/etc/me/heapatlas/queries");
  }
}
