package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.Graph;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.Test;

class CallGraphsTest {
  private final FakeHeap heap = new FakeHeap();
  private final CallFunction.Ids ids = new CallFunction.Ids();

  private OpenView open(int width, int height) {
    Session session = new Session("test", heap);
    heap.appear(WatchedProcess.State.RUNNING);
    return new MemoryFeature()
        .views().stream()
            .filter(view -> view.description(List.of()).id().equals("memory.callers"))
            .findFirst()
            .orElseThrow()
            .open(
                session,
                new ViewDefinition.Options(Map.of(), new ViewDefinition.Viewport(width, height)));
  }

  private static OpenView.Act act(String action, String target) {
    return new OpenView.Act(action, target, Map.of());
  }

  /** Live bytes, and the functions from the innermost one outwards. */
  private static Site site(long bytes, String... functions) {
    List<StackFrame> frames =
        Arrays.stream(functions)
            .map(name -> new StackFrame(1, name, "/src/a.c", (int) bytes, "/bin/a", 1, false))
            .toList();
    return new Site(1, bytes, 1, bytes, 1, 0, new Stack(frames, false));
  }

  private static final List<Site> SITES =
      List.of(
          site(50, "malloc", "store", "main"),
          site(30, "malloc", "read", "parse", "main"),
          site(5, "malloc", "read", "read", "main"));

  private Graph of(List<Site> sites, String centre, int most) {
    CallFunction function =
        centre == null ? null : new CallFunction(centre, centre, "/src/a.c", "/bin/a");
    return CallGraph.of(sites, sites.stream().map(CallTree::inwards).toList(), function, most, ids);
  }

  private static List<String> nodes(Graph graph) {
    return graph.nodes().stream().map(node -> node.title() + " " + (long) node.value()).toList();
  }

  private static List<String> edges(Graph graph) {
    Map<String, String> titles =
        graph.nodes().stream()
            .collect(java.util.stream.Collectors.toMap(Graph.Node::id, Graph.Node::title));
    return graph.edges().stream()
        .map(
            edge ->
                "%s > %s %d%s"
                    .formatted(
                        titles.get(edge.from()),
                        titles.get(edge.to()),
                        (long) edge.value(),
                        edge.title().isEmpty() ? "" : ", past others"))
        .toList();
  }

  @Test
  void functionsHoldWhatWasAllocatedThroughThemOnceHoweverOftenAStackGoesThrough() {
    Graph graph = of(SITES, null, 10);
    assertThat(nodes(graph)).containsExactlyInAnyOrder("main 85", "malloc 85", "read 35");
    assertThat(edges(graph))
        .containsExactlyInAnyOrder(
            "main > malloc 50, past others", "main > read 35", "read > malloc 35", "read > read 5");
    assertThat(graph.rest())
        .as("store and parse have nothing to show but that they pass calls on")
        .isEqualTo("2 more functions of one caller and one callee only part of an edge");
  }

  @Test
  void stacksGoPastFunctionsThatAreNotShownAndWhatIsLeftOutIsSaid() {
    Graph graph = of(SITES, null, 2);
    assertThat(nodes(graph)).containsExactlyInAnyOrder("main 85", "malloc 85");
    assertThat(edges(graph)).containsExactly("main > malloc 85, past others");
    assertThat(graph.rest()).startsWith("1 more function with at most 35 B not shown; 2 more");
  }

  @Test
  void aroundACentreOnlyStacksThroughItCountAndCallersAndCalleesAreApart() {
    Graph graph = of(SITES, "read", 10);
    assertThat(nodes(graph))
        .containsExactlyInAnyOrder("read 35", "main 35", "malloc 35", "parse 30");
    assertThat(graph.nodes())
        .extracting(Graph.Node::id)
        .anyMatch(id -> id.startsWith("caller-"))
        .anyMatch(id -> id.startsWith("callee-"));
    assertThat(of(SITES, "read", 1).nodes())
        .as("the centre is shown whatever it holds")
        .singleElement()
        .satisfies(node -> assertThat(node.title()).isEqualTo("read"));
    assertThat(of(SITES, "nowhere", 10).nodes()).isEmpty();
  }

  @Test
  void theViewShowsNoMoreThanItsRoomHoldsCentresOnAFunctionAndGoesBack() {
    OpenView graph = open(600, 400);
    Graph all = (Graph) graph.frame().data();
    assertThat(all.nodes()).hasSize(10);
    assertThat(all.rest()).isEqualTo("291 more functions with at most 991 B not shown");
    Graph.Node function =
        all.nodes().stream()
            .filter(node -> node.title().equals("function0"))
            .findFirst()
            .orElseThrow();
    graph.act(act("drill", function.id()));
    Frame frame = graph.frame();
    assertThat(frame.breadcrumbs())
        .extracting(Frame.Crumb::title)
        .containsExactly("All functions", "function0");
    assertThat(frame.selection().site()).isEqualTo(function.id());
    assertThat(nodes((Graph) frame.data()))
        .containsExactlyInAnyOrder("function0 1000", "malloc 1000");
    String malloc =
        ((Graph) frame.data())
            .nodes().stream()
                .map(Graph.Node::id)
                .filter(id -> id.startsWith("callee-"))
                .findFirst()
                .orElseThrow();
    graph.act(act("drill", malloc));
    assertThat(graph.frame().breadcrumbs()).hasSize(3);
    graph.act(act("back", ""));
    assertThat(graph.frame().breadcrumbs()).hasSize(2);
    graph.act(act("back", "all"));
    assertThat(((Graph) graph.frame().data()).nodes()).hasSize(10);
    assertThatThrownBy(() -> graph.act(act("drill", "nothing")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'nothing'");
    assertThatThrownBy(() -> graph.act(act("back", malloc.replace("callee-", ""))))
        .hasMessageContaining("none of the breadcrumbs");
  }
}
