package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Finding;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Series;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Player;
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

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final TimeActions actions;
  private final int points;

  TimeLanes(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.actions = new TimeActions(session);
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
        actions.of(process, !found.isEmpty()),
        none ? EMPTY : null,
        null,
        none ? null : bar(process, course, found));
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
            found, ChosenFinding.of(session, process, found), time(process, course), points),
        markedAt(session.marked(process.id()).a()),
        markedAt(session.marked(process.id()).b()),
        process.isReplayed() ? playback(process.id()) : null);
  }

  private static Double markedAt(OptionalLong nanos) {
    return nanos.isPresent() ? (double) nanos.getAsLong() : null;
  }

  private TimeBar.Playback playback(long process) {
    Player player = session.player();
    return new TimeBar.Playback(player.speed(process), Player.SPEEDS, player.why(process));
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

  @Override
  public String act(OpenView.Act act, WatchedProcess process) {
    return actions.act(act, process);
  }

  private static double[] doubles(long[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }
}
