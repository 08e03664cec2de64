package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;

/**
 * What the time bar lets a user do: move and play a recording, go from finding to finding, and mark
 * the instants between which other views compare. Main entries: of, act. Called by {@link
 * TimeLanes}.
 */
final class TimeActions {
  private static final Frame.Action PLAY = ofFrame("play", "Play");
  private static final Frame.Action PAUSE = ofFrame("pause", "Pause");
  private static final List<Frame.Action> REPLAYED =
      List.of(
          ofFrame("seek", "Go to an instant"),
          ofFrame("previous", "Previous event"),
          ofFrame("next", "Next event"),
          ofFrame("speed", "Speed"));
  private static final List<Frame.Action> EVER =
      List.of(
          ofFrame("span", "Choose a time span"),
          ofFrame("markA", "Mark A here"),
          ofFrame("markB", "Mark B here"));
  private static final Frame.Action COMPARE =
      new Frame.Action("compare", "Compare A and B", "frame", MemoryFeature.GROWTH);
  private static final List<Frame.Action> FOUND =
      List.of(
          ofFrame(FindingMarks.ACTION, "Go to a finding"),
          ofFrame("previousFinding", "Previous finding"),
          ofFrame("nextFinding", "Next finding"));

  private final Session session;

  TimeActions(Session session) {
    this.session = session;
  }

  private static Frame.Action ofFrame(String id, String title) {
    return new Frame.Action(id, title, "frame");
  }

  List<Frame.Action> of(WatchedProcess process, boolean found) {
    List<Frame.Action> actions = new ArrayList<>();
    if (process.isReplayed()) {
      actions.addAll(REPLAYED);
      actions.add(PLAY);
      if (session.player().pace(process.id()) != 0) {
        actions.add(PAUSE);
      }
    }
    actions.addAll(EVER);
    if (session.span(process.id()).isPresent()) {
      actions.add(COMPARE);
    }
    if (found) {
      actions.addAll(FOUND);
    }
    return List.copyOf(actions);
  }

  /**
   * {@code seek}: a time in {@code nanos}, or the target as {@link Moment#parse} reads it; {@code
   * mark}: the target is the number of a finding. The answer is for the user.
   */
  String act(OpenView.Act act, WatchedProcess process) {
    return switch (act.action()) {
      case FindingMarks.ACTION -> ChosenFinding.goTo(act.target(), session, process);
      case "previousFinding" -> ChosenFinding.goOn(true, session, process);
      case "nextFinding" -> ChosenFinding.goOn(false, session, process);
      case "compare" -> compared(process);
      default -> {
        move(act, process);
        yield "";
      }
    };
  }

  private void move(OpenView.Act act, WatchedProcess process) {
    switch (act.action()) {
      case "seek" -> seek(process, moment(act));
      case "previous" -> step(process, true);
      case "next" -> step(process, false);
      case "play" -> play(process, act);
      case "pause" -> session.player().pause(replayed(process).id());
      case "speed" -> session.player().speed(replayed(process).id(), speed(act));
      case "span" -> session.choose(process.id(), span(act));
      case "markA" -> session.mark(process.id(), session.marked(process.id()).withA(now(process)));
      case "markB" -> session.mark(process.id(), session.marked(process.id()).withB(now(process)));
      default -> throw MemoryView.unknown(act);
    }
  }

  private static Moment moment(OpenView.Act act) {
    return act.argument("nanos").isEmpty()
        ? Moment.parse(act.target())
        : new Moment.Time(Math.max(0, act.number("nanos", 0)));
  }

  private static WatchedProcess replayed(WatchedProcess process) {
    if (!process.isReplayed()) {
      throw Problem.usedWrongly(
          "a live program cannot be moved in time; record it with ./heapatlas record, and replay that");
    }
    return process;
  }

  private void seek(WatchedProcess process, Moment moment) {
    session.travel(replayed(process).id(), moment);
  }

  private void play(WatchedProcess process, OpenView.Act act) {
    String direction = act.argument("direction");
    if (!List.of("", "forward", "backward").contains(direction)) {
      throw Problem.usedWrongly(
          "'%s' is no direction to play in; write forward or backward".formatted(direction));
    }
    if (!act.argument("speed").isEmpty()) {
      session.player().speed(replayed(process).id(), speed(act));
    }
    session.player().play(replayed(process).id(), direction.equals("backward"));
  }

  /** Recorded time over real time, as the argument or the target. */
  private static double speed(OpenView.Act act) {
    String text = act.argument("speed").isEmpty() ? act.target() : act.argument("speed");
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new Problem(
          Problem.Kind.USED_WRONGLY, "'%s' is no speed; write a number".formatted(text), e);
    }
  }

  /** Of a recording the instant at which it stands, of a program that runs that of the newest. */
  private long now(WatchedProcess process) {
    return process.isReplayed()
        ? session.cursor(process.id()).timeline().nanos()
        : session.source().course(process.id(), 1).now();
  }

  private String compared(WatchedProcess process) {
    if (session.span(process.id()).isEmpty()) {
      throw Problem.usedWrongly("mark A and B at two instants first");
    }
    return "";
  }

  /** To the nearest allocation or release of any thread, or to the end. */
  private void step(WatchedProcess process, boolean backward) {
    // Told where it stands, whatever becomes of the search.
    session.player().pause(replayed(process).id());
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
    return session
        .source()
        .search(
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
}
