package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame.FrameTime;
import org.heapatlas.eclipse.view.Span;
import org.heapatlas.eclipse.view.Timeline;
import org.heapatlas.eclipse.view.Timeline.Lane;
import org.heapatlas.eclipse.view.Timeline.Mark;
import org.heapatlas.eclipse.view.Timeline.Marks;
import org.heapatlas.eclipse.view.Timeline.Severity;

/** The timeline's data as values, groups of marks and words. Pure. */
public final class TimelineModel {
  static final double SYMBOL = 12;
  private static final double ROOM = SYMBOL + 2;
  private static final double DIGIT = 6.5;

  /**
   * What lies too close together on this screen: at its first mark, in the shape of its gravest.
   */
  public record Group(double left, List<Mark> marks, int count, Severity severity, boolean chosen) {
    /**
     * Where a press leads: through all that the group stands for, one after the other, and around.
     */
    public Mark next() {
      for (int at = 0; at < marks.size(); at++) {
        var mark = marks.get(at);
        if (mark.chosen() == 0) continue;
        return mark.chosen() < mark.count() ? mark : marks.get((at + 1) % marks.size());
      }
      return marks.getFirst();
    }

    private Mark told() {
      return marks.stream()
          .filter(mark -> mark.chosen() > 0)
          .findFirst()
          .orElseGet(marks::getFirst);
    }

    /** What stands beside the pointer, a line each: of the chosen one, else of the first. */
    List<String> lines() {
      var mark = told();
      var lines = new ArrayList<String>();
      lines.add(mark.severity().text() + ": " + mark.kind());
      if (!mark.title().isEmpty()) lines.add(mark.title());
      lines.add("at " + Format.instant(mark.at()));
      if (count > 1) lines.add(place(mark));
      return lines;
    }

    private String place(Mark told) {
      if (!chosen) return "the first of " + Format.count(count) + " here, a press each";
      int before = marks.stream().takeWhile(mark -> mark != told).mapToInt(Mark::count).sum();
      return "%s of %s here; press again for the next"
          .formatted(Format.count(before + told.chosen()), Format.count(count));
    }
  }

  private TimelineModel() {}

  /** The pixels that a group takes from its left on, with its number where it has one. */
  static double roomOf(int count) {
    return count == 1 ? ROOM : ROOM + Format.count(count).length() * DIGIT;
  }

  /** From left to right, so that no symbol or number lies over the next one. */
  static List<Group> groups(List<Mark> marks, TimeScale scale) {
    var groups = new ArrayList<List<Mark>>();
    double left = 0;
    int count = 0;
    for (var mark : marks) {
      double x = scale.pixel(mark.at());
      if (groups.isEmpty() || x - left >= roomOf(count)) {
        groups.add(new ArrayList<>());
        left = x;
        count = 0;
      }
      groups.getLast().add(mark);
      count += mark.count();
    }
    return groups.stream().map(group -> groupOf(group, scale)).toList();
  }

  private static Group groupOf(List<Mark> marks, TimeScale scale) {
    return new Group(
        scale.pixel(marks.getFirst().at()),
        List.copyOf(marks),
        marks.stream().mapToInt(Mark::count).sum(),
        marks.stream().map(Mark::severity).min(Severity::compareTo).orElseThrow(),
        marks.stream().anyMatch(mark -> mark.chosen() > 0));
  }

  static String moreText(Marks marks) {
    return marks.more() == 0
        ? ""
        : Format.count(marks.more()) + " more " + marks.title().toLowerCase() + " without a mark";
  }

  /** The lane's value at a time: that of the last point before it. */
  static double valueAt(Lane lane, Timeline data, double nanos) {
    int low = 0;
    int high = data.x().size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (data.x().get(middle) <= nanos) low = middle + 1;
      else high = middle;
    }
    return lane.values().at(Math.max(0, low - 1));
  }

  /** What stands at a time, a line each. */
  static List<String> linesAt(Timeline data, double nanos) {
    var lines = new ArrayList<String>();
    for (var lane : data.lanes()) {
      lines.add(lane.title() + ": " + Format.quantity(valueAt(lane, data, nanos), lane.unit()));
    }
    gapAt(data, nanos).ifPresent(gap -> lines.add("Gap: " + gap.title()));
    return lines;
  }

  private static Optional<Span> gapAt(Timeline data, double nanos) {
    return data.gaps().stream().filter(gap -> gap.contains(nanos)).findFirst();
  }

  static String spanText(Span span) {
    return "%s – %s (%s)"
        .formatted(
            Format.instant(span.from()),
            Format.instant(span.to()),
            Format.duration(span.to() - span.from()));
  }

  /** One sentence for those who do not see the picture. */
  static String sentence(Timeline data, FrameTime time) {
    var lanes =
        data.lanes().stream()
            .map(
                lane ->
                    lane.title() + " up to " + Format.quantity(lane.values().peak(), lane.unit()))
            .collect(Collectors.joining(", "));
    int gaps = data.gaps().size();
    var gapWords = gaps == 0 ? "" : "; " + gaps + (gaps == 1 ? " gap" : " gaps");
    var marks =
        data.marks() == null
            ? ""
            : "; " + data.marks().title() + ": " + Format.count(data.marks().total());
    return "From %s to %s: %s%s%s."
        .formatted(Format.instant(time.from()), Format.instant(time.to()), lanes, gapWords, marks);
  }

  static String csv(Timeline data) {
    var lines = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("time (ns)"));
    for (var lane : data.lanes()) {
      head.add(lane.title() + " (" + (lane.unit().isEmpty() ? "count" : lane.unit()) + ")");
    }
    lines.add(head);
    for (int at = 0; at < data.x().size(); at++) {
      var line = new ArrayList<>(List.of(Format.plain(data.x().get(at))));
      for (var lane : data.lanes()) line.add(Format.plain(lane.values().at(at)));
      lines.add(line);
    }
    return Csv.of(lines);
  }
}
