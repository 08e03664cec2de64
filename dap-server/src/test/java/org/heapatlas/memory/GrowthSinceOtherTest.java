package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.RecordingsBeside;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Growth since another recording: which may be named, and what is said of it. */
class GrowthSinceOtherTest {
  private final FakeHeap here = new FakeHeap();
  private final FakeHeap other = new FakeHeap();
  @TempDir private Path folder;
  private Session session;

  private record Opened(FakeHeap heap) implements Node {
    @Override
    public HeapSource source() {
      return heap;
    }

    @Override
    public Command command(Launch launch) {
      throw new UnsupportedOperationException("nothing is started here");
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  /** Site 1 grows from 100 to 300 bytes in all, of which 100 come last; site 2 goes. */
  @BeforeEach
  void record() throws IOException {
    Files.createDirectories(folder.resolve("open"));
    Files.createDirectories(folder.resolve("other/1"));
    Files.createFile(folder.resolve("other/1/definitions.frames"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("other"));
    other.past.add(HeapEvent.Kind.ALLOCATE, 0x1000, 100, 11, 1);
    other.past.add(HeapEvent.Kind.ALLOCATE, 0x2000, 50, 11, 2);
    here.past.add(HeapEvent.Kind.ALLOCATE, 0x8000, 300, 11, 1);
    RecordingsBeside beside =
        new RecordingsBeside(folder.resolve("open"), path -> new Opened(other));
    session = new Session("test", here, Optional.of(beside));
    here.appear(WatchedProcess.State.REPLAYED);
    other.appear(WatchedProcess.State.REPLAYED);
  }

  private OpenView open(Session of, Map<String, String> parameters) {
    return new MemoryFeature()
        .views().stream()
            .filter(view -> view.description(List.of()).id().equals("memory.growth"))
            .findFirst()
            .orElseThrow()
            .open(of, new ViewDefinition.Options(parameters, ViewDefinition.Viewport.DEFAULT));
  }

  private static Frame read(OpenView view) throws InterruptedException {
    Frame frame = view.frame();
    for (int tries = 0; frame.progress() != null && tries < 2000; tries++) {
      Thread.sleep(5);
      frame = view.frame();
    }
    return frame;
  }

  private static List<Long> grown(Frame frame) {
    return ((Table) frame.data())
        .rows().stream().map(row -> row.cells().get(2).number().longValue()).toList();
  }

  @Test
  void sitesOfTheOtherRecordingAreTheBefore() throws Exception {
    Frame frame = read(open(session, Map.of("recording", "other")));
    assertThat(grown(frame)).containsExactly(200L, -50L);
    assertThat(frame.title()).startsWith("Growth from 'other' at ").endsWith("+150 B");
    assertThat(other.calls).as("it is open while it is read").contains("close");
    assertThat(grown(read(open(session, Map.of("recording", "other", "at", "begin")))))
        .as("at its first event nothing was live")
        .isNotEqualTo(grown(frame));
  }

  @Test
  void theActionTakesTheNextBesideAndGoesBack() throws Exception {
    OpenView view = open(session, Map.of());
    assertThat(read(view).actions())
        .extracting(Frame.Action::title)
        .contains("Compare with 'other'")
        .doesNotContain("Compare with 'link'", "Within this recording");
    view.act(new OpenView.Act("compare", "", Map.of()));
    assertThat(read(view).title()).contains("'other'");
    view.act(new OpenView.Act("within", "", Map.of()));
    assertThat(read(view).title()).doesNotContain("other");
  }

  @Test
  void nothingButARecordingBesideCanBeNamed() throws Exception {
    for (String name : List.of("..", "../open", "/etc", "link", "nowhere", "open", " ", "a\0b")) {
      Frame frame = read(open(session, Map.of("recording", name)));
      assertThat(frame.data()).as(name).isNull();
      assertThat(frame.empty()).as(name).doesNotContain("\n").contains("'" + name + "'");
    }
    assertThat(other.calls).doesNotContain("close");
    Session live = new Session("test", here);
    assertThat(read(open(live, Map.of("recording", "other"))).empty()).contains("live session");
  }
}
