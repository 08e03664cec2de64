package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.heapatlas.model.ClockOffset;
import org.heapatlas.model.NodeClock;
import org.heapatlas.model.NodeHealth;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.Test;

class NodesTableTest {
  private static final ViewDefinition.Options OPTIONS =
      new ViewDefinition.Options(Map.of(), ViewDefinition.Viewport.DEFAULT);

  private static Table shown(FakeHeap heap) {
    try (Session session = new Session("test", heap)) {
      OpenView view = NodesTable.DEFINITION.open(session, OPTIONS);
      Table table = (Table) view.frame().data();
      view.close();
      return table;
    }
  }

  private static List<String> cells(Table.Row row) {
    return row.cells().stream()
        .map(cell -> cell.text() == null ? Long.toString(cell.number().longValue()) : cell.text())
        .toList();
  }

  @Test
  void thisMachineIsTheNodeOfASessionWithoutOthersAndNeedsNoClock() {
    FakeHeap heap = new FakeHeap();
    heap.appear(WatchedProcess.State.RUNNING);
    assertThat(shown(heap).rows())
        .singleElement()
        .satisfies(
            row ->
                assertThat(cells(row))
                    .containsExactly(
                        "this machine",
                        "answers",
                        "1",
                        "262144",
                        "0",
                        "not measured",
                        "not measured"));
  }

  @Test
  void aNodeThatDoesNotAnswerSaysWhyAndTheOthersSayHowTheirClocksStand() {
    FakeHeap heap =
        new FakeHeap() {
          @Override
          public List<NodeHealth> nodes(String session) {
            return List.of(new NodeHealth("b:1", "b:1 does not answer"), new NodeHealth("a:1", ""));
          }

          @Override
          public List<NodeClock> clocks() {
            return List.of(new NodeClock("a:1", new ClockOffset(0, -1500, 200)));
          }
        };
    List<Table.Row> rows = shown(heap).rows();
    assertThat(rows).extracting(Table.Row::id).containsExactly("a:1", "b:1");
    assertThat(cells(rows.get(0))).endsWith("-1500", "200");
    assertThat(cells(rows.get(1))).contains("b:1 does not answer").endsWith("not measured");
  }

  @Test
  void aSourceIsHealthyWhenItListsItsProcessesAndElseSaysWhatIsWrong() {
    FakeHeap silent =
        new FakeHeap() {
          @Override
          public List<WatchedProcess> processes(String session) {
            throw Problem.failed("the collector is gone");
          }
        };
    assertThat(silent.health("a:1", "test"))
        .isEqualTo(new NodeHealth("a:1", "the collector is gone"));
    assertThat(new FakeHeap().health("a:1", "test").answers()).isTrue();
  }
}
