package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeFinding;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.Hex;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryBytesTest {
  private static final int PAGE = (int) FakeHeap.PAGE;

  private final FakeHeap heap = new FakeHeap();
  private final byte[] pages = new byte[2 * PAGE];
  private Session session;

  /** Two pages of the heap can be read, and those behind them cannot. */
  @BeforeEach
  void start() {
    session = new Session("test", heap);
    for (int at = 0; at < pages.length; at++) {
      pages[at] = (byte) (at % 251);
    }
    heap.memory.put(FakeHeap.BASE, pages);
  }

  private OpenView open(WatchedProcess.State state) {
    heap.appear(state);
    OpenView view = view("memory.bytes", Map.of());
    view.frame();
    view.act(act("window", "", "columns", "16", "rows", "32"));
    int above = 7; // rows, of the 30 that fit into what is asked for by default
    view.act(act("scroll", "0x7f0000000000", "rows", Integer.toString(above)));
    return view;
  }

  private OpenView view(String id, Map<String, String> parameters) {
    return new MemoryFeature()
        .views().stream()
            .filter(view -> view.description(List.of()).id().equals(id))
            .findFirst()
            .orElseThrow()
            .open(session, new ViewDefinition.Options(parameters, ViewDefinition.Viewport.DEFAULT));
  }

  private static OpenView.Act act(String action, String target, String... arguments) {
    Map<String, String> table = new java.util.HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      table.put(arguments[i], arguments[i + 1]);
    }
    return new OpenView.Act(action, target, table);
  }

  private static Hex shown(OpenView view) {
    return (Hex) view.frame().data();
  }

  private static byte[] bytes(Hex hex) {
    return Base64.getDecoder().decode(hex.data());
  }

  /** The frame once the search has ended. */
  private static Hex searched(OpenView view) throws InterruptedException {
    Frame frame = view.frame();
    while (frame.progress() != null) {
      Thread.sleep(5);
      frame = view.frame();
    }
    return (Hex) frame.data();
  }

  @Test
  void theFirstBlockOfTheHeapIsShownWithItsOwnerAndWhatIsNoBlock() {
    Hex hex = shown(open(WatchedProcess.State.RUNNING));
    assertThat(hex.from()).isEqualTo("0x7f0000000000");
    assertThat(hex.at()).isEqualTo("0x7f0000000000");
    assertThat(bytes(hex)).startsWith(0, 1, 2, 3).hasSize(512);
    assertThat(hex.unreadable()).isEmpty();
    assertThat(hex.spans()).hasSize(2);
    assertThat(hex.spans().getFirst())
        .isEqualTo(
            new Hex.Span(
                "0x7f0000000000",
                "0x7f0000000040",
                "live",
                "function0",
                64,
                "allocated at 1.500000 s by thread 4711, Tenant north"));
    assertThat(hex.spans().getLast().kind()).isEqualTo("outside");
    assertThat(hex.region()).contains("heap");
    assertThat(hex.lowest()).isEqualTo("0x7f0000000000");
    assertThat(hex.highest()).isEqualTo("0x7f0001000000");
    assertThat(hex.program()).isEqualTo("fake[4711]");
  }

  @Test
  void aPlaceIsAnAddressOrAnOffsetFromTheCursorAndTheWayLeadsBackAndForward() {
    OpenView view = open(WatchedProcess.State.RUNNING);
    view.act(act("go", "0x7f0000001010"));
    view.act(act("go", "+0x10"));
    view.act(act("go", "-8", "at", "0x7f0000001018"));
    assertThat(shown(view).at()).isEqualTo("0x7f0000001010");
    view.act(act("go", "0x7f0000000000+64"));
    assertThat(shown(view).at()).isEqualTo("0x7f0000000040");
    long visit = shown(view).visit();
    view.act(act("back", ""));
    assertThat(shown(view).at()).isEqualTo("0x7f0000001010");
    assertThat(shown(view).visit()).isGreaterThan(visit);
    view.act(act("forward", ""));
    assertThat(shown(view).at()).isEqualTo("0x7f0000000040");
    assertThatThrownBy(() -> view.act(act("go", "nowhere")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'nowhere'");
  }

  @Test
  void theWindowScrollsByRowsAndStaysWithinTheAddressSpace() {
    OpenView view = open(WatchedProcess.State.RUNNING);
    view.act(act("scroll", "0x7f0000000205", "rows", "2"));
    Hex hex = shown(view);
    assertThat(hex.from()).isEqualTo("0x7f0000000020");
    view.act(act("show", "0x7f0000000010"));
    assertThat(shown(view).from()).isEqualTo("0x7f0000000010");
    view.act(act("show", "0x7f0000000215"));
    assertThat(shown(view).from()).isEqualTo("0x7f0000000020");
    view.act(act("go", "0xffffffffffffffff"));
    assertThat(shown(view).from()).isEqualTo("0xffffffffffffee00");
    view.act(act("scroll", "0xffffffffffffffff", "rows", "5"));
    assertThat(shown(view).from()).isEqualTo("0xffffffffffffee00");
    view.act(act("go", "0x0"));
    view.act(act("scroll", "0x0", "rows", "-5"));
    assertThat(shown(view).from()).isEqualTo("0x0");
    view.act(act("window", "", "columns", "8", "rows", "10"));
    assertThat(bytes(shown(view))).hasSize(80);
  }

  @Test
  void whatCannotBeReadIsSaidAndWhatLiesBehindItIsShown() {
    heap.memory.put(FakeHeap.BASE + 3 * PAGE, new byte[PAGE]);
    OpenView view = open(WatchedProcess.State.RUNNING);
    view.act(act("window", "", "columns", "32", "rows", "128"));
    view.act(act("go", "0x7f0000002800"));
    Hex hex = shown(view);
    assertThat(hex.from()).isEqualTo("0x7f0000002400");
    assertThat(hex.unreadable()).containsExactly(new Hex.Run(0, 0xc00));
    assertThat(hex.why()).contains("page");
  }

  @Test
  void aByteThatChangedIsMarkedAndOneSinceTheSnapshotAsLongAsItIsCompared() {
    OpenView view = open(WatchedProcess.State.RUNNING);
    assertThat(shown(view).changed()).isEmpty();
    pages[5] = 99;
    Hex hex = shown(view);
    assertThat(hex.changed()).containsExactly(new Hex.Run(5, 1));
    assertThat(hex.compared()).isEqualTo("in the last 2 s");
    view.act(act("snapshot", ""));
    assertThat(shown(view).changed()).isEmpty();
    pages[PAGE + 1] = 77;
    pages[PAGE + 2] = 77;
    view.act(act("go", "0x7f0000001000"));
    hex = shown(view);
    assertThat(hex.compared()).startsWith("since the snapshot at ");
    assertThat(hex.changed()).hasSize(1);
    assertThat(hex.changed().getFirst().length()).isEqualTo(2);
    view.act(act("uncompare", ""));
    assertThat(shown(view).compared()).isEqualTo("in the last 2 s");
  }

  @Test
  void aBlockThatWasSeenAndIsReleasedIsShownAsFreedUntilAnotherLiesThere() {
    OpenView view = open(WatchedProcess.State.RUNNING);
    heap.released.add(FakeHeap.BASE);
    assertThat(shown(view).spans())
        .filteredOn(span -> span.kind().equals("freed"))
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.owner()).isEqualTo("function0");
              assertThat(span.size()).isEqualTo(64);
            });
    heap.released.clear();
    assertThat(shown(view).spans()).noneSatisfy(span -> assertThat(span.kind()).isEqualTo("freed"));
  }

  @Test
  void aPointerIsNamedByWhatItPointsIntoAndFollowed() {
    ByteBuffer.wrap(pages)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(8, FakeHeap.BASE + PAGE + 0x10)
        .putLong(16, FakeHeap.BASE + (1L << 32) + 4);
    OpenView view = open(WatchedProcess.State.RUNNING);
    assertThat(shown(view).pointers())
        .containsExactly(
            new Hex.Pointer(8, "0x7f0000001010", "64 B by function0 + 0x10"),
            new Hex.Pointer(16, "0x7f0100000004", "libc.so.6 + 0x4"));
    view.act(act("follow", "0x7f0000000008"));
    assertThat(shown(view).at()).isEqualTo("0x7f0000001010");
    view.act(act("back", ""));
    assertThat(shown(view).at()).isEqualTo("0x7f0000000008");
    assertThatThrownBy(() -> view.act(act("follow", "0x10")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("0x10");
  }

  @Test
  void bytesAndTextAreSearchedBehindTheCursor() throws InterruptedException {
    System.arraycopy("needle".getBytes(StandardCharsets.UTF_8), 0, pages, PAGE + 7, 6);
    OpenView view = open(WatchedProcess.State.RUNNING);
    view.act(act("search", "0x7f0000000000", "text", "\"needle\""));
    assertThat(searched(view).at()).isEqualTo("0x7f0000001007");
    view.act(act("search", "0x7f0000000000", "text", "6e 65 65 64"));
    assertThat(searched(view).at()).isEqualTo("0x7f0000001007");
    view.act(act("search", "0x7f0000001007", "text", "\"needle\""));
    Hex none = searched(view);
    assertThat(none.note()).contains("does not occur");
    assertThat(none.at()).isEqualTo("0x7f0000001007");
    assertThatThrownBy(() -> view.act(act("search", "0x0", "text", "needle")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("\"ELF\"");
  }

  @Test
  void whatIsChosenInTheMapIsShownAndWhatIsGoneToIsWhatOtherViewsTellOf() {
    OpenView view = open(WatchedProcess.State.RUNNING);
    OpenView map = view("memory.map", Map.of());
    map.act(act("inspect", "0x7f0000005010"));
    map.frame();
    assertThat(shown(view).at()).isEqualTo("0x7f0000005000");
    view.act(act("go", "0x7f0000009000"));
    map.frame();
    assertThat(shown(view).at()).isEqualTo("0x7f0000009000");
    assertThat(session.address(7)).hasValue(0x7f0000009000L);
    view.act(act("history", "0x7f0000009010"));
    assertThat(session.address(7)).hasValue(0x7f0000009010L);
  }

  @Test
  void theMapAFindingAndAHistoryLeadToTheBytesOfTheirAddress() throws InterruptedException {
    OpenView view = open(WatchedProcess.State.RUNNING);
    OpenView map = view("memory.map", Map.of());
    assertThatThrownBy(() -> map.act(act("bytes", ""))).hasMessageContaining("choose a tile");
    map.act(act("inspect", "0x7f0000005100"));
    assertThat(map.frame().actions())
        .contains(new Frame.Action("bytes", "Show its bytes", "frame", "memory.bytes"));
    map.act(act("bytes", ""));
    assertThat(shown(view).at()).isEqualTo("0x7f0000005100");

    heap.raise(FakeFinding.doubleFree(3, 40));
    OpenView findings = view("memory.findings", Map.of());
    Table.Row row = ((Table) findings.frame().data()).rows().getFirst();
    findings.act(act("bytes", row.id()));
    assertThat(session.address(7)).hasValue(heap.findings("test").getFirst().address());

    heap.past.add(HeapEvent.Kind.ALLOCATE, FakeHeap.BASE + 0x80, 32, 1, 2);
    session.lookAt(7, FakeHeap.BASE + 0x90);
    OpenView history = view("memory.history", Map.of());
    while (history.frame().progress() != null) {
      Thread.sleep(5);
    }
    history.act(act("bytes", "0"));
    assertThat(shown(view).at()).isEqualTo("0x7f0000000080");
  }

  @Test
  void bytesAreWrittenWhereTheyWereTypedAndOnlyWholeOnes() {
    OpenView view = open(WatchedProcess.State.RUNNING);
    assertThat(view.act(act("write", "0x7f0000000004", "bytes", "DEad")))
        .isEqualTo("2 bytes were written at 0x7f0000000004 of fake[4711]");
    assertThat(heap.calls).contains("write dead at 0x7f0000000004");
    assertThat(bytes(shown(view))).startsWith(0, 1, 2, 3, 0xde, 0xad, 6);
    for (String wrong : List.of("", "abc", "no", "0x12")) {
      assertThatThrownBy(() -> view.act(act("write", "0x7f0000000004", "bytes", wrong)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("two hexadecimal digits");
    }
  }

  @Test
  void itOpensAtTheAddressThatIsGiven() {
    heap.appear(WatchedProcess.State.RUNNING);
    OpenView view = view("memory.bytes", Map.of("address", "0x7f0000001000+8"));
    assertThat(shown(view).at()).isEqualTo("0x7f0000001008");
  }

  @Test
  void ofARecordingWhatWasNotKeptIsSaidAndNothingIsSearched() {
    heap.memory.clear();
    heap.memory.put(FakeHeap.BASE + 0x20, new byte[] {1, 2, 3, 4});
    OpenView view = open(WatchedProcess.State.REPLAYED);
    Hex hex = shown(view);
    assertThat(hex.unreadable())
        .containsExactly(new Hex.Run(0, 0x20), new Hex.Run(0x24, 512 - 0x24));
    assertThat(hex.why()).contains("capture");
    assertThat(hex.compared()).isEqualTo("by the last move in time");
    assertThatThrownBy(() -> view.act(act("search", "0x0", "text", "00")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("cannot be searched");
    assertThatThrownBy(() -> view.act(act("write", "0x7f0000000020", "bytes", "00")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("changed");
    assertThat(view.frame().actions())
        .extracting(Frame.Action::id)
        .doesNotContain("write", "search");
  }

  @Test
  void ofARecordingTheLatestReleasesThereAreShownWithWhoAllocatedThem() throws Exception {
    heap.past.add(HeapEvent.Kind.ALLOCATE, FakeHeap.BASE + 0x80, 32, 1, 2);
    heap.past.add(HeapEvent.Kind.RELEASE, FakeHeap.BASE + 0x80, 32, 1, 3);
    OpenView view = open(WatchedProcess.State.REPLAYED);
    session.seek(7, Moment.END);
    assertThat(shown(view).spans())
        .contains(
            new Hex.Span(
                "0x7f0000000080",
                "0x7f00000000a0",
                "freed",
                "function1",
                32,
                "released at 0.001000 s"));
  }

  @Test
  void moreReleasesThanAreLookedAtAreSaidAndACutSearchGoesOn() throws Exception {
    heap.past.patience = 50;
    for (int i = 0; i < 2 * ReleasedBlocks.MOST; i++) {
      heap.past.add(HeapEvent.Kind.ALLOCATE, FakeHeap.BASE + 0x80, 32, 1, 2);
      heap.past.add(HeapEvent.Kind.RELEASE, FakeHeap.BASE + 0x80, 32, 1, 3);
    }
    OpenView view = open(WatchedProcess.State.REPLAYED);
    session.seek(7, Moment.END);
    assertThat(coverageOnceRead(view))
        .contains("only the latest 256 releases here were looked at; there may be more");
    session.seek(7, new Moment.Position(200));
    assertThat(coverageOnceRead(view)).doesNotContain("releases here");
    assertThat(shown(view).spans()).extracting(Hex.Span::kind).contains("freed");
  }

  private static String coverageOnceRead(OpenView view) throws InterruptedException {
    String text = view.frame().coverage().text();
    while (text.contains("are still being looked for")) {
      Thread.sleep(5);
      text = view.frame().coverage().text();
    }
    return text;
  }

  @Test
  void ofAProgramThatHasEndedThereIsNoMemoryAndItSaysSo() {
    heap.appear(WatchedProcess.State.ENDED);
    Frame frame = view("memory.bytes", Map.of()).frame();
    assertThat(frame.data()).isNull();
    assertThat(frame.empty()).contains("has ended");
  }
}
