package org.heapatlas.memory;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.heapatlas.model.Finding;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.view.TimeBar;

/**
 * What was found, as marks over the session's time. Findings that would lie on one point share a
 * mark; where there are more marks than a frame should carry, the gravest are kept, and how many
 * findings have none is told.
 */
final class FindingMarks {
  static final String ACTION = "mark";
  static final int MOST_MARKS = 200;
  private static final Comparator<Finding> GRAVEST =
      Comparator.comparing(Finding::severity)
          .reversed()
          .thenComparingLong(Finding::from)
          .thenComparingLong(Finding::id);

  private FindingMarks() {}

  /** Null where nothing was found. {@code points}: how many can be told apart in the time. */
  static TimeBar.Marks of(List<Finding> found, OptionalLong chosen, TimeSpan time, int points) {
    if (found.isEmpty()) {
      return null;
    }
    List<List<Finding>> kept =
        groups(found, time, points).stream()
            .sorted(Comparator.comparing(List::getFirst, GRAVEST))
            .limit(MOST_MARKS)
            .toList();
    int shown = kept.stream().mapToInt(List::size).sum();
    return new TimeBar.Marks(
        "Findings",
        found.size(),
        found.size() - shown,
        kept.stream()
            .map(group -> mark(group, chosen))
            .sorted(Comparator.comparingDouble(TimeBar.Mark::at))
            .toList());
  }

  /** Each with its gravest first. */
  private static Collection<List<Finding>> groups(List<Finding> found, TimeSpan time, int points) {
    double point = Math.max(1, (double) (time.to() - time.from()) / Math.max(1, points));
    return found.stream()
        .sorted(GRAVEST)
        .collect(
            Collectors.groupingBy(
                finding -> (long) Math.floor((finding.from() - time.from()) / point),
                TreeMap::new,
                Collectors.toList()))
        .values();
  }

  /** About the chosen one, where that is one of them, and leading on from it. */
  private static TimeBar.Mark mark(List<Finding> group, OptionalLong chosen) {
    int number =
        1
            + group.stream()
                .map(Finding::id)
                .toList()
                .indexOf(chosen.isPresent() ? chosen.getAsLong() : -1L);
    Finding shown = group.get(Math.max(0, number - 1));
    return new TimeBar.Mark(
        Long.toString(group.get(number % group.size()).id()),
        shown.from(),
        shown.kind(),
        group.getFirst().severity().text(),
        shown.title(),
        group.size(),
        number);
  }
}
