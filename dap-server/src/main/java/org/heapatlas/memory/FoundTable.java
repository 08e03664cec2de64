package org.heapatlas.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Problem;
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
 * who did it, who released the block before, who allocated it. The one that was chosen, here or on
 * the time bar, is selected.
 */
final class FoundTable implements MemoryView.ProcessView {
  private static final String NOTHING =
      "Nothing was found. Releases are checked while every allocation is recorded.";
  private static final Frame.Action GO = new Frame.Action("go", "Go there", "row");
  private static final Frame.Action BYTES =
      new Frame.Action("bytes", "Show its bytes", "row", MemoryBytes.VIEW);
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
  private final Session session;
  private final HeapSource source;
  private TableState state = TableState.by("when");

  FoundTable(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    Comparator<Finding> order = ORDERS.get(state.sort());
    List<Finding> all =
        ChosenFinding.findings(session, process).stream()
            .filter(finding -> finding.title().contains(state.filter()))
            .sorted(state.descending() ? order.reversed() : order)
            .toList();
    List<Table.Row> rows =
        all.stream().skip(state.offset()).limit(state.rows()).map(FoundTable::row).toList();
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(summary.now(), process),
        Frame.Coverage.of(summary.coverage()),
        null,
        List.of(),
        selection(process, all),
        actions(process),
        all.isEmpty() ? NOTHING : null,
        null,
        state.table(COLUMNS, rows, all.size()));
  }

  private static List<Frame.Action> actions(WatchedProcess process) {
    Stream<Frame.Action> always =
        Stream.concat(TableState.actions("Filter by title").stream(), Stream.of(BYTES));
    return process.isReplayed() ? Stream.concat(always, Stream.of(GO)).toList() : always.toList();
  }

  /** It is brought into sight when it was asked for, not when the session only came past it. */
  private Frame.Selection selection(WatchedProcess process, List<Finding> rows) {
    OptionalLong chosen = ChosenFinding.of(session, process, rows);
    for (int row = 0; row < rows.size(); row++) {
      Finding finding = rows.get(row);
      if (chosen.equals(OptionalLong.of(finding.id()))) {
        boolean asked = session.finding(process.id()).equals(chosen);
        return new Frame.Selection(null, null, Long.toString(finding.id()), asked ? row + 1 : 0);
      }
    }
    return null;
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
  public String act(OpenView.Act act, WatchedProcess process) {
    if (act.action().equals(GO.id())) {
      return ChosenFinding.goTo(act.target(), session, process);
    }
    if (act.action().equals(BYTES.id())) {
      lookAt(act.target(), process);
      return "";
    }
    return act(act);
  }

  private void lookAt(String id, WatchedProcess process) {
    Finding finding =
        ChosenFinding.findings(session, process).stream()
            .filter(each -> Long.toString(each.id()).equals(id))
            .findFirst()
            .orElseThrow(() -> Problem.notFound("there is no finding '%s'".formatted(id)));
    session.lookAt(process.id(), finding.address());
  }

  @Override
  public String act(OpenView.Act act) {
    state = state.after(act, COLUMNS).orElseThrow(() -> MemoryView.unknown(act));
    return "";
  }
}
