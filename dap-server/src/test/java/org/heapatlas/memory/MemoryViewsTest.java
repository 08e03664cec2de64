package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.ProgramEnd;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.HeatMap;
import org.heapatlas.view.KeyFigures;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryViewsTest {
  private final FakeHeap heap = new FakeHeap();
  private Session session;

  @BeforeEach
  void start() {
    session = new Session("test", heap);
  }

  private OpenView open(String id, Map<String, String> parameters) {
    return new MemoryFeature()
        .views().stream()
            .filter(view -> view.description(List.of()).id().equals(id))
            .findFirst()
            .orElseThrow()
            .open(session, new ViewDefinition.Options(parameters, ViewDefinition.Viewport.DEFAULT));
  }

  private OpenView open(String id) {
    heap.appear(WatchedProcess.State.RUNNING);
    return open(id, Map.of());
  }

  private static OpenView.Act act(String action, String target, String... arguments) {
    Map<String, String> table = new java.util.HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      table.put(arguments[i], arguments[i + 1]);
    }
    return new OpenView.Act(action, target, table);
  }

  @Test
  void everyViewSaysWhatToDoBeforeAProgramAppearsAndShowsItAfter() {
    for (String id :
        new String[] {"memory.overview", "memory.map", "memory.sites", "memory.series"}) {
      FakeHeap fresh = new FakeHeap();
      session = new Session("test", fresh);
      OpenView view = open(id, Map.of());
      assertThat(view.frame().empty()).isNotBlank();
      assertThat(view.frame().data()).isNull();
      fresh.appear(WatchedProcess.State.RUNNING);
      assertThat(view.frame().data()).as(id).isNotNull();
      assertThat(view.frame().time().live()).isTrue();
      fresh.appear(WatchedProcess.State.ENDED);
      assertThat(view.frame().time().live()).isFalse();
    }
  }

  @Test
  void theMapShowsRegionsWithAllocationsWithinItsBudgetAndCountsEveryByte() {
    HeatMap map = (HeatMap) open("memory.map").frame().data();
    assertThat(map.segments())
        .singleElement()
        .satisfies(segment -> assertThat(segment.label()).isEqualTo("[heap]"));
    assertThat(map.values()[0]).hasSizeLessThanOrEqualTo(1200 * 600 / 64 + 1);
    assertThat(Arrays.stream(map.values()[0]).sum()).isEqualTo(FakeHeap.SIZE / 64);
  }

  @Test
  void theMapGoesDownToAPageAndBackByItsBreadcrumbs() {
    OpenView map = open("memory.map");
    map.act(act("drill", "0x7f0000100000", "from", "0x7f0000100000", "to", "0x7f0000200000"));
    map.act(act("drill", "0x7f0000100010", "from", "0x7f0000100010", "to", "0x7f0000100020"));
    Frame page = map.frame();
    HeatMap data = (HeatMap) page.data();
    assertThat(data.segments().getFirst().tileBytes()).isEqualTo(16);
    assertThat(data.segments().getFirst().from()).isEqualTo("0x7f0000100000");
    assertThat(data.segments().getFirst().to()).isEqualTo("0x7f0000101000");
    assertThat(Arrays.stream(data.values()[0]).sum()).isEqualTo(64);
    assertThat(page.breadcrumbs()).hasSize(3);

    map.act(act("back", page.breadcrumbs().get(1).target()));
    assertThat(map.frame().breadcrumbs()).hasSize(2);
    map.act(act("drill", "all"));
    assertThat(map.frame().breadcrumbs()).hasSize(1);
  }

  @Test
  void anActionThatAViewDoesNotHaveIsRefusedByName() {
    assertThatThrownBy(() -> open("memory.map").act(act("explode", "")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'explode'");
    assertThatThrownBy(() -> open("memory.map").act(act("drill", "nowhere")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("range");
    assertThatThrownBy(() -> open("memory.sites").act(act("sort", "colour")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'colour'");
  }

  @Test
  void theSitesAreSortedFilteredAndScrolledByTheCollector() {
    OpenView sites = open("memory.sites");
    sites.act(act("sort", "rate", "column", "rate", "descending", "true"));
    sites.act(act("filter", "", "text", "func"));
    sites.act(act("window", "", "offset", "200", "rows", "50"));
    Table table = (Table) sites.frame().data();
    assertThat(heap.calls).contains("sites RATE 200 50 func");
    assertThat(table.descending()).isTrue();
    assertThat(table.offset()).isEqualTo(200);
    assertThat(table.total()).isEqualTo(300);
    assertThat(table.rows()).hasSize(50);
    assertThat(table.sort()).isEqualTo("rate");
  }

  @Test
  void theSitesAreSortedFromTheLeastWhenAskedTo() {
    OpenView sites = open("memory.sites");
    sites.act(act("sort", "liveBytes", "column", "liveBytes", "descending", "false"));
    Table table = (Table) sites.frame().data();
    assertThat(heap.calls).contains("sites LIVE_BYTES ascending 0 100 ");
    assertThat(table.descending()).isFalse();
  }

  @Test
  void anInspectedBlockIsShownWithItsOwnerSizeAgeAndNeighbourhood() {
    OpenView map = open("memory.map");
    map.act(act("inspect", "0x7f0000100010"));
    Frame frame = map.frame();
    HeatMap.Detail detail = ((HeatMap) frame.data()).detail();
    assertThat(detail.title()).isEqualTo("Allocation of 64 B by function0");
    assertThat(detail.facts()).extracting(HeatMap.Fact::title).contains("Size", "Age", "Thread");
    assertThat(detail.stack()).hasSize(2);
    assertThat(frame.selection().from()).isEqualTo("0x7f0000100000");
    assertThat(frame.selection().to()).isEqualTo("0x7f0000100040");
    assertThat(map.frame().breadcrumbs().getLast().title())
        .isEqualTo("allocation at 0x7f0000100000");

    map.act(act("back", ""));
    assertThat(((HeatMap) map.frame().data()).detail()).isNull();
  }

  @Test
  void anInspectedRangeNamesTheSitesThatHoldIt() {
    OpenView map = open("memory.map");
    map.act(act("inspect", "", "from", "0x7f0000100000", "to", "0x7f0000110000"));
    HeatMap.Detail detail = ((HeatMap) map.frame().data()).detail();
    assertThat(detail.title()).isEqualTo("Who holds this range");
    assertThat(detail.parts())
        .singleElement()
        .isEqualTo(new HeatMap.Part("function0", "1.0 KiB in 16 allocations", "0x7f0000100000"));
    map.act(act("inspect", detail.parts().getFirst().target()));
    assertThat(((HeatMap) map.frame().data()).detail().title()).startsWith("Allocation of 64 B");
  }

  @Test
  void aPlaceWithoutAnAllocationSaysSo() {
    OpenView map = open("memory.map");
    map.act(act("inspect", "0x7f0000100100"));
    assertThat(((HeatMap) map.frame().data()).detail().title())
        .isEqualTo("No live allocation here");
  }

  @Test
  void lookingCloserThanAPageInspectsWhatLiesThere() {
    OpenView map = open("memory.map");
    map.act(act("drill", "", "from", "0x7f0000100000", "to", "0x7f0000101000"));
    map.act(act("drill", "", "from", "0x7f0000100000", "to", "0x7f0000100010"));
    assertThat(((HeatMap) map.frame().data()).detail().title()).startsWith("Allocation of 64 B");
  }

  @Test
  void allMappingsAreShownWhenAskedFor() {
    OpenView map = open("memory.map");
    map.act(act("scope", ""));
    HeatMap data = (HeatMap) map.frame().data();
    assertThat(data.segments())
        .extracting(HeatMap.Segment::label)
        .containsExactly("[heap]", "/lib/libc.so.6");
    assertThat(data.regions()).hasSize(2);
    assertThat(map.frame().actions())
        .anySatisfy(action -> assertThat(action.title()).isEqualTo("Only the heap"));
  }

  @Test
  void theProcessesOfTheSessionCanBeChosen() {
    heap.appear(WatchedProcess.State.ENDED);
    assertThat(new MemoryFeature().views().getFirst().description(session.processes()).parameters())
        .singleElement()
        .satisfies(
            process -> {
              assertThat(process.values()).containsExactly("7");
              assertThat(process.titles()).containsExactly("fake[4711], ended");
            });
  }

  @Test
  void theEndOfAProgramIsSaidInItsFrames() {
    OpenView map = open("memory.map");
    assertThat(map.frame().time().end()).isEmpty();
    heap.appear(WatchedProcess.State.ENDED);
    session.ended(new ProgramEnd(4711, 137, 0));
    assertThat(map.frame().time().end()).isEqualTo("exit status 137 (128 + signal 9)");
  }

  @Test
  void aSiteIsNamedByItsCallerNotByMallocAndKeepsItsWholeStack() {
    Table table = (Table) open("memory.sites").frame().data();
    Table.Row row = table.rows().getFirst();
    assertThat(row.cells().getFirst().text()).isEqualTo("function0");
    assertThat(row.cells().get(1).path()).isEqualTo("/src/file.c");
    assertThat(row.cells()).hasSameSizeAs(table.columns());
    assertThat(row.detail())
        .extracting(Table.StackLine::function)
        .containsExactly("malloc", "function0");
  }

  @Test
  void theOverviewCarriesTheProgramsNotices() {
    KeyFigures figures = (KeyFigures) open("memory.overview").frame().data();
    assertThat(figures.notices()).contains("a notice");
    assertThat(figures.figures())
        .extracting(KeyFigures.Figure::id)
        .contains("liveBytes", "peakBytes", "lost");
  }

  @Test
  void aProcessThatIsNoNumberIsRefused() {
    assertThatThrownBy(() -> open("memory.map", Map.of("process", "redis")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'redis'");
  }
}
