package org.heapatlas.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.heapatlas.model.Problem;
import org.junit.jupiter.api.Test;

class TableStateTest {
  private static final List<Table.Column> COLUMNS =
      List.of(
          Table.Column.text("function", "Function"),
          Table.Column.number("rate", "Rate", "count/s"),
          Table.Column.bar("bytes", "Bytes", "B"));
  private static final TableState START = TableState.by("bytes");
  private static final TableState SCROLLED = new TableState("bytes", true, "parse", 200, 50);

  private static TableState after(
      TableState state, String action, String target, Map<String, String> arguments) {
    return state.after(new OpenView.Act(action, target, arguments), COLUMNS).orElseThrow();
  }

  @Test
  void theGreatestOfAllRowsAreSeenFirst() {
    assertThat(START).isEqualTo(new TableState("bytes", true, "", 0, 100));
  }

  @Test
  void anotherOrderBeginsAtTheFirstRowAndKeepsTheFilter() {
    assertThat(after(SCROLLED, "sort", "", Map.of("column", "rate", "descending", "false")))
        .isEqualTo(new TableState("rate", false, "parse", 0, 50));
  }

  @Test
  void aColumnThatIsOnlyTheTargetIsSortedFromItsGreatest() {
    assertThat(after(SCROLLED, "sort", "rate", Map.of()))
        .isEqualTo(new TableState("rate", true, "parse", 0, 50));
  }

  @Test
  void aColumnWithoutAnOrderIsRefusedAndTheOthersAreNamed() {
    for (String column : new String[] {"function", "colour", ""}) {
      assertThatThrownBy(() -> after(START, "sort", column, Map.of()))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("'" + column + "'")
          .hasMessageContaining("rate, bytes");
    }
  }

  @Test
  void anotherFilterBeginsAtTheFirstRowAndNoneShowsAll() {
    assertThat(after(SCROLLED, "filter", "", Map.of("text", "read")))
        .isEqualTo(new TableState("bytes", true, "read", 0, 50));
    assertThat(after(SCROLLED, "filter", "", Map.of()).filter()).isEmpty();
  }

  @Test
  void aWindowIsBounded() {
    assertThat(after(START, "window", "", Map.of("offset", "30", "rows", "20")))
        .isEqualTo(new TableState("bytes", true, "", 30, 20));
    assertThat(after(SCROLLED, "window", "", Map.of()))
        .isEqualTo(new TableState("bytes", true, "parse", 0, 50));
    assertThat(after(START, "window", "", Map.of("offset", "-1", "rows", "0")))
        .isEqualTo(new TableState("bytes", true, "", 0, 1));
    String most = Long.toString(Long.MAX_VALUE);
    assertThat(after(START, "window", "", Map.of("offset", most, "rows", most)))
        .isEqualTo(new TableState("bytes", true, "", Integer.MAX_VALUE, 500));
  }

  @Test
  void aWindowThatIsNoNumberIsRefusedByTheNameOfTheArgument() {
    assertThatThrownBy(() -> after(START, "window", "", Map.of("rows", "many")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("'rows'");
  }

  @Test
  void itKnowsTheActionsThatItListsAndNoOther() {
    for (Frame.Action action : TableState.actions("Filter")) {
      assertThat(START.after(new OpenView.Act(action.id(), "rate", Map.of()), COLUMNS)).isPresent();
    }
    assertThat(START.after(new OpenView.Act("drill", "", Map.of()), COLUMNS)).isEmpty();
  }

  @Test
  void theWidgetSaysWhereItsRowsStand() {
    assertThat(SCROLLED.table(COLUMNS, List.of(), 1000))
        .isEqualTo(new Table(COLUMNS, List.of(), 200, 1000, "bytes", true));
  }
}
