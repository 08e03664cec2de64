package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.heapatlas.memory.LifetimeHistograms.Histogram;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Summary;
import org.heapatlas.model.TimeSpan;
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
 * How long blocks live, by call site, of a whole recording or of what began in the chosen span: a
 * row a site with its histogram, and behind a row its buckets.
 */
final class Lifetimes implements MemoryView.ProcessView {
  private static final String ALL = "all";
  private static final String NOTHING = "Nothing was allocated in this time.";
  private static final String RECORD =
      "%s. Lifetimes are known of what is recorded:\n    ./heapatlas record -o FOLDER -- PROGRAM";
  private static final int STACKS_A_CALL = 1000;
  private static final List<Column> SITES =
      List.of(
          Column.text("function", "Function ← its callers"),
          Column.text("source", "Source"),
          Column.text("histogram", "Short to long, still live"),
          new Column("median", "Median", "ns", "right", true, false),
          Column.bar("allocations", "Allocations", "count"),
          Column.bar("bytes", "Bytes", "B"),
          Column.number("live", "Still live", "count"),
          Column.number("liveBytes", "Still live", "B"));
  private static final Map<String, ToDoubleFunction<Histogram>> ORDERS =
      Map.of(
          "median", histogram -> histogram.median().orElse(LifetimeHistograms.STILL_LIVE),
          "allocations", Histogram::sumOfAllocations,
          "bytes", Histogram::sumOfBytes,
          "live", histogram -> histogram.allocations()[LifetimeHistograms.STILL_LIVE],
          "liveBytes", histogram -> histogram.bytes()[LifetimeHistograms.STILL_LIVE]);
  private static final List<Column> BUCKETS =
      List.of(
          Column.text("lifetime", "Lifetime"),
          new Column("allocations", "Allocations", "count", "right", false, true),
          new Column("bytes", "Bytes", "B", "right", false, true),
          new Column("share", "Of all allocations", "%", "right", false, false));

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final LongReading<LifetimeHistograms.Question, LifetimeHistograms> reading;
  private final Map<Integer, Stack> stacks = new HashMap<>();
  private TableState state = TableState.by("allocations");
  private String inside = "";

  Lifetimes(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.reading =
        new LongReading<>((question, course) -> LifetimeHistograms.read(source, question, course));
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    TimeSpan span = session.span(process.id()).orElse(TimeSpan.ALL);
    LongReading.State<LifetimeHistograms> read =
        reading.of(new LifetimeHistograms.Question(process.id(), span));
    Frame frame = frame(process, summary, span, read.result(), read.why(), actions(process, read));
    return read.reading() ? frame.reading("of the recording read", read.done()) : frame;
  }

  private static List<Frame.Action> actions(
      WatchedProcess process, LongReading.State<LifetimeHistograms> read) {
    if (read.reading()) {
      return List.of(new Frame.Action("stop", "Stop", "frame"));
    }
    return process.isReplayed() && read.done() >= 1
        ? List.of()
        : List.of(new Frame.Action("again", "Read again", "frame"));
  }

  private Frame frame(
      WatchedProcess process,
      Summary summary,
      TimeSpan span,
      LifetimeHistograms histograms,
      String why,
      List<Frame.Action> more) {
    String empty = null;
    if (!why.isEmpty()) {
      empty = RECORD.formatted(why);
    } else if (histograms == null || histograms.all().sumOfAllocations() == 0) {
      empty = histograms == null ? "Reading the recording…" : NOTHING;
    }
    List<Frame.Action> actions = new ArrayList<>(more);
    if (empty == null && inside.isEmpty()) {
      actions.addAll(TableState.actions("Filter by function"));
      actions.add(new Frame.Action("drill", "Its histogram", "row"));
    } else if (empty == null) {
      actions.add(new Frame.Action("back", "Back", "frame"));
    }
    return new Frame(
        view.widget(),
        title(span),
        MemoryView.time(summary.now(), process),
        Frame.Coverage.of(summary.coverage()),
        null,
        empty == null ? crumbs(process) : List.of(),
        null,
        actions,
        empty,
        null,
        empty == null ? table(process, histograms) : null);
  }

  private static String title(TimeSpan span) {
    return span.equals(TimeSpan.ALL)
        ? "Lifetimes"
        : String.format(
            Locale.ROOT,
            "Lifetimes of what began from %.3f s to %.3f s",
            span.from() / 1e9,
            span.to() / 1e9);
  }

  private List<Frame.Crumb> crumbs(WatchedProcess process) {
    Frame.Crumb sites = new Frame.Crumb("By call site", "sites");
    return inside.isEmpty()
        ? List.of(sites)
        : List.of(sites, new Frame.Crumb(nameOf(inside, process), inside));
  }

  private String nameOf(String row, WatchedProcess process) {
    if (row.equals(ALL)) {
      return "All call sites";
    }
    int site = Integer.parseInt(row);
    learn(process, List.of(site));
    return SiteWords.owner(stacks.get(site));
  }

  private Table table(WatchedProcess process, LifetimeHistograms histograms) {
    if (!inside.isEmpty()) {
      return buckets(
          inside.equals(ALL)
              ? histograms.all()
              : histograms.sites().getOrDefault(Integer.parseInt(inside), new Histogram()));
    }
    List<Integer> order = ordered(process, histograms);
    Range range = Range.of(histograms.all());
    boolean withAll = state.filter().isBlank();
    List<Table.Row> rows = new ArrayList<>();
    if (withAll && state.offset() == 0) {
      rows.add(row(ALL, Cell.text("All call sites"), Cell.text(""), histograms.all(), range));
    }
    int from = Math.max(0, state.offset() - (withAll ? 1 : 0));
    List<Integer> inSight =
        order.subList(
            Math.min(from, order.size()),
            Math.min(from + state.rows() - rows.size(), order.size()));
    learn(process, inSight);
    for (int site : inSight) {
      Stack stack = stacks.get(site);
      rows.add(
          row(
              Integer.toString(site),
              Cell.text(SiteWords.name(stack)),
              SiteWords.source(stack),
              histograms.sites().get(site),
              range));
    }
    return state.table(SITES, rows, order.size() + (withAll ? 1 : 0));
  }

  private List<Integer> ordered(WatchedProcess process, LifetimeHistograms histograms) {
    ToDoubleFunction<Histogram> order = ORDERS.get(state.sort());
    Comparator<Map.Entry<Integer, Histogram>> comparator =
        Comparator.comparingDouble(entry -> order.applyAsDouble(entry.getValue()));
    List<Integer> sites =
        histograms.sites().entrySet().stream()
            .sorted(
                (state.descending() ? comparator.reversed() : comparator)
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .toList();
    if (state.filter().isBlank()) {
      return sites;
    }
    learn(process, sites);
    return sites.stream()
        .filter(site -> SiteWords.name(stacks.get(site)).contains(state.filter()))
        .toList();
  }

  private void learn(WatchedProcess process, List<Integer> sites) {
    List<Integer> missing = sites.stream().filter(site -> !stacks.containsKey(site)).toList();
    for (int at = 0; at < missing.size(); at += STACKS_A_CALL) {
      List<Integer> some = missing.subList(at, Math.min(at + STACKS_A_CALL, missing.size()));
      List<Stack> found =
          source.stacks(process.id(), some.stream().map(Integer::longValue).toList());
      for (int i = 0; i < some.size(); i++) {
        stacks.put(some.get(i), i < found.size() ? found.get(i) : Stack.EMPTY);
      }
    }
  }

  /** The buckets that hold anything, [first, last]; all rows' histograms have the same ones. */
  private record Range(int first, int last) {
    static Range of(Histogram histogram) {
      int[] filled =
          IntStream.range(0, LifetimeHistograms.STILL_LIVE)
              .filter(bucket -> histogram.allocations()[bucket] > 0)
              .toArray();
      return filled.length == 0 ? new Range(0, 0) : new Range(filled[0], filled[filled.length - 1]);
    }

    double[] bars(Histogram histogram) {
      double[] bars = new double[last - first + 2];
      for (int bucket = first; bucket <= last; bucket++) {
        bars[bucket - first] = histogram.allocations()[bucket];
      }
      bars[bars.length - 1] = histogram.allocations()[LifetimeHistograms.STILL_LIVE];
      return bars;
    }

    String words() {
      return "%s to %s, then still live".formatted(nanos(1L << first), nanos(2L << last));
    }
  }

  private static Table.Row row(String id, Cell name, Cell place, Histogram histogram, Range range) {
    return new Table.Row(
        id,
        List.of(
            name,
            place,
            Cell.spark(range.words(), range.bars(histogram)),
            histogram
                .median()
                .map(bucket -> Cell.number(1.5 * (1L << bucket)))
                .orElse(Cell.text("–")),
            Cell.number(histogram.sumOfAllocations()),
            Cell.number(histogram.sumOfBytes()),
            Cell.number(histogram.allocations()[LifetimeHistograms.STILL_LIVE]),
            Cell.number(histogram.bytes()[LifetimeHistograms.STILL_LIVE])),
        List.of());
  }

  private static Table buckets(Histogram histogram) {
    Range range = Range.of(histogram);
    double all = Math.max(1, histogram.sumOfAllocations());
    List<Table.Row> rows = new ArrayList<>();
    for (int bucket = range.first(); bucket <= range.last(); bucket++) {
      rows.add(bucket(histogram, bucket, nanos(1L << bucket) + " – " + nanos(2L << bucket), all));
    }
    rows.add(bucket(histogram, LifetimeHistograms.STILL_LIVE, "still live", all));
    return new Table(BUCKETS, rows, 0, rows.size(), "", false);
  }

  private static Table.Row bucket(Histogram histogram, int bucket, String words, double all) {
    long allocations = histogram.allocations()[bucket];
    return new Table.Row(
        Integer.toString(bucket),
        List.of(
            Cell.text(words),
            Cell.number(allocations),
            Cell.number(histogram.bytes()[bucket]),
            Cell.number(100 * allocations / all)),
        List.of());
  }

  /** Three digits with the unit: 1.05 ms. */
  private static String nanos(long nanos) {
    String[] units = {"ns", "µs", "ms", "s"};
    double value = nanos;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    int decimals = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "stop" -> reading.stop();
      case "again" -> reading.again();
      case "drill" -> inside = known(act.target());
      case "back" -> inside = "";
      default -> state = state.after(act, SITES).orElseThrow(() -> MemoryView.unknown(act));
    }
    return "";
  }

  private static String known(String row) {
    if (!row.equals(ALL) && !row.matches("\\d{1,9}")) {
      throw Problem.usedWrongly("'%s' is none of the call sites".formatted(row));
    }
    return row;
  }

  @Override
  public void close() {
    reading.stop();
  }
}
