package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.heapatlas.model.Address;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Summary;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Growth;
import org.heapatlas.recording.Profile;
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
 * What two instants of a recording differ in, by call stack: the ends of the chosen span, or of the
 * whole. What chance explains is said so.
 */
final class SiteGrowth implements MemoryView.ProcessView {
  private static final String RECORD =
      "%s. Growth is known of what is recorded:\n    ./heapatlas record -o FOLDER -- PROGRAM";
  private static final String NOTHING = "Nothing was live at either of the two instants.";
  private static final int STACKS_A_CALL = 1000;
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("function", "Function ← its callers"),
          Column.text("source", "Source"),
          Column.bar("grown", "Grown by", "B"),
          Column.text("chance", "Chance explains"),
          Column.number("grownAllocations", "Allocations", "count"),
          Column.bar("before", "Before", "B"),
          Column.bar("after", "After", "B"));
  private static final Map<String, ToDoubleFunction<Growth>> ORDERS =
      Map.of(
          "grown", Growth::bytes,
          "grownAllocations", Growth::allocations,
          "before", Growth::bytesBefore,
          "after", Growth::bytesAfter);

  /** The two instants; an end of 0 is the recording's. */
  record Question(long process, TimeSpan span) {}

  /** {@code from} and {@code to}: the instants, in ns. */
  record Difference(long from, long to, List<Growth> sites) {}

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final LongReading<Question, Difference> reading;
  private TableState state = TableState.by("grown");

  SiteGrowth(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.reading = new LongReading<>(this::read);
  }

  private Difference read(Question question, LongReading.Course<Difference> course) {
    Timeline there = source.timeline(question.process());
    long from = Math.max(question.span().from(), there.firstNanos());
    long to = question.span().to() == 0 ? there.endNanos() : question.span().to();
    Profile before = liveAt(question.process(), from, course, 0);
    Profile after = liveAt(question.process(), to, course, 0.5);
    return new Difference(from, to, Growth.between(before, after));
  }

  /** A site's live blocks, as they are added up. */
  private static final class Sum {
    private long bytes;
    private long allocations;
    private double squares;

    void add(long size) {
      bytes += size;
      allocations++;
      squares += (double) size * size;
    }
  }

  private Profile liveAt(
      long process, long nanos, LongReading.Course<Difference> course, double done) {
    course.soFar(null, done);
    LifetimeColumns.Query query =
        new LifetimeColumns.Query(
            EnumSet.of(LifetimeColumns.Column.SIZE, LifetimeColumns.Column.SITE),
            TimeSpan.ALL,
            OptionalLong.of(nanos),
            new Address.Range(0, 0));
    Map<Long, Sum> sums = new HashMap<>();
    try (HeapSource.Parts<LifetimeColumns> parts = source.lifetimes(process, query)) {
      course.closing(parts);
      for (Optional<LifetimeColumns> part = parts.next(); part.isPresent(); part = parts.next()) {
        for (int row = 0; row < part.get().rows(); row++) {
          sums.computeIfAbsent((long) part.get().site()[row], site -> new Sum())
              .add(part.get().size()[row]);
        }
        course.soFar(null, done + 0.25);
      }
    }
    return profile(process, sums);
  }

  private Profile profile(long process, Map<Long, Sum> sums) {
    List<Long> sites = sums.keySet().stream().sorted().toList();
    List<Profile.Entry> entries = new ArrayList<>();
    for (int at = 0; at < sites.size(); at += STACKS_A_CALL) {
      List<Long> some = sites.subList(at, Math.min(at + STACKS_A_CALL, sites.size()));
      List<Stack> stacks = source.stacks(process, some);
      for (int i = 0; i < some.size(); i++) {
        Sum sum = sums.get(some.get(i));
        Stack stack = i < stacks.size() ? stacks.get(i) : Stack.EMPTY;
        entries.add(new Profile.Entry(process, stack, sum.bytes, sum.allocations, sum.squares));
      }
    }
    return new Profile("live", entries);
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    Question question = new Question(process.id(), session.span(process.id()).orElse(TimeSpan.ALL));
    LongReading.State<Difference> read = reading.of(question);
    Difference difference = read.result();
    String empty = null;
    if (!read.why().isEmpty()) {
      empty = RECORD.formatted(read.why());
    } else if (difference == null || difference.sites().isEmpty()) {
      empty = read.reading() ? "Reading the recording…" : NOTHING;
    }
    Frame frame =
        new Frame(
            view.widget(),
            difference == null ? view.title() : title(difference),
            MemoryView.time(summary.now(), process),
            Frame.Coverage.of(summary.coverage()),
            null,
            List.of(),
            null,
            actions(process, read),
            empty,
            null,
            empty == null ? table(difference) : null);
    return read.reading() ? frame.reading("of the recording read", read.done()) : frame;
  }

  private static List<Frame.Action> actions(
      WatchedProcess process, LongReading.State<Difference> read) {
    List<Frame.Action> actions = new ArrayList<>(TableState.actions("Filter by function"));
    if (read.reading()) {
      actions.add(new Frame.Action("stop", "Stop", "frame"));
    } else if (!process.isReplayed() || read.done() < 1) {
      actions.add(new Frame.Action("again", "Read again", "frame"));
    }
    return actions;
  }

  private static String title(Difference difference) {
    return String.format(
        Locale.ROOT,
        "Growth from %.3f s to %.3f s: %s",
        difference.from() / 1e9,
        difference.to() / 1e9,
        signed(difference.sites().stream().mapToLong(Growth::bytes).sum()));
  }

  private static String signed(long bytes) {
    return (bytes > 0 ? "+" : "") + Bytes.text(bytes);
  }

  private Table table(Difference difference) {
    Comparator<Growth> order = Comparator.comparingDouble(ORDERS.get(state.sort()));
    List<Growth> all =
        difference.sites().stream()
            .filter(
                growth ->
                    state.filter().isBlank()
                        || SiteWords.name(growth.stack()).contains(state.filter()))
            .sorted(state.descending() ? order.reversed() : order)
            .toList();
    List<Table.Row> rows =
        all.stream().skip(state.offset()).limit(state.rows()).map(SiteGrowth::row).toList();
    return state.table(COLUMNS, rows, all.size());
  }

  private static Table.Row row(Growth growth) {
    return new Table.Row(
        Integer.toHexString(growth.stack().hashCode()),
        List.of(
            Cell.text(SiteWords.name(growth.stack())),
            SiteWords.source(growth.stack()),
            Cell.number(growth.bytes()),
            Cell.text(
                "± " + Bytes.text(growth.noise()) + (growth.exceedsNoise() ? "" : ": all of it")),
            Cell.number(growth.allocations()),
            Cell.number(growth.bytesBefore()),
            Cell.number(growth.bytesAfter())),
        SiteWords.lines(growth.stack()),
        !growth.exceedsNoise());
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "stop" -> reading.stop();
      case "again" -> reading.again();
      default -> state = state.after(act, COLUMNS).orElseThrow(() -> MemoryView.unknown(act));
    }
    return "";
  }

  @Override
  public void close() {
    reading.stop();
  }
}
