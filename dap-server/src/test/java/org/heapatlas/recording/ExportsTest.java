package org.heapatlas.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.heapatlas.model.HeapEvent.Kind;
import org.heapatlas.model.Mode;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.export.Exports;
import org.heapatlas.session.FakeHeap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsTest {
  private static final Path HEAPTRACK = Path.of("/usr/bin/heaptrack_print");

  @TempDir Path folder;
  private final FakeHeap heap = new FakeHeap();
  private List<WatchedProcess> processes = List.of(FakeHeap.process(WatchedProcess.State.REPLAYED));

  /** At the end 300 bytes are live: 100 of site 1 and 200 of site 2. */
  @BeforeEach
  void record() {
    heap.appear(WatchedProcess.State.REPLAYED);
    heap.past.add(Kind.ALLOCATE, 0x1000, 100, 11, 1);
    heap.past.add(Kind.ALLOCATE, 0x2000, 70, 11, 1);
    heap.past.add(Kind.RELEASE, 0x2000, 70, 11, 3);
    heap.past.add(Kind.ALLOCATE, 0x3000, 200, 11, 2);
  }

  private byte[] export(Exports.Format format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (HeapDatabase database =
        HeapDatabase.openStreaming(heap, processes, HeapDatabase.Limits.USUAL)) {
      new Exports(heap, processes, database)
          .write(format, () -> Profile.liveAt(database, heap, Long.MAX_VALUE), out);
    }
    return out.toByteArray();
  }

  private String text(Exports.Format format) throws IOException {
    return new String(export(format), StandardCharsets.UTF_8);
  }

  @Test
  void aCollapsedStackIsALineWithItsLiveBytes() throws IOException {
    assertThat(text(Exports.Format.COLLAPSED))
        .isEqualTo("function1;malloc 200\nfunction0;malloc 100\n");
  }

  /** One second behind the first, with the same past; {@code id} is its number. */
  private static WatchedProcess later(long id, int pid, String program) {
    return new WatchedProcess(
        id,
        "",
        pid,
        1,
        "test",
        "/usr/bin/" + program,
        List.of(program),
        WatchedProcess.State.REPLAYED,
        Mode.FULL,
        1_000_000_000,
        "glibc",
        List.of());
  }

  @Test
  void severalProcessesAreToldApartByTheOutermostFrame() throws IOException {
    processes = List.of(processes.getFirst(), later(8, 4712, "child"));
    assertThat(text(Exports.Format.COLLAPSED).lines())
        .containsExactlyInAnyOrder(
            "fake[4711];function1;malloc 200",
            "fake[4711];function0;malloc 100",
            "child[4712];function1;malloc 200",
            "child[4712];function0;malloc 100");
    JsonNode file = new ObjectMapper().readTree(text(Exports.Format.SPEEDSCOPE));
    assertThat(file.path("profiles").get(0).path("endValue").asLong()).isEqualTo(600);
    assertThat(file.path("shared").path("frames").findValuesAsText("name"))
        .contains("fake[4711]", "child[4712]");
  }

  @Test
  void aProgramThatStartsItselfAnewIsToldApartByItsNumber() throws IOException {
    processes = List.of(processes.getFirst(), later(8, 4711, "fake"));
    assertThat(text(Exports.Format.COLLAPSED))
        .contains("fake[4711]#7;function1;malloc 200\n", "fake[4711]#8;function1;malloc 200\n");
  }

  @Test
  void ofSeveralProcessesSomeAreWritten() throws IOException {
    processes = List.of(later(8, 4712, "child"));
    assertThat(text(Exports.Format.HEAPTRACK)).startsWith("v 10100 1\nX child\n");
    assertThat(text(Exports.Format.CSV).lines().skip(1))
        .hasSize(4)
        .allMatch(l -> l.startsWith("8,"));
  }

  @Test
  void perfettosTracksOfSeveralProcessesAreOnOneClock() throws IOException {
    processes =
        List.of(processes.getFirst(), later(8, 4712, "child"), later(9, 4712, "grandchild"));
    JsonNode events =
        new ObjectMapper().readTree(text(Exports.Format.PERFETTO)).path("traceEvents");
    assertThat(events.findValues("args").stream().map(args -> args.path("name").asText("")))
        .containsSubsequence("fake", "child, then grandchild");
    assertThat(events)
        .filteredOn(event -> event.path("ph").asText().equals("C"))
        .anyMatch(
            event ->
                event.path("pid").asInt() == 4712
                    && event.path("name").asText().equals("live_bytes")
                    && event.path("ts").asDouble() == 1_000_000.002);
  }

  @Test
  void whatHasNoStackHasAFrameThatSaysSo() throws IOException {
    heap.past.add(Kind.ALLOCATE, 0x4000, 50, 11, 0);
    assertThat(text(Exports.Format.COLLAPSED)).contains("\n(no stack) 50\n");
    JsonNode file = new ObjectMapper().readTree(text(Exports.Format.SPEEDSCOPE));
    assertThat(file.path("shared").path("frames").findValuesAsText("name")).contains("(no stack)");
  }

  @Test
  void aProfileIsOfASpanToo() {
    try (HeapDatabase database = HeapDatabase.open(heap, "test", HeapDatabase.Limits.USUAL)) {
      Profile profile = Profile.allocated(database, heap, new TimeSpan(1_000_000, 2_000_000));
      assertThat(profile.bytes()).isEqualTo(70);
      assertThat(profile.allocations()).isEqualTo(1);
    }
  }

  @Test
  void speedscopeGetsAProfileOfBytesAndOneOfAllocationsOverTheSameFrames() throws IOException {
    JsonNode file = new ObjectMapper().readTree(text(Exports.Format.SPEEDSCOPE));
    JsonNode bytes = file.path("profiles").get(0);
    assertThat(bytes.path("unit").asText()).isEqualTo("bytes");
    assertThat(bytes.path("endValue").asLong()).isEqualTo(300);
    assertThat(bytes.path("samples").toString()).isEqualTo("[[0,1],[2,1]]");
    assertThat(bytes.path("weights").toString()).isEqualTo("[200,100]");
    assertThat(file.path("profiles").get(1).path("weights").toString()).isEqualTo("[1,1]");
    assertThat(file.path("shared").path("frames").get(0).toString())
        .isEqualTo("{\"name\":\"function1\",\"file\":\"/src/file.c\",\"line\":2}");
  }

  @Test
  void pprofGetsAGzippedProfileWhoseStringsNameTheFunctions() throws IOException {
    byte[] file = export(Exports.Format.PPROF);
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes();
    assertThat(new String(plain, StandardCharsets.UTF_8))
        .contains("live_objects", "live_space", "count", "bytes", "function1", "/src/file.c");
  }

  @Test
  void perfettoGetsTheFiguresOverTimeAsCounters() throws IOException {
    JsonNode events =
        new ObjectMapper().readTree(text(Exports.Format.PERFETTO)).path("traceEvents");
    assertThat(events.get(0).path("args").path("name").asText()).isEqualTo("fake");
    assertThat(events)
        .anyMatch(
            event ->
                event.path("name").asText().equals("live_bytes")
                    && event.path("ph").asText().equals("C")
                    && event.path("ts").asDouble() == 0.002
                    && event.path("args").path("value").asLong() == 2);
  }

  @Test
  void csvHasAllEvents() throws IOException {
    assertThat(text(Exports.Format.CSV).lines()).hasSize(5).anyMatch(l -> l.contains(",release,"));
  }

  @Test
  void heaptrackReadsItsOwnFormat() throws IOException, InterruptedException {
    String file = text(Exports.Format.HEAPTRACK);
    assertThat(file)
        .startsWith("v 10100 1\nX fake\nc 0\n")
        .contains("\na 64 ", "\n+ 0\n", "\n- 1\n");
    assumeThat(HEAPTRACK).exists();
    Path written = Files.writeString(folder.resolve("heaptrack.txt"), file);
    Process process =
        new ProcessBuilder(List.of(HEAPTRACK.toString(), written.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(said)
        .contains("function0", "calls to allocation functions: 3", "total memory leaked: 300B")
        .doesNotContain("failed to parse");
  }

  @Test
  void anArgumentOfSeveralLinesIsOneLineToHeaptrack() throws IOException {
    processes = List.of(later(8, 4712, "sh -c one\ntwo"));
    assertThat(text(Exports.Format.HEAPTRACK)).startsWith("v 10100 1\nX sh -c one two\n");
  }

  @Test
  void twoProfilesDifferByStackAndChanceExplainsWhatIsSmall() {
    try (HeapDatabase database = HeapDatabase.open(heap, "test", HeapDatabase.Limits.USUAL)) {
      Profile before = Profile.liveAt(database, heap, 1_000_000);
      Profile after = Profile.liveAt(database, heap, Long.MAX_VALUE);
      List<Growth> growth = Growth.between(before, after);
      assertThat(growth).extracting(Growth::bytes).containsExactly(200L, -70L);
      assertThat(growth).extracting(Growth::allocations).containsExactly(1L, -1L);
      assertThat(growth).noneMatch(Growth::exceedsNoise);
      assertThat(growth.getFirst().stack().caller().orElseThrow().function())
          .isEqualTo("function1");
    }
  }
}
