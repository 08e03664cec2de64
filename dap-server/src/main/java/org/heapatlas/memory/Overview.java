package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Series;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.KeyFigures;
import org.heapatlas.view.KeyFigures.Figure;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;

/** The heap in figures, each with its course, and what the user should know about them. */
final class Overview implements MemoryView.ProcessView {
  private static final int SPARK_POINTS = 60;
  private static final double[] NO_SPARK = {};

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;

  Overview(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    Series series = source.series(process.id(), 0, summary.now(), SPARK_POINTS);
    return new Frame(
        view.widget(),
        MemoryView.subject(process),
        MemoryView.time(summary.now(), process),
        Frame.Coverage.of(summary.coverage()),
        null,
        List.of(),
        null,
        List.of(),
        null,
        null,
        new KeyFigures(
            figures(summary, series), notices(summary, ChosenFinding.findings(session, process))));
  }

  private static List<Figure> figures(Summary summary, Series series) {
    Coverage coverage = summary.coverage();
    double[] events = sum(series.allocationsPerSecond(), series.releasesPerSecond());
    double[] live = doubles(series.liveBytes());
    return List.of(
        new Figure("liveBytes", "Live bytes", summary.liveBytes(), "B", error(coverage), live),
        new Figure(
            "liveAllocations",
            "Live allocations",
            summary.liveAllocations(),
            "count",
            average(summary),
            doubles(series.liveAllocations())),
        new Figure(
            "peakBytes",
            "Peak",
            summary.peakBytes(),
            "B",
            seconds(summary.peakTime()),
            largestSoFar(live)),
        new Figure(
            "eventsPerSecond",
            "Events",
            last(events),
            "count/s",
            count(coverage.events()) + " so far",
            events),
        new Figure(
            "allocationsPerSecond",
            "Allocations",
            last(series.allocationsPerSecond()),
            "count/s",
            count(summary.allocations()) + " so far",
            series.allocationsPerSecond()),
        new Figure(
            "rssBytes",
            "Resident (RSS)",
            summary.rssBytes(),
            "B",
            "shared pages whole",
            doubles(series.rssBytes())),
        new Figure(
            "pssBytes",
            "Proportional (PSS)",
            summary.pssBytes(),
            "B",
            "shared pages divided",
            NO_SPARK),
        new Figure("lost", "Lost", coverage.lost(), "count", lost(coverage), NO_SPARK));
  }

  private static String lost(Coverage coverage) {
    int gaps = coverage.gaps().size();
    if (coverage.lost() == 0) {
      return "every event is here";
    }
    return "in detail, " + gaps + (gaps == 1 ? " gap" : " gaps");
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = new double[Math.min(one.length, other.length)];
    Arrays.setAll(sum, i -> one[i] + other[i]);
    return sum;
  }

  private static double[] largestSoFar(double[] values) {
    double[] largest = values.clone();
    for (int i = 1; i < largest.length; i++) {
      largest[i] = Math.max(largest[i], largest[i - 1]);
    }
    return largest;
  }

  private static String error(Coverage coverage) {
    return coverage.standardErrorBytes() > 0
        ? "± " + Bytes.text(coverage.standardErrorBytes())
        : "requested sizes";
  }

  private static String average(Summary summary) {
    return summary.liveAllocations() == 0
        ? ""
        : "%s on average"
            .formatted(Bytes.text((double) summary.liveBytes() / summary.liveAllocations()));
  }

  private static List<String> notices(Summary summary, List<Finding> found) {
    List<String> notices = new ArrayList<>(summary.process().notices());
    if (!found.isEmpty()) {
      notices.add(
          count(found.size())
              + (found.size() == 1 ? " finding: " : " findings, the first: ")
              + found.getFirst().title()
              + ". The view Findings says more.");
    }
    Coverage coverage = summary.coverage();
    if (coverage.beforeAttachBytes() > 0) {
      notices.add(
          Bytes.text(coverage.beforeAttachBytes()) + " were allocated before HeapAtlas attached.");
    }
    long older = coverage.unknownFrees() - found.size();
    if (older > 0) {
      notices.add(count(older) + " releases were of blocks older than the session.");
    }
    notices.addAll(coverage.span());
    if (coverage.folding()) {
      notices.add("Events are being folded together; the map is exact again after the gap.");
    }
    return notices;
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "after %.1f s", nanos / 1e9);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static double last(double[] values) {
    return values.length == 0 ? 0 : values[values.length - 1];
  }

  private static double[] doubles(long[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  @Override
  public String act(OpenView.Act act) {
    throw MemoryView.unknown(act);
  }
}
