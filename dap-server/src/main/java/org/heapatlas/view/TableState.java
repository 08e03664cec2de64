package org.heapatlas.view;

import java.util.List;
import java.util.Optional;
import org.heapatlas.model.Problem;

/**
 * What a person chose of a table: its order, its filter and the window of rows in sight. Main
 * entries: by, after. A view keeps the one that its last action left, and makes its rows by it.
 */
public record TableState(String sort, boolean descending, String filter, int offset, int rows) {
  private static final int FIRST_ROWS = 100;
  private static final int MOST_ROWS = 500;

  /** The first rows of all, the greatest on top. */
  public static TableState by(String column) {
    return new TableState(column, true, "", 0, FIRST_ROWS);
  }

  /** The actions that {@link #after} knows. */
  public static List<Frame.Action> actions(String filterTitle) {
    return List.of(
        new Frame.Action("sort", "Sort", "frame"),
        new Frame.Action("filter", filterTitle, "frame"),
        new Frame.Action("window", "Scroll", "frame"));
  }

  /** What an action leaves; nothing when it is none of {@link #actions}. */
  public Optional<TableState> after(OpenView.Act act, List<Table.Column> columns) {
    return switch (act.action()) {
      case "sort" -> {
        String column = act.argument("column").isEmpty() ? act.target() : act.argument("column");
        boolean downwards = !act.argument("descending").equals("false");
        yield Optional.of(
            new TableState(sortable(column, columns), downwards, filter, offset, rows).fromStart());
      }
      case "filter" ->
          Optional.of(
              new TableState(sort, descending, act.argument("text"), offset, rows).fromStart());
      case "window" -> {
        int from = Math.clamp(act.number("offset", 0), 0, Integer.MAX_VALUE);
        int count = Math.clamp(act.number("rows", rows), 1, MOST_ROWS);
        yield Optional.of(new TableState(sort, descending, filter, from, count));
      }
      default -> Optional.empty();
    };
  }

  private static String sortable(String id, List<Table.Column> columns) {
    List<String> ids =
        columns.stream().filter(Table.Column::sortable).map(Table.Column::id).toList();
    if (!ids.contains(id)) {
      throw Problem.usedWrongly(
          "this table cannot be sorted by '%s'; it can by %s"
              .formatted(id, String.join(", ", ids)));
    }
    return id;
  }

  /** The same, scrolled to its first row, for other rows are to be shown. */
  public TableState fromStart() {
    return new TableState(sort, descending, filter, 0, rows);
  }

  /** The rows in sight, out of total, as the widget. */
  public Table table(List<Table.Column> columns, List<Table.Row> inSight, long total) {
    return new Table(columns, inSight, offset, total, sort, descending);
  }
}
