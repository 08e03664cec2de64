package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.heapatlas.model.Label;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
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

/** The call sites as a table: a window of them, ordered and filtered by the collector. */
final class CallSites implements MemoryView.ProcessView {
  /**
   * What a row says of its stack. Kept from one frame to the next: to tell who wanted the memory
   * takes longer than all else of a row.
   */
  private record Words(String name, Cell source, List<Table.StackLine> detail) {}

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("function", "Function ← its callers"),
          Column.text("source", "Source"),
          Column.bar("liveBytes", "Live bytes", "B"),
          Column.number("liveAllocations", "Live allocations", "count"),
          Column.number("rate", "Allocations/s", "count/s"),
          Column.number("totalAllocations", "Allocations", "count"),
          Column.number("totalBytes", "Bytes ever", "B"));
  private static final Map<String, Site.Order> ORDERS =
      Map.of(
          "liveBytes", Site.Order.LIVE_BYTES,
          "liveAllocations", Site.Order.LIVE_ALLOCATIONS,
          "rate", Site.Order.RATE,
          "totalAllocations", Site.Order.TOTAL_ALLOCATIONS,
          "totalBytes", Site.Order.TOTAL_BYTES);

  private final MemoryView view;
  private final HeapSource source;
  private final Optional<Label.Name> label;
  private final List<Frame.Crumb> crumbs;
  private final Optional<Session> asked;
  private TableState state = TableState.by("liveBytes");
  private Map<Stack, Words> words = Map.of();

  CallSites(MemoryView view, Session session, ViewDefinition.Options options) {
    this(view, session.source(), Optional.empty(), List.of(), Optional.of(session));
  }

  /** Of what carries a label, or all; the crumbs are the way to here. */
  CallSites(
      MemoryView view, HeapSource source, Optional<Label.Name> label, List<Frame.Crumb> crumbs) {
    this(view, source, label, crumbs, Optional.empty());
  }

  private CallSites(
      MemoryView view,
      HeapSource source,
      Optional<Label.Name> label,
      List<Frame.Crumb> crumbs,
      Optional<Session> asked) {
    this.asked = asked;
    this.view = view;
    this.source = source;
    this.label = label;
    this.crumbs = crumbs;
  }

  @Override
  public Frame frame(WatchedProcess process) {
    SitePage page =
        source.sites(
            process.id(),
            new HeapSource.SiteQuery(
                ORDERS.get(state.sort()),
                !state.descending(),
                state.rows(),
                state.offset(),
                state.filter(),
                label));
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(page.now(), process),
        Frame.Coverage.of(page.coverage()),
        null,
        crumbs,
        null,
        actions(),
        null,
        null,
        state.table(COLUMNS, rows(page.sites()), page.total()));
  }

  private List<Frame.Action> actions() {
    return Stream.concat(
            TableState.actions("Filter by function").stream(),
            asked.stream().map(session -> Questions.on("row")))
        .toList();
  }

  private List<Table.Row> rows(List<Site> sites) {
    Map<Stack, Words> now = new HashMap<>();
    List<Table.Row> rows = new ArrayList<>();
    for (Site site : sites) {
      Words known = words.get(site.stack());
      Words said = known == null ? words(site.stack()) : known;
      now.put(site.stack(), said);
      rows.add(row(site, said));
    }
    words = now;
    return rows;
  }

  private static Table.Row row(Site site, Words words) {
    return new Table.Row(
        Long.toString(site.id()),
        List.of(
            Cell.text(words.name()),
            words.source(),
            Cell.number(site.liveBytes()),
            Cell.number(site.liveAllocations()),
            Cell.number(Math.round(site.allocationsPerSecond())),
            Cell.number(site.totalAllocations()),
            Cell.number(site.totalBytes())),
        words.detail());
  }

  private static Words words(Stack stack) {
    return new Words(SiteWords.name(stack), SiteWords.source(stack), SiteWords.lines(stack));
  }

  @Override
  public String act(OpenView.Act act) {
    state = state.after(act, COLUMNS).orElseThrow(() -> MemoryView.unknown(act));
    return "";
  }

  @Override
  public String act(OpenView.Act act, WatchedProcess process) {
    if (asked.isEmpty() || !act.action().equals(Questions.ACTION)) {
      return act(act);
    }
    if (!act.target().matches("\\d{1,18}")) {
      throw Problem.notFound("there is no call site '%s'".formatted(act.target()));
    }
    asked.get().ask(Questions.ofSite(process.id(), act.target()));
    return "";
  }
}
