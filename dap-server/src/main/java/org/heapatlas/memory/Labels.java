package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.heapatlas.model.Label;
import org.heapatlas.model.LabelPage;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.TableState;
import org.heapatlas.view.ViewDefinition;
import org.heapatlas.view.ViewDescription;

/**
 * What the program's own probes say of its memory, as a table of one kind of label; a label opens
 * into the call sites that allocate under it.
 */
final class Labels implements MemoryView.ProcessView {
  static final ViewDescription.Parameter KIND_PARAMETER = kindParameter();
  private static final String ROOT = "all";
  private static final String NO_LABEL =
      """
      This program does not say what its memory is for. It can, with one C header that links nothing:
          #include "native-bridge/probe/heapatlas.h"
          static heapatlas_name parsing = {"parsing"};
          heapatlas_scope scope = heapatlas_begin(HEAPATLAS_%s, &parsing);
          … what this thread allocates here is labelled …
          heapatlas_end(scope);""";
  private static final String NO_POOL =
      """
      This program reports no allocator of its own. It can, with one C header that links nothing:
          #include "native-bridge/probe/heapatlas.h"
          static heapatlas_name cells = {"cells"};
          heapatlas_pool_alloc(&cells, block, bytes);
          heapatlas_pool_free(&cells, block);
      Pools are recorded in the full modes only.""";

  private final MemoryView view;
  private final HeapSource source;
  private final Set<Label.Kind> kinds;
  private Optional<Label.Kind> chosen;
  private Optional<CallSites> inside = Optional.empty();
  private TableState state = TableState.by("liveBytes");

  private Labels(MemoryView view, HeapSource source, Set<Label.Kind> kinds, String chosen) {
    this.view = view;
    this.source = source;
    this.kinds = kinds;
    this.chosen = chosen.isEmpty() ? Optional.empty() : Optional.of(kind(chosen));
  }

  static Labels carried(MemoryView view, HeapSource source, ViewDefinition.Options options) {
    return new Labels(view, source, Label.Kind.CARRIED, options.parameter(KIND_PARAMETER.name()));
  }

  static Labels pools(MemoryView view, HeapSource source, ViewDefinition.Options options) {
    return new Labels(view, source, EnumSet.of(Label.Kind.POOL), "");
  }

  private static ViewDescription.Parameter kindParameter() {
    return new ViewDescription.Parameter(
        "kind",
        "choice",
        Label.Kind.CARRIED.stream().map(Label.Kind::id).toList(),
        Label.Kind.CARRIED.stream().map(Label.Kind::plural).toList());
  }

  @Override
  public Frame frame(WatchedProcess process) {
    if (inside.isPresent()) {
      return inside.get().frame(process);
    }
    LabelPage page = source.labels(process.id());
    Label.Kind kind = chosen.orElseGet(() -> firstOf(page));
    List<Label> all = page.labels().stream().filter(label -> label.name().kind() == kind).toList();
    return new Frame(
        view.widget(),
        kind.plural(),
        MemoryView.time(page.now(), process),
        Frame.Coverage.of(page.coverage()),
        null,
        List.of(),
        null,
        actions(kind),
        all.isEmpty() ? empty(kind) : null,
        null,
        all.isEmpty() ? null : table(kind, page, all));
  }

  /** The first kind that the program uses; a program without tags may have tenants. */
  private Label.Kind firstOf(LabelPage page) {
    return kinds.stream()
        .filter(kind -> page.labels().stream().anyMatch(label -> label.name().kind() == kind))
        .findFirst()
        .orElseGet(() -> kinds.iterator().next());
  }

  private static String empty(Label.Kind kind) {
    return kind == Label.Kind.POOL ? NO_POOL : NO_LABEL.formatted(kind.name());
  }

  private List<Frame.Action> actions(Label.Kind shown) {
    List<Frame.Action> actions = new ArrayList<>(TableState.actions("Filter by name"));
    actions.add(new Frame.Action("drill", "Call sites", "row"));
    kinds.stream()
        .filter(kind -> kind != shown)
        .forEach(kind -> actions.add(new Frame.Action(kind.id(), kind.plural(), "frame")));
    return actions;
  }

  private Table table(Label.Kind kind, LabelPage page, List<Label> all) {
    LabelFigures figures = figures(kind, page);
    Comparator<Label> order = figures.by(state.sort());
    String wanted = state.filter().toLowerCase(Locale.ROOT);
    List<Label> matching =
        all.stream()
            .filter(label -> label.name().text().toLowerCase(Locale.ROOT).contains(wanted))
            .sorted(state.descending() ? order.reversed() : order)
            .toList();
    return state.table(
        figures.columns(),
        matching.stream().skip(state.offset()).limit(state.rows()).map(figures::row).toList(),
        matching.size());
  }

  private static LabelFigures figures(Label.Kind kind, LabelPage page) {
    return kind == Label.Kind.POOL ? LabelFigures.pools() : LabelFigures.carried(kind, page);
  }

  @Override
  public String act(OpenView.Act act) {
    if (act.action().equals("back")) {
      inside = Optional.empty();
    } else if (inside.isPresent()) {
      return inside.get().act(act);
    } else {
      actOnLabels(act);
    }
    return "";
  }

  private void actOnLabels(OpenView.Act act) {
    if (act.action().equals("drill")) {
      open(act.target());
    } else if (kinds.stream().anyMatch(kind -> kind.id().equals(act.action()))) {
      chosen = Optional.of(kind(act.action()));
      state = state.fromStart();
    } else {
      state = state.after(act, columns()).orElseThrow(() -> MemoryView.unknown(act));
    }
  }

  /** The same for every kind that this view can show. */
  private List<Table.Column> columns() {
    return figures(kinds.iterator().next(), LabelPage.NONE).columns();
  }

  private static Label.Kind kind(String id) {
    return Label.Kind.CARRIED.stream()
        .filter(kind -> kind.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.usedWrongly(
                    "there is no kind of label '%s'; there are %s"
                        .formatted(id, String.join(", ", KIND_PARAMETER.values()))));
  }

  /** The row's id says its kind, for another kind may be shown by the time it is chosen. */
  private void open(String row) {
    Label.Name name = LabelFigures.name(row);
    inside =
        Optional.of(
            new CallSites(
                view,
                source,
                Optional.of(name),
                List.of(
                    new Frame.Crumb(name.kind().plural(), ROOT),
                    new Frame.Crumb(name.text(), row))));
  }
}
