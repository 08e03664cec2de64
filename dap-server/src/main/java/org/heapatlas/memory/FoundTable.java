package org.heapatlas.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;
import org.heapatlas.view.Table.Column;
import org.heapatlas.view.TableState;
import org.heapatlas.view.ViewDefinition;

/**
 * What the detectors found in a process; of a recording, all of it. A row's detail are its stacks:
 * who did it, who released the block before, who allocated it.
 */
final class FoundTable implements MemoryView.ProcessView {
  private static final String NOTHING =
      "Nothing was found. Releases are checked while every allocation is recorded.";
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("kind", "Kind"),
          Column.text("severity", "Severity"),
          Column.text("where", "Where"),
          Column.text("when", "When"),
          Column.text("explanation", "What happened"));
  private static final Map<String, Comparator<Finding>> ORDERS =
      Map.of(
          "kind", Comparator.comparing(Finding::kind),
          "severity", Comparator.comparing(Finding::severity),
          "where", Comparator.comparing(FoundTable::where),
          "when", Comparator.comparingLong(Finding::from),
          "explanation", Comparator.comparing(Finding::explanation));

  private final MemoryView view;
  private final HeapSource source;
  private TableState state = TableState.by("when");

  FoundTable(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.source = session.source();
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    List<Finding> all =
        source.findings(process.session()).stream()
            .filter(finding -> finding.process() == process.id())
            .filter(finding -> finding.title().contains(state.filter()))
            .toList();
    Comparator<Finding> order = ORDERS.get(state.sort());
    List<Table.Row> rows =
        all.stream()
            .sorted(state.descending() ? order.reversed() : order)
            .skip(state.offset())
            .limit(state.rows())
            .map(FoundTable::row)
            .toList();
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(summary.now(), process),
        Frame.Coverage.of(summary.coverage()),
        null,
        List.of(),
        null,
        TableState.actions("Filter by title"),
        all.isEmpty() ? NOTHING : null,
        null,
        state.table(COLUMNS, rows, all.size()));
  }

  private static Table.Row row(Finding finding) {
    return new Table.Row(
        Long.toString(finding.id()),
        List.of(
            Cell.text(finding.kind()),
            Cell.text(finding.severity().text()),
            Cell.text(where(finding)),
            Cell.text(String.format(Locale.ROOT, "%.6f s", finding.from() / 1e9)),
            Cell.text(finding.explanation())),
        Stream.of(
                lines("here: ", finding.stack()),
                lines("released before: ", finding.freedBy()),
                lines("allocated: ", finding.allocatedBy()))
            .flatMap(each -> each)
            .toList());
  }

  private static String where(Finding finding) {
    return finding.stack().owner().orElse("(no stack)");
  }

  private static Stream<Table.StackLine> lines(String what, Stack stack) {
    return stack.frames().stream()
        .map(
            frame ->
                new Table.StackLine(
                    what + frame.title(), frame.file(), frame.line(), frame.module()));
  }

  @Override
  public String act(OpenView.Act act) {
    state = state.after(act, COLUMNS).orElseThrow(() -> MemoryView.unknown(act));
    return "";
  }
}
