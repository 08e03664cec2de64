package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.Label;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Resident;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.ProgramEnd;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.HeatMap;
import org.heapatlas.view.KeyFigures;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Scene;
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
        new String[] {
          "memory.overview",
          "memory.map",
          "memory.topology",
          "memory.sites",
          "memory.flame",
          "memory.callers",
          "memory.series",
          "memory.tags"
        }) {
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
  void theTerrainHasABoxForEveryTileThatHoldsSomethingAndCountsEveryByte() {
    Scene scene = (Scene) open("memory.topology").frame().data();
    assertThat(scene.plates())
        .singleElement()
        .satisfies(plate -> assertThat(plate.label()).isEqualTo("[heap]"));
    assertThat(scene.boxes().targets()).hasSizeLessThanOrEqualTo(4096 + 1);
    assertThat(scene.boxes().x()).hasSameSizeAs(scene.boxes().value());
    assertThat(Arrays.stream(scene.boxes().amount()).sum()).isEqualTo(FakeHeap.SIZE / 64.0);
    double scale = scene.axes().getLast().scale();
    assertThat(scene.boxes().height()[0] * scale).isCloseTo(scene.boxes().amount()[0], within(1.0));
  }

  @Test
  void theTerrainGoesCloserByTheHeapMapsTargetsAndBack() {
    OpenView terrain = open("memory.topology");
    terrain.act(act("drill", "0x7f0000100000", "from", "0x7f0000100000", "to", "0x7f0000200000"));
    Scene closer = (Scene) terrain.frame().data();
    terrain.act(act("drill", closer.boxes().targets().getFirst()));
    assertThat(terrain.frame().breadcrumbs()).hasSize(3);
    terrain.act(act("back", ""));
    assertThat(((Scene) terrain.frame().data()).plates()).isEqualTo(closer.plates());
    terrain.act(act("back", "all"));
    assertThat(terrain.frame().breadcrumbs()).hasSize(1);
    terrain.act(act("metric", "allocations"));
    assertThat(((Scene) terrain.frame().data()).metric()).isEqualTo("allocations");
    assertThatThrownBy(() -> terrain.act(act("metric", "beauty"))).isInstanceOf(Problem.class);
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

  private static List<String> names(OpenView view) {
    return ((Table) view.frame().data())
        .rows().stream().map(row -> row.cells().getFirst().text()).toList();
  }

  @Test
  void tagsAreSortedAndFilteredAndTheirSharesAreOfTheWholeHeap() {
    heap.labels =
        List.of(
            FakeHeap.label(Label.Kind.TAG, "log", 250),
            FakeHeap.label(Label.Kind.TAG, "index", 500),
            FakeHeap.label(Label.Kind.TENANT, "north", 900));
    OpenView tags = open("memory.tags");
    assertThat(names(tags)).containsExactly("index", "log");
    Table table = (Table) tags.frame().data();
    assertThat(table.columns()).hasSameSizeAs(table.rows().getFirst().cells());
    assertThat(table.rows().getFirst().cells().get(2).number()).isEqualTo(0.5);
    tags.act(act("sort", "", "column", "name", "descending", "true"));
    assertThat(names(tags)).containsExactly("log", "index");
    tags.act(act("filter", "", "text", "IND"));
    assertThat(names(tags)).containsExactly("index");
    assertThatThrownBy(() -> tags.act(act("sort", "colour")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'colour'");
  }

  @Test
  void aProgramWithoutTagsShowsTheKindOfLabelThatItHasOrTheOneChosen() {
    heap.labels = List.of(FakeHeap.label(Label.Kind.TENANT, "north", 900));
    OpenView labels = open("memory.tags");
    assertThat(labels.frame().title()).isEqualTo("Tenants");
    labels.act(act("arena", ""));
    assertThat(labels.frame().title()).isEqualTo("Arenas");
    assertThat(labels.frame().empty()).contains("heapatlas.h", "HEAPATLAS_ARENA");
    OpenView chosen = open("memory.tags", Map.of("kind", "objectType"));
    assertThat(chosen.frame().title()).isEqualTo("Object types");
    assertThatThrownBy(() -> open("memory.tags", Map.of("kind", "colour")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("tag, tenant, objectType, arena");
  }

  @Test
  void aLabelOpensIntoItsCallSitesAndBack() {
    OpenView tags = open("memory.tags");
    tags.act(act("drill", ((Table) tags.frame().data()).rows().getFirst().id()));
    Frame sites = tags.frame();
    assertThat(heap.calls).contains("sites LIVE_BYTES 0 100  of index");
    assertThat(sites.breadcrumbs()).extracting(Frame.Crumb::title).containsExactly("Tags", "index");
    tags.act(act("sort", "rate", "column", "rate", "descending", "true"));
    assertThat(((Table) tags.frame().data()).sort()).isEqualTo("rate");
    tags.act(act("back", sites.breadcrumbs().getFirst().target()));
    assertThat(names(tags)).containsExactly("index");
    assertThatThrownBy(() -> tags.act(act("drill", "nothing")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'nothing'");
  }

  @Test
  void poolsShowWhatTheyHoldAndWhatOfItIsFree() {
    heap.labels =
        List.of(
            new Label(new Label.Name(Label.Kind.POOL, "cells"), 300, 10, 300, 10, 400, 0, 1200, 0),
            FakeHeap.label(Label.Kind.POOL, "mapped", 200));
    Table table = (Table) open("memory.pools").frame().data();
    assertThat(table.rows().getFirst().cells())
        .extracting(Table.Cell::number)
        .startsWith(null, 300.0, 10.0, 1200.0, 0.25, 900.0, 400.0);
    assertThat(table.rows().get(1).cells().get(3).text())
        .as("the size of a pool in mappings of its own is not known")
        .isEqualTo("–");
    heap.labels = List.of();
    assertThat(open("memory.pools").frame().empty()).contains("heapatlas_pool_alloc");
  }

  @Test
  void anInspectedBlockIsShownWithItsLabelsAndPools() {
    OpenView map = open("memory.map");
    map.act(act("inspect", "0x7f0000100010"));
    assertThat(((HeatMap) map.frame().data()).detail().facts())
        .contains(
            new HeatMap.Fact("Tenant", "north"),
            new HeatMap.Fact("Pool", "cells, 16 B at 0x7f0000100000"));
  }

  @Test
  void whatIsInMemoryOfARegionIsShownOnEachNodeWhereThereAreSeveral() {
    OpenView map = open("memory.map");
    map.act(act("inspect", "0x7f0000100010"));
    HeatMap data = (HeatMap) map.frame().data();
    assertThat(data.regions())
        .singleElement()
        .isEqualTo(
            new HeatMap.Region(
                "0x7f0000000000",
                "0x7f0001000000",
                "[heap]",
                "heap",
                FakeHeap.SIZE,
                FakeHeap.SIZE / 2,
                List.of(4096L)));
    assertThat(data.detail().facts())
        .contains(
            new HeatMap.Fact("Resident (RSS)", "16.0 MiB of the region's 16.0 MiB"),
            new HeatMap.Fact("Proportional (PSS)", "8.0 MiB of the region's 16.0 MiB"))
        .extracting(HeatMap.Fact::title)
        .doesNotContain("NUMA pages");

    heap.resident = new Resident(FakeHeap.SIZE, FakeHeap.SIZE / 2, List.of(3000L, 1096L));
    map.act(act("inspect", "0x7f0000100010"));
    data = (HeatMap) map.frame().data();
    assertThat(data.regions().getFirst().numaPages()).containsExactly(3000L, 1096L);
    assertThat(data.detail().facts())
        .contains(new HeatMap.Fact("NUMA pages", "node 0 3,000 · node 1 1,096"));
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
