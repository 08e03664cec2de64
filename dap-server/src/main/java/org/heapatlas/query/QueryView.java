package org.heapatlas.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Answer;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;
import org.heapatlas.view.TableState;

/**
 * A query and its answer as a table, which is sorted and filtered here. It shows what the session
 * was asked last in any view. The answer is that of the moment at which it was asked; the action
 * again asks once more.
 */
final class QueryView implements OpenView {
  static final String WIDGET = "table";
  static final String TITLE = "Query";
  private static final String ASK =
      """
      Write a SELECT, or the name of a template. 'show tables' lists the tables.

          SELECT function, live_bytes FROM sites ORDER BY live_bytes DESC LIMIT 10
          FROM growth(2e9, 12e9)
          leaks rows=5""";
  private static final double MOST_EXACT = 1L << 53;

  private final Session session;
  private Session.Question asked = Session.Question.NONE;
  private Frame.Time since;
  private QueryRun run;
  private TableState state = unsorted();
  private QueryRun.Result arranged;
  private QueryRun arrangedOf;
  private TableState arrangedBy;
  private List<Object[]> rows = List.of();

  QueryView(Session session, String first) {
    this.session = session;
    if (!first.isBlank()) {
      session.ask(first);
    }
  }

  private static TableState unsorted() {
    return TableState.by("").fromStart();
  }

  @Override
  public Frame frame() {
    Session.Question wanted = session.question();
    if (!wanted.equals(asked)) {
      begin(wanted);
    }
    if (run == null) {
      since = now();
      return frame(ASK, List.of(), List.of(), null);
    }
    QueryRun.State now = run.state();
    if (now.running()) {
      return frame("The query runs…", List.of(), List.of(), null).reading("of the query", 0);
    }
    return now.result() == null
        ? frame(now.why() + ".", List.of(), List.of(), null)
        : frame(now.result());
  }

  private void begin(Session.Question wanted) {
    if (run != null) {
      run.stop();
    }
    asked = wanted;
    state = unsorted();
    since = now();
    run = wanted.sql().isBlank() ? null : QueryRun.start(session, wanted.sql());
  }

  /** Of the process that the session is about; of an answer, that at which it was asked. */
  private Frame.Time now() {
    return session.main().map(this::now).orElse(null);
  }

  private Frame.Time now(WatchedProcess process) {
    if (process.isReplayed()) {
      return Frame.Time.of(session.cursor(process.id()), 0);
    }
    long nanos = session.source().summarize(process.id(), 0, false).now();
    return Frame.Time.live(nanos, process.state() != WatchedProcess.State.ENDED);
  }

  private Frame frame(QueryRun.Result result) {
    arrange(result);
    List<Table.Column> columns = columns(result);
    List<Table.Row> inSight =
        IntStream.range(
                Math.min(state.offset(), rows.size()),
                Math.min(state.offset() + state.rows(), rows.size()))
            .mapToObj(at -> row(at, rows.get(at), result))
            .toList();
    String coverage =
        result.more()
            ? String.format(Locale.ROOT, "the first %,d rows; there are more", QueryRun.MOST_ROWS)
            : null;
    String empty = result.rows().isEmpty() ? "The answer has no rows." : null;
    return frame(empty, columns, inSight, coverage);
  }

  private Frame frame(
      String empty, List<Table.Column> columns, List<Table.Row> inSight, String coverage) {
    Table table =
        state.table(columns, inSight, columns.isEmpty() ? 0 : rows.size()).of(asked.sql());
    return new Frame(
        WIDGET,
        TITLE,
        since,
        coverage == null ? null : new Frame.Coverage("query", 0, false, coverage),
        null,
        List.of(),
        null,
        actions(),
        empty,
        null,
        table);
  }

  private List<Frame.Action> actions() {
    Frame.Action query = new Frame.Action("query", "Ask in SQL", "frame");
    Stream<Frame.Action> of =
        run == null
            ? Stream.of(query)
            : Stream.of(
                query,
                run.state().running()
                    ? new Frame.Action("stop", "Stop", "frame")
                    : new Frame.Action("again", "Ask again", "frame"));
    return Stream.concat(TableState.actions("Filter the rows").stream(), of).toList();
  }

  private void arrange(QueryRun.Result result) {
    TableState by = state.fromStart();
    if (run == arrangedOf && by.equals(arrangedBy)) {
      return;
    }
    List<Object[]> all = new ArrayList<>(result.rows());
    String filter = state.filter().strip().toLowerCase(Locale.ROOT);
    if (!filter.isEmpty()) {
      all.removeIf(row -> Stream.of(row).noneMatch(value -> holds(value, filter)));
    }
    column(result, state.sort())
        .ifPresent(
            column -> {
              Comparator<Object[]> order =
                  Comparator.comparing(row -> row[column], QueryView::compare);
              all.sort(state.descending() ? order.reversed() : order);
            });
    rows = List.copyOf(all);
    arranged = result;
    arrangedOf = run;
    arrangedBy = by;
  }

  private static boolean holds(Object value, String filter) {
    return value != null && value.toString().toLowerCase(Locale.ROOT).contains(filter);
  }

  /** NULL is the least. */
  private static int compare(Object one, Object other) {
    if (one == null || other == null) {
      return Boolean.compare(one != null, other != null);
    }
    return one instanceof Number number && other instanceof Number more
        ? Double.compare(number.doubleValue(), more.doubleValue())
        : one.toString().compareTo(other.toString());
  }

  private static Optional<Integer> column(QueryRun.Result result, String id) {
    return IntStream.range(0, result.headings().size())
        .boxed()
        .filter(column -> id(column).equals(id))
        .findFirst();
  }

  /** Names may be there twice. */
  private static String id(int column) {
    return "column" + column;
  }

  private static List<Table.Column> columns(QueryRun.Result result) {
    return IntStream.range(0, result.headings().size())
        .mapToObj(
            column -> {
              Answer.Heading heading = result.headings().get(column);
              return new Table.Column(
                  id(column),
                  heading.name(),
                  unit(heading),
                  heading.isNumber() || heading.isAddress() ? "right" : "left",
                  true,
                  false);
            })
        .toList();
  }

  /** As the tables name what they count in bytes and in nanoseconds. */
  private static String unit(Answer.Heading heading) {
    String name = heading.name().toLowerCase(Locale.ROOT);
    if (!heading.isNumber() || heading.isAddress()) {
      return "";
    }
    if (name.endsWith("bytes") || name.equals("size") || name.endsWith("_size")) {
      return "B";
    }
    return name.equals("time") || name.endsWith("_time") || name.equals("lifetime") ? "ns" : "";
  }

  private static Table.Row row(int number, Object[] values, QueryRun.Result result) {
    List<Cell> cells = new ArrayList<>();
    for (int column = 0; column < values.length; column++) {
      cells.add(cell(values[column], result.headings().get(column)));
    }
    return new Table.Row(Integer.toString(number), cells, List.of());
  }

  private static Cell cell(Object value, Answer.Heading heading) {
    if (value instanceof Number number
        && heading.isNumber()
        && Double.isFinite(number.doubleValue())
        && Math.abs(number.doubleValue()) < MOST_EXACT) {
      return Cell.number(number.doubleValue());
    }
    return Cell.text(value == null ? "NULL" : value.toString());
  }

  @Override
  public String act(Act act) {
    switch (act.action()) {
      case "query" -> ask(act.argument("sql").isBlank() ? act.target() : act.argument("sql"));
      case "stop" -> {
        if (run != null) {
          run.stop();
        }
      }
      case "again" -> begin(asked);
      default -> state = state.after(act, columnsNow()).orElseThrow(() -> unknown(act));
    }
    return "";
  }

  private List<Table.Column> columnsNow() {
    return arranged == null ? List.of() : columns(arranged);
  }

  private void ask(String text) {
    if (text.isBlank()) {
      throw Problem.usedWrongly("a query is a SELECT, or the name of a template");
    }
    begin(session.ask(text.strip()));
  }

  private static Problem unknown(Act act) {
    return Problem.usedWrongly(
        "this view has no action '%s'; its frame lists them".formatted(act.action()));
  }

  @Override
  public void close() {
    if (run != null) {
      run.stop();
    }
  }
}
