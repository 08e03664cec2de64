package org.heapatlas.memory;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Session;

/**
 * The finding that a process's views are about, and the way to another one. Called by every view
 * that shows findings, so that these agree.
 */
final class ChosenFinding {
  private ChosenFinding() {}

  /**
   * A process's findings as far as the session has heard of them. To ask the collector for its list
   * takes up to a second, which no frame may wait for.
   */
  static List<Finding> findings(Session session, WatchedProcess process) {
    return session.findings().stream()
        .filter(finding -> finding.process() == process.id())
        .toList();
  }

  /** In a recording the one at whose event it stands; else the one that a user chose last. */
  static OptionalLong of(Session session, WatchedProcess process, List<Finding> its) {
    OptionalLong chosen = session.finding(process.id());
    if (!process.isReplayed() || its.isEmpty()) {
      return chosen;
    }
    OptionalLong here = OptionalLong.of(session.cursor(process.id()).timeline().position());
    return its.stream()
        .filter(finding -> finding.position().equals(here))
        .mapToLong(Finding::id)
        .findFirst();
  }

  /**
   * A recording stands before the event of the finding then, as at a breakpoint; a live program
   * cannot be moved, and the views show its evidence. The answer is for the user.
   */
  static String goTo(String id, Session session, WatchedProcess process) {
    Finding finding =
        findings(session, process).stream()
            .filter(each -> Long.toString(each.id()).equals(id))
            .findFirst()
            .orElseThrow(() -> Problem.notFound("there is no finding '%s'".formatted(id)));
    session.chooseFinding(process.id(), finding.id());
    if (!process.isReplayed()) {
      return String.format(
          Locale.ROOT,
          "%s, at %.6f s. The view Findings has its stacks.",
          finding.title(),
          finding.from() / 1e9);
    }
    session.travel(process.id(), instant(finding));
    return "";
  }

  /**
   * To the nearest one before or behind: of where a recording stands, of the one that was chosen
   * last of a live program.
   */
  static String goOn(boolean backward, Session session, WatchedProcess process) {
    List<Finding> its =
        findings(session, process).stream()
            .sorted(Comparator.comparingLong(Finding::from).thenComparingLong(Finding::id))
            .toList();
    List<Finding> way = backward ? its.reversed() : its;
    Optional<Finding> next =
        process.isReplayed()
            ? way.stream()
                .filter(
                    finding -> isAhead(finding, session.cursor(process.id()).timeline(), backward))
                .findFirst()
            : following(way, session.finding(process.id()));
    return next.map(finding -> goTo(Long.toString(finding.id()), session, process))
        .orElseGet(() -> its.isEmpty() ? "There is no finding." : noneAhead(backward));
  }

  private static String noneAhead(boolean backward) {
    return backward ? "There is no finding before." : "There is no finding behind.";
  }

  private static boolean isAhead(Finding finding, Timeline now, boolean backward) {
    int way =
        finding.position().isPresent()
            ? Long.compare(finding.position().getAsLong(), now.position())
            : Long.compare(finding.from(), now.nanos());
    return backward ? way < 0 : way > 0;
  }

  /** The first one where none was chosen, or one that is no more known. */
  private static Optional<Finding> following(List<Finding> way, OptionalLong chosen) {
    List<Long> ids = way.stream().map(Finding::id).toList();
    int at = chosen.isPresent() ? ids.indexOf(chosen.getAsLong()) : -1;
    return way.stream().skip(at + 1L).findFirst();
  }

  private static Moment instant(Finding finding) {
    return finding.position().isPresent()
        ? new Moment.Position(finding.position().getAsLong())
        : new Moment.Time(finding.from());
  }
}
