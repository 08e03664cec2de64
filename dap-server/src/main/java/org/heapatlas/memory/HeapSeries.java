package org.heapatlas.memory;

import java.util.Arrays;
import java.util.List;
import org.heapatlas.model.Series;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.Chart;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;

/** Bytes on the left axis and rates on the right one, from the start until now or of a span. */
final class HeapSeries implements MemoryView.ProcessView {
  private static final int PIXELS_A_POINT = 3;
  private static final String EMPTY = "No figures yet; the first ones come within a second.";

  private final MemoryView view;
  private final HeapSource source;
  private final int points;
  private long from;
  private long to = Long.MAX_VALUE;

  HeapSeries(MemoryView view, HeapSource source, ViewDefinition.Options options) {
    this.view = view;
    this.source = source;
    this.points = options.viewport().width() / PIXELS_A_POINT;
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Series series = source.series(process.id(), from, to, points);
    boolean none = series.time().length == 0;
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(series.now(), process),
        Frame.Coverage.of(series.coverage()),
        null,
        List.of(),
        null,
        List.of(new Frame.Action("range", "Choose a time span", "frame")),
        none ? EMPTY : null,
        null,
        none ? null : chart(series));
  }

  private static Chart chart(Series series) {
    return new Chart(
        doubles(series.time()),
        "ns",
        List.of(
            new Chart.Line("liveBytes", "Live bytes", "B", doubles(series.liveBytes()), "left"),
            new Chart.Line("rssBytes", "Resident (RSS)", "B", doubles(series.rssBytes()), "left"),
            new Chart.Line(
                "allocationsPerSecond",
                "Allocations",
                "count/s",
                series.allocationsPerSecond(),
                "right"),
            new Chart.Line(
                "releasesPerSecond", "Releases", "count/s", series.releasesPerSecond(), "right")),
        series.coverage().gaps().stream()
            .map(gap -> new Chart.Span(gap.from(), gap.to(), gap.events() + " events folded"))
            .toList());
  }

  private static double[] doubles(long[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  /** A span in nanoseconds from {@code from} to {@code to}; the whole time without them. */
  @Override
  public String act(OpenView.Act act) {
    if (!act.action().equals("range")) {
      throw MemoryView.unknown(act);
    }
    from = act.number("from", 0);
    to = act.number("to", Long.MAX_VALUE);
    return "";
  }
}
