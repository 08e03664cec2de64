package org.heapatlas.memory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.heapatlas.model.Label;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;
import org.heapatlas.view.Table.Column;
import org.heapatlas.view.ViewDefinition;

/** The call sites as a table: a window of them, ordered and filtered by the collector. */
final class CallSites implements MemoryView.ProcessView {
  private static final int MOST_ROWS = 500;
  private static final int NAMED_FRAMES = 4;
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
  private String sort = "liveBytes";
  private boolean ascending;
  private String filter = "";
  private int offset;
  private int rows = 100;

  CallSites(MemoryView view, HeapSource source, ViewDefinition.Options options) {
    this(view, source, Optional.empty(), List.of());
  }

  /** Of what carries a label, or all; the crumbs are the way to here. */
  CallSites(
      MemoryView view, HeapSource source, Optional<Label.Name> label, List<Frame.Crumb> crumbs) {
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
            new HeapSource.SiteQuery(ORDERS.get(sort), ascending, rows, offset, filter, label));
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(page.now(), process),
        Frame.Coverage.of(page.coverage()),
        null,
        crumbs,
        null,
        List.of(
            new Frame.Action("sort", "Sort", "frame"),
            new Frame.Action("filter", "Filter by function", "frame"),
            new Frame.Action("window", "Scroll", "frame")),
        null,
        null,
        new Table(
            COLUMNS,
            page.sites().stream().map(CallSites::row).toList(),
            offset,
            page.total(),
            sort,
            !ascending));
  }

  private static Table.Row row(Site site) {
    StackFrame caller = site.caller().orElse(null);
    return new Table.Row(
        Long.toString(site.id()),
        List.of(
            Cell.text(caller == null ? "(no stack)" : named(site, caller)),
            source(caller),
            Cell.number(site.liveBytes()),
            Cell.number(site.liveAllocations()),
            Cell.number(Math.round(site.allocationsPerSecond())),
            Cell.number(site.totalAllocations()),
            Cell.number(site.totalBytes())),
        site.stack().frames().stream()
            .map(
                frame ->
                    new Table.StackLine(frame.title(), frame.file(), frame.line(), frame.module()))
            .toList());
  }

  /** Sites of one function are told apart by who called it. */
  private static String named(Site site, StackFrame caller) {
    List<StackFrame> frames = site.stack().frames();
    int at = frames.indexOf(caller);
    return frames.subList(at, Math.min(frames.size(), at + NAMED_FRAMES)).stream()
        .map(StackFrame::title)
        .collect(Collectors.joining(" ← "));
  }

  private static Cell source(StackFrame caller) {
    if (caller == null) {
      return Cell.text("");
    }
    return caller.file().isEmpty()
        ? Cell.text(caller.module().substring(caller.module().lastIndexOf('/') + 1))
        : Cell.source(caller.file(), caller.line());
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "sort" ->
          sortBy(
              act.argument("column").isEmpty() ? act.target() : act.argument("column"),
              act.argument("descending"));
      case "filter" -> {
        filter = act.argument("text");
        offset = 0;
      }
      case "window" -> {
        offset = Math.clamp(MemoryView.number(act, "offset", 0), 0, Integer.MAX_VALUE);
        rows = Math.clamp(MemoryView.number(act, "rows", rows), 1, MOST_ROWS);
      }
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  /** {@code direction} says whether it is descending, as it is unless it says 'false'. */
  private void sortBy(String column, String direction) {
    if (!ORDERS.containsKey(column)) {
      throw Problem.usedWrongly("the call sites cannot be sorted by '%s'".formatted(column));
    }
    sort = column;
    ascending = direction.equals("false");
    offset = 0;
  }
}
