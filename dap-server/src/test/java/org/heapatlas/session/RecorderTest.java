package org.heapatlas.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.heapatlas.model.HeapEvent.Kind;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  private static final RecordingStatus.Limits WINDOW = new RecordingStatus.Limits(0, 1_000_000_000);

  /** Makes the folders, as a collector does. */
  private static final class Recording extends FakeHeap {
    private long unrecorded;

    @Override
    public Summary summarize(long id, int topSites, boolean waitForEnd) {
      Summary all = super.summarize(id, topSites, waitForEnd);
      return new Summary(
          all.process(),
          all.allocations() + unrecorded,
          all.releases(),
          0,
          0,
          0,
          0,
          all.coverage(),
          List.of(),
          0,
          0,
          0,
          0,
          0);
    }

    @Override
    public RecordingStatus record(
        String session, Path folder, RecordingStatus.Limits limits, String program) {
      try {
        Files.createDirectories(folder.resolve("1"));
        Files.writeString(folder.resolve("1/definitions.frames"), "definitions");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return recordingOf(session);
    }

    @Override
    public RecordingStatus stopRecording(String session) {
      return recordingOf(session);
    }

    @Override
    public RecordingStatus recordingOf(String session) {
      return new RecordingStatus("", true, "", past.events().size(), 0, 1);
    }
  }

  @TempDir Path parent;
  private final Recording heap = new Recording();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private Session session;
  private Recorder recorder;
  private Path folder;
  private Path second;

  @BeforeEach
  void begin() {
    folder = parent.resolve("flight");
    second = parent.resolve("flight-2");
    heap.appear(WatchedProcess.State.RUNNING);
    session = new Session("test", heap);
    recorder = new Recorder(folder, WINDOW, false, said::add);
    recorder.begin(session, "program");
  }

  @Test
  void aFolderBehindACutInWhichNothingHappenedIsNotKept() {
    recorder.cut(session, "program");
    assertThat(recorder.folder()).isEqualTo(second).isDirectory();
    heap.past.add(Kind.EXISTING, 0x1000, 10, 1, 1);
    heap.past.add(Kind.THREAD_EXIT, 0, 0, 1, 0);
    recorder.end(session);
    assertThat(second).doesNotExist();
    assertThat(said.getLast()).contains("nothing").contains(second.toString());
    assertThat(recorder.folder()).isEqualTo(folder).isDirectory();
  }

  @Test
  void aFolderBehindACutWithOneEventIsKept() {
    recorder.cut(session, "program");
    heap.past.add(Kind.EXISTING, 0x1000, 10, 1, 1);
    heap.past.add(Kind.RELEASE, 0x1000, 10, 1, 1);
    recorder.end(session);
    assertThat(recorder.folder()).isEqualTo(second).isDirectory();
    assertThat(said.getLast()).startsWith("recorded 2 events").contains(second.toString());
  }

  @Test
  void aFolderWhoseBeginningIsNotTheEndOfTheOneBeforeIsKept() {
    recorder.cut(session, "program");
    heap.unrecorded = 1;
    heap.past.add(Kind.EXISTING, 0x1000, 10, 1, 1);
    recorder.end(session);
    assertThat(second).isDirectory();
  }

  @Test
  void anotherCutWithNothingInBetweenGoesOnUnderTheSameName() {
    recorder.cut(session, "program");
    recorder.cut(session, "program");
    assertThat(recorder.folder()).isEqualTo(second).isDirectory();
    assertThat(parent.resolve("flight-3")).doesNotExist();
  }

  @Test
  void aSearchThatIsCutOffLeavesTheFolder() {
    recorder.cut(session, "program");
    heap.past.add(Kind.EXISTING, 0x1000, 10, 1, 1);
    heap.past.patience = 0;
    recorder.end(session);
    assertThat(second).isDirectory();
  }

  @Test
  void theOnlyFolderIsKeptWhateverIsInIt() {
    recorder.end(session);
    assertThat(folder).isDirectory();
    assertThat(said).singleElement().asString().startsWith("recorded 0 events");
  }
}
