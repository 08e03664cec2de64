package org.heapatlas.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.heapatlas.model.Problem;
import org.heapatlas.model.ProcessTitles;
import org.heapatlas.model.WatchedProcess;

/** The one process of a session that a command is about, named or not. */
final class ChosenProcess {
  static final String WHAT =
      "This process alone: its PID, or NAME[PID] where several programs had that PID.";

  private static final int MOST_TITLES = 10;

  private ChosenProcess() {}

  /** Under a PID the newest program, for a wrapper becomes the real one. */
  static WatchedProcess named(List<WatchedProcess> all, String text) {
    Map<Long, String> titles = ProcessTitles.of(all);
    return all.stream()
        .filter(
            each -> Integer.toString(each.pid()).equals(text) || titles.get(each.id()).equals(text))
        .reduce((older, newer) -> newer)
        .orElseThrow(
            () ->
                Problem.usedWrongly(
                    "no process '%s' was recorded; there %s".formatted(text, said(titles))));
  }

  /** What was started, as a replay's summary is of. */
  static WatchedProcess main(List<WatchedProcess> all) {
    return all.getFirst().newestOf(all);
  }

  /** One sentence, for who named none of several. */
  static String sentence(List<WatchedProcess> all, WatchedProcess taken) {
    Map<Long, String> titles = ProcessTitles.of(all);
    return "this format holds one process, and this file %s; there %s; choose with --process"
        .formatted(titles.get(taken.id()), said(titles));
  }

  private static String said(Map<Long, String> titles) {
    String some = titles.values().stream().limit(MOST_TITLES).collect(Collectors.joining(", "));
    int others = titles.size() - MOST_TITLES;
    return (titles.size() == 1 ? "is " : "are ")
        + some
        + (others > 0 ? " and %,d others".formatted(others) : "");
  }
}
