package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.heapatlas.memory.CallTree.Metric;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.FlameGraph;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallFlamesTest {
  private final CountDownLatch bytesEver = new CountDownLatch(1);

  /** It answers for what was allocated ever once it is let. */
  private final FakeHeap heap =
      new FakeHeap() {
        @Override
        public SitePage sites(long id, SiteQuery query) {
          try {
            if (query.order() == Site.Order.TOTAL_BYTES) {
              bytesEver.await();
            }
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return super.sites(id, query);
        }
      };

  private Session session;

  @BeforeEach
  void start() {
    session = new Session("test", heap);
  }

  private OpenView open(int width) {
    heap.appear(WatchedProcess.State.RUNNING);
    return new MemoryFeature()
        .views().stream()
            .filter(view -> view.description(List.of()).id().equals("memory.flame"))
            .findFirst()
            .orElseThrow()
            .open(
                session,
                new ViewDefinition.Options(Map.of(), new ViewDefinition.Viewport(width, 600)));
  }

  private static OpenView.Act act(String action, String target) {
    return new OpenView.Act(action, target, Map.of());
  }

  private static FlameGraph graph(OpenView view) {
    return (FlameGraph) view.frame().data();
  }

  /** Live bytes, and the functions from the innermost one outwards. */
  private static Site site(long bytes, boolean cut, String... functions) {
    List<StackFrame> frames =
        Arrays.stream(functions)
            .map(name -> new StackFrame(1, name, "/src/a.c", (int) bytes, "/bin/a", 1, false))
            .toList();
    return new Site(1, bytes, 1, 2 * bytes, 2, 0, new Stack(frames, cut));
  }

  /** A line a node: as deep as it is indented, then its name or how many it stands for. */
  private static List<String> lines(FlameGraph graph) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < graph.depths().length; i++) {
      String name =
          graph.folded()[i] > 0
              ? graph.folded()[i] + " thinner"
              : graph.functions().get(graph.functionOf()[i]).name();
      lines.add(" ".repeat(graph.depths()[i]) + name + " " + graph.totals()[0][i]);
    }
    return lines;
  }

  private static FlameGraph of(int pixels, Site... sites) {
    CallTree tree = CallTree.of(List.of(sites));
    return FlameColumns.of(tree, tree.root(), Metric.LIVE_BYTES, pixels, new CallFunction.Ids());
  }

  @Test
  void stacksAreLaidOverEachOtherFromTheirOutermostFrameInwardsTheGreatestFirst() {
    assertThat(
            lines(
                of(
                    100,
                    site(30, false, "malloc", "read", "main"),
                    site(50, false, "malloc", "store", "main"),
                    site(20, false, "calloc", "store", "main"))))
        .containsExactly(
            "All 100",
            " main 100",
            "  store 70",
            "   malloc 50",
            "   calloc 20",
            "  read 30",
            "   malloc 30");
  }

  @Test
  void aFunctionIsOneNodeWhateverLineOfItCallsAndLeadsToTheLineThatHoldsMost() {
    FlameGraph graph =
        of(100, site(60, false, "malloc", "main"), site(40, false, "malloc", "main"));
    assertThat(lines(graph)).containsExactly("All 100", " main 100", "  malloc 100");
    assertThat(graph.functions().get(1).line()).isEqualTo(60);
  }

  @Test
  void whatHasNoStackOrNotAllOfItStandsApart() {
    assertThat(lines(of(100, site(60, true, "malloc", "inner"), site(40, false))))
        .containsExactly(
            "All 100",
            " (outer frames are missing) 60",
            "  inner 60",
            "   malloc 60",
            " (no stack) 40");
  }

  @Test
  void calleesThinnerThanAPixelAreFoldedIntoOneThatSaysHowManyAndWhatTheyHold() {
    FlameGraph graph =
        of(
            10,
            site(90, false, "wide", "main"),
            site(6, false, "thin", "main"),
            site(4, false, "thinner", "main"));
    assertThat(lines(graph)).containsExactly("All 100", " main 100", "  wide 90", "  2 thinner 10");
    assertThat(graph.totals()[2]).containsExactly(200, 200, 180, 20);
  }

  @Test
  void aGraphOfMoreNodesThanTheLimitFoldsThickerOnesToo() {
    Site[] sites = new Site[2 * FlameColumns.MOST_NODES];
    for (int i = 0; i < sites.length; i++) {
      sites[i] = site(i + 1, false, "function" + i);
    }
    FlameGraph graph = of(Integer.MAX_VALUE, sites);
    assertThat(graph.depths()).hasSizeBetween(100, FlameColumns.MOST_NODES);
    assertThat(Arrays.stream(graph.totals()[0]).skip(1).sum()).isEqualTo(graph.totals()[0][0]);
  }

  @Test
  void zoomingInShowsWhatWasTooThinAndTheBreadcrumbsLeadBack() {
    OpenView flames = open(300);
    assertThat(lines(graph(flames))).hasSizeLessThan(400).last().asString().contains("thinner");
    String first = graph(flames).functions().get(1).id();
    flames.act(act("drill", first));
    Frame frame = flames.frame();
    assertThat(frame.breadcrumbs())
        .extracting(Frame.Crumb::title)
        .containsExactly("All stacks", "function0");
    FlameGraph zoomed = (FlameGraph) frame.data();
    assertThat(lines(zoomed)).containsExactly("function0 1000", " malloc 1000");
    assertThat(zoomed.whole()[0]).as("shares stay those of all").isGreaterThan(200_000);
    flames.act(act("drill", zoomed.functions().get(1).id()));
    assertThat(lines(graph(flames))).containsExactly("malloc 1000");
    flames.act(act("back", ""));
    flames.act(act("back", frame.breadcrumbs().getFirst().target()));
    assertThat(flames.frame().breadcrumbs()).hasSize(1);
    assertThatThrownBy(() -> flames.act(act("drill", "4711")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'4711'");
    assertThatThrownBy(() -> flames.act(act("back", "4711"))).isInstanceOf(Problem.class);
  }

  @Test
  void anotherMetricAsksForTheSitesThatLeadInIt() {
    OpenView flames = open(1200);
    flames.act(act("metric", "totalAllocations"));
    FlameGraph graph = graph(flames);
    assertThat(graph.metric()).isEqualTo("totalAllocations");
    assertThat(graph.whole()).containsExactly(255_150, 3000, 600_000, 6000);
    assertThat(heap.calls).contains("sites TOTAL_ALLOCATIONS 0 500 ");
    assertThatThrownBy(() -> flames.act(act("metric", "colour")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'colour'");
    assertThatThrownBy(() -> flames.act(act("explode", ""))).hasMessageContaining("'explode'");
  }

  @Test
  void whileOtherSitesAreReadTheLastOnesAreShownWithThatMoreIsComing() throws Exception {
    OpenView flames = open(1200);
    assertThat(flames.frame().progress()).isNull();
    flames.act(act("metric", "totalBytes"));
    Frame meanwhile = flames.frame();
    assertThat(meanwhile.progress().text()).isEqualTo("of the call stacks");
    assertThat(((FlameGraph) meanwhile.data()).metric()).isEqualTo("totalBytes");
    bytesEver.countDown();
    Frame then = flames.frame();
    for (int tries = 0; then.progress() != null && tries < 100; tries++) {
      then = flames.frame();
    }
    assertThat(then.progress()).isNull();
  }

  @Test
  void theFirstStacksAreNotAwaitedWithoutEnd() throws Exception {
    LeadingSites sites = new LeadingSites(session, 1);
    assertThatThrownBy(
            () -> sites.of(FakeHeap.process(WatchedProcess.State.RUNNING), Site.Order.TOTAL_BYTES))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("are still being read");
    bytesEver.countDown();
    LeadingSites patient = new LeadingSites(session, 20_000);
    assertThat(
            patient
                .of(FakeHeap.process(WatchedProcess.State.RUNNING), Site.Order.TOTAL_BYTES)
                .page()
                .total())
        .isPositive();
  }

  @Test
  void theSitesOfAProgramThatRunsAreNotReadAgainForEveryFrame() {
    OpenView flames = open(1200);
    flames.frame();
    flames.frame();
    assertThat(heap.calls).filteredOn(call -> call.startsWith("sites")).hasSize(1);
  }
}
