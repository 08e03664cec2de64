package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Finding;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Series;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Chart;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.TimeBar;
import org.heapatlas.view.ViewDefinition;

/**
 * The whole session as lanes, and where in it a replayed process stands; it is moved from here, and
 * a span can be chosen for the views that show one. A live session is shown until now. What was
 * found stands on a lane of its own, and each of it leads to its instant or its evidence.
 */
final class TimeLanes implements MemoryView.ProcessView {
  private static final int PIXELS_A_POINT = 2;
  private static final String EMPTY = "No figures yet; the first ones come within a second.";
  private static final List<Frame.Action> LIVE =
      List.of(new Frame.Action("span", "Choose a time span", "frame"));
  private static final List<Frame.Action> REPLAYED =
      List.of(
          new Frame.Action("seek", "Go to an instant", "frame"),
          new Frame.Action("previous", "Previous event", "frame"),
          new Frame.Action("next", "Next event", "frame"),
          LIVE.getFirst());
  private static final Frame.Action MARK =
      new Frame.Action(FindingMarks.ACTION, "Go to a finding", "frame");

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final int points;

  TimeLanes(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.points = options.viewport().width() / PIXELS_A_POINT;
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Series course = source.course(process.id(), points);
    List<Finding> found = ChosenFinding.findings(session, process);
    boolean none = course.time().length == 0;
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(course.now(), process),
        Frame.Coverage.of(course.coverage()),
        null,
        List.of(),
        null,
        actions(process, found),
        none ? EMPTY : null,
        null,
        none ? null : bar(process, course, found));
  }

  private static List<Frame.Action> actions(WatchedProcess process, List<Finding> found) {
    List<Frame.Action> actions = process.isReplayed() ? REPLAYED : LIVE;
    return found.isEmpty() ? actions : Stream.concat(actions.stream(), Stream.of(MARK)).toList();
  }

  private TimeBar bar(WatchedProcess process, Series course, List<Finding> found) {
    return new TimeBar(
        doubles(course.time()),
        lanes(course),
        course.coverage().gaps().stream()
            .map(gap -> new Chart.Span(gap.from(), gap.to(), gap.events() + " events folded"))
            .toList(),
        session
            .span(process.id())
            .map(span -> new Chart.Span(span.from(), span.to(), ""))
            .orElse(null),
        process.isReplayed() ? place(session.cursor(process.id()).timeline()) : "",
        FindingMarks.of(
            found, ChosenFinding.of(session, process, found), time(process, course), points));
  }

  /** What is drawn: the recorded time, or all until now. */
  private TimeSpan time(WatchedProcess process, Series course) {
    if (!process.isReplayed()) {
      return new TimeSpan(0, course.now());
    }
    Timeline there = session.cursor(process.id()).timeline();
    return new TimeSpan(there.firstNanos(), there.endNanos());
  }

  /** Threads only where they are known: an older recording does not say how many there were. */
  private static List<TimeBar.Lane> lanes(Series course) {
    List<TimeBar.Lane> lanes = new ArrayList<>();
    lanes.add(
        new TimeBar.Lane("liveBytes", "Live bytes", "B", "area", doubles(course.liveBytes())));
    lanes.add(
        new TimeBar.Lane("rate", "Allocations", "count/s", "area", course.allocationsPerSecond()));
    if (Arrays.stream(course.threads()).anyMatch(count -> count > 0)) {
      double[] threads = Arrays.stream(course.threads()).asDoubleStream().toArray();
      lanes.add(new TimeBar.Lane("threads", "Threads", "count", "step", threads));
    }
    return lanes;
  }

  private static String place(Timeline there) {
    return there
        .event()
        .map(
            event ->
                String.format(
                    Locale.ROOT,
                    "before event %,d of %,d: %s",
                    event.position(),
                    there.endPosition(),
                    words(event)))
        .orElseGet(
            () -> String.format(Locale.ROOT, "behind the last of %,d events", there.endPosition()));
  }

  private static String words(HeapEvent event) {
    String size =
        switch (event.kind().effect()) {
          case ALLOCATION, REALLOCATION, RELEASE, POOL, MAPPING ->
              " of " + Bytes.text(event.size());
          case LOCK, PROCESS -> "";
        };
    return "%s%s, thread %d".formatted(event.kind().text(), size, event.tid());
  }

  @Override
  public String act(OpenView.Act act) {
    throw Problem.notFound("there is no process yet whose time could be chosen");
  }

  /**
   * {@code seek}: a time in {@code nanos}, or the target as {@link Moment#parse} reads it; {@code
   * mark}: the target is the number of a finding.
   */
  @Override
  public String act(OpenView.Act act, WatchedProcess process) {
    switch (act.action()) {
      case FindingMarks.ACTION -> {
        return ChosenFinding.goTo(act.target(), session, process);
      }
      case "seek" -> seek(process, moment(act));
      case "previous" -> step(process, true);
      case "next" -> step(process, false);
      case "span" -> session.choose(process.id(), span(act));
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  private static Moment moment(OpenView.Act act) {
    return act.argument("nanos").isEmpty()
        ? Moment.parse(act.target())
        : new Moment.Time(Math.max(0, act.number("nanos", 0)));
  }

  private void seek(WatchedProcess process, Moment moment) {
    if (!process.isReplayed()) {
      throw Problem.usedWrongly(
          "a live program cannot be moved in time; record it with ./heapatlas record, and replay that");
    }
    session.travel(process.id(), moment);
  }

  /** To the nearest allocation or release of any thread, or to the end. */
  private void step(WatchedProcess process, boolean backward) {
    if (!process.isReplayed()) {
      seek(process, Moment.END);
    }
    long now = session.cursor(process.id()).timeline().position();
    long from = backward ? now : now + 1;
    EventSearch.Match match = search(process, from, backward);
    while (match.event().isEmpty() && match.cut()) {
      match = search(process, match.searchedTo(), backward);
    }
    seek(
        process,
        match
            .event()
            .<Moment>map(event -> new Moment.Position(event.position()))
            .orElse(backward ? Moment.BEGINNING : Moment.END));
  }

  private EventSearch.Match search(WatchedProcess process, long from, boolean backward) {
    return source.search(
        process.id(),
        new EventSearch(from, backward, OptionalLong.empty(), EventSearch.Filter.HEAP));
  }

  /** Nothing, for the whole time, where the action names no end. */
  private static Optional<TimeSpan> span(OpenView.Act act) {
    long from = Math.max(0, act.number("from", 0));
    long to = act.number("to", 0);
    if (act.argument("to").isEmpty()) {
      return Optional.empty();
    }
    if (to <= from) {
      throw Problem.usedWrongly("a time span ends behind its beginning");
    }
    return Optional.of(new TimeSpan(from, to));
  }

  private static double[] doubles(long[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }
}
