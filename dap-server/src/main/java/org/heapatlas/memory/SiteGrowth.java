package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Instant;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Summary;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Growth;
import org.heapatlas.recording.Profile;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;
import org.heapatlas.session.RecordingsBeside;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;
import org.heapatlas.view.Table.Column;
import org.heapatlas.view.TableState;
import org.heapatlas.view.ViewDefinition;
import org.heapatlas.view.ViewDescription;

/**
 * What two instants of a recording differ in, by call stack: the ends of the chosen span, or of the
 * whole; or the latter of them and an instant of another recording that lies beside, of its main
 * process. What chance explains is said so.
 */
final class SiteGrowth implements MemoryView.ProcessView {
  /** The name of the other recording, and when in it. */
  static final List<ViewDescription.Parameter> PARAMETERS =
      List.of(
          new ViewDescription.Parameter("recording", "text", List.of(), List.of()),
          new ViewDescription.Parameter("at", "instant", List.of(), List.of()));

  private static final String RECORD =
      "%s. Growth is known of what is recorded:\n    ./heapatlas record -o FOLDER -- PROGRAM";
  private static final String NOTHING = "Nothing was live at either of the two instants.";
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

  /** What is compared; an end of 0 is the recording's. */
  record Question(long process, TimeSpan span, Optional<Other> other) {}

  /** Another recording, by its name, and the time in it in ns. */
  record Other(String recording, long nanos) {
    static Other of(String recording, String at) {
      return new Other(recording, Instant.nanos(at.isBlank() ? "end" : at));
    }
  }

  /** {@code from} and {@code to}: the instants, in words. */
  record Difference(String from, String to, List<Growth> sites) {}

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final LongReading<Question, Difference> reading;
  private TableState state = TableState.by("grown");
  private Optional<Other> other;
  private List<String> names; // of the recordings beside, as they were looked for last

  SiteGrowth(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.reading = new LongReading<>(this::read);
    String recording = options.parameter("recording");
    this.other =
        recording.isEmpty()
            ? Optional.empty()
            : Optional.of(Other.of(recording, options.parameter("at")));
    this.names = namesBeside();
  }

  private List<String> namesBeside() {
    return session.beside().map(RecordingsBeside::names).orElse(List.of());
  }

  private Difference read(Question question, LongReading.Course<Difference> course) {
    Timeline there = source.timeline(question.process());
    long to = question.span().to() == 0 ? there.endNanos() : question.span().to();
    if (question.other().isPresent()) {
      return sinceOther(question, question.other().get(), to, course);
    }
    long from = Math.max(question.span().from(), there.firstNanos());
    Profile before = LiveProfile.at(source, question.process(), from, course, 0);
    Profile after = LiveProfile.at(source, question.process(), to, course, 0.5);
    return new Difference(seconds(from), seconds(to), Growth.between(before, after));
  }

  private Difference sinceOther(
      Question question, Other asked, long to, LongReading.Course<Difference> course) {
    try (Node node = beside().open(asked.recording());
        Session its = new Session(Nodes.REPLAY, node.source())) {
      long process = its.awaitRecorded().id();
      Timeline there = node.source().timeline(process);
      long at = Math.clamp(asked.nanos(), there.firstNanos(), there.endNanos());
      Profile before = LiveProfile.at(node.source(), process, at, course, 0);
      Profile after = LiveProfile.at(source, question.process(), to, course, 0.5);
      String missing =
          there.missing().isEmpty() ? "" : " (%s)".formatted(there.missing().getFirst());
      return new Difference(
          "'%s' at %s%s".formatted(asked.recording(), seconds(at), missing),
          seconds(to),
          Growth.between(before, after));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "opening the other recording was broken off", e);
    }
  }

  private RecordingsBeside beside() {
    return session
        .beside()
        .orElseThrow(
            () ->
                Problem.usedWrongly(
                    "a live session is compared with no recording; record it, and replay that"));
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    Question question =
        new Question(process.id(), session.span(process.id()).orElse(TimeSpan.ALL), other);
    LongReading.State<Difference> read = reading.of(question);
    Difference difference = read.result();
    String empty = null;
    if (!read.why().isEmpty()) {
      empty = other.isPresent() ? read.why() : RECORD.formatted(read.why());
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

  private List<Frame.Action> actions(WatchedProcess process, LongReading.State<Difference> read) {
    List<Frame.Action> actions = new ArrayList<>(TableState.actions("Filter by function"));
    if (read.reading()) {
      actions.add(new Frame.Action("stop", "Stop", "frame"));
    } else if (!process.isReplayed() || read.done() < 1) {
      actions.add(new Frame.Action("again", "Read again", "frame"));
    }
    next()
        .ifPresent(
            name ->
                actions.add(
                    new Frame.Action("compare", "Compare with '%s'".formatted(name), "frame")));
    if (other.isPresent()) {
      actions.add(new Frame.Action("within", "Within this recording", "frame"));
    }
    return actions;
  }

  /** The recording beside that follows the one that is compared with, round and round. */
  private Optional<String> next() {
    String now = other.map(Other::recording).orElse("");
    return names.stream()
        .filter(name -> name.compareTo(now) > 0)
        .findFirst()
        .or(() -> names.stream().filter(name -> !name.equals(now)).findFirst());
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
  }

  private static String title(Difference difference) {
    return "Growth from %s to %s: %s"
        .formatted(
            difference.from(),
            difference.to(),
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
      case "again" -> {
        reading.again();
        names = namesBeside();
      }
      case "within" -> {
        other = Optional.empty();
        names = namesBeside();
      }
      case "compare" -> {
        other = Optional.of(Other.of(named(act.target()), act.argument("at")));
        names = namesBeside();
      }
      default -> state = state.after(act, COLUMNS).orElseThrow(() -> MemoryView.unknown(act));
    }
    return "";
  }

  private String named(String target) {
    return target.isEmpty()
        ? next().orElseThrow(() -> Problem.notFound("no other recording lies beside this one"))
        : target;
  }

  @Override
  public void close() {
    reading.stop();
  }
}
