package org.heapatlas.eclipse.view;

import java.util.List;
import java.util.stream.Stream;

/**
 * Lanes over one x in ns, from the frame's time.from to its time.to; its time.now is the cursor.
 *
 * @param span what was chosen last, for the views that show a span, or null
 * @param text where a replayed program stands
 * @param marks null where nothing stands out
 * @param a what was marked, in either order; NaN while it is not
 * @param b as a
 * @param playback null of a live session
 */
public record Timeline(
    Numbers x,
    List<Lane> lanes,
    List<Span> gaps,
    Span span,
    String text,
    Marks marks,
    double a,
    double b,
    Playback playback)
    implements WidgetData {
  /**
   * @param step drawn in steps, else as an area
   */
  public record Lane(String id, String title, String unit, boolean step, Numbers values) {}

  /**
   * How a recording is played.
   *
   * @param speed recorded time over real time, chosen for the next play or in force
   * @param speeds to choose from
   * @param why it stands still, in words, or nothing
   */
  public record Playback(double speed, List<Double> speeds, String why) {}

  /**
   * What stands out at an instant each, the earliest first: total in all, of which more have no
   * mark.
   */
  public record Marks(String title, int total, int more, List<Mark> marks) {}

  /**
   * Stands for count that lie too close together to be told apart. Its words are of the one that is
   * chosen, else of the first; its severity is of the gravest.
   *
   * @param id where a press leads
   * @param at in ns
   * @param chosen the number, from 1, of the one that the other views show; else 0
   */
  public record Mark(
      String id, double at, String kind, Severity severity, String title, int count, int chosen) {}

  /** The gravest first. */
  public enum Severity {
    ERROR,
    WARNING,
    INFORMATION;

    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** A severity that came after this contract is shown all the same. */
    static Severity named(String text) {
      return Stream.of(values())
          .filter(severity -> severity.text().equals(text))
          .findFirst()
          .orElse(INFORMATION);
    }
  }

  static Timeline read(Json data) {
    return new Timeline(
        data.numbers("x"),
        data.list("lanes", Timeline::readLane),
        data.list("gaps", Span::read),
        data.optional("span", Span::read),
        data.string("text"),
        data.optional("marks", Timeline::readMarks),
        data.has("a") ? data.number("a") : Double.NaN,
        data.has("b") ? data.number("b") : Double.NaN,
        data.optional("playback", Timeline::readPlayback));
  }

  private static Playback readPlayback(Json playback) {
    return new Playback(
        playback.number("speed"),
        playback.numbers("speeds").stream().boxed().toList(),
        playback.string("why"));
  }

  private static Lane readLane(Json lane) {
    return new Lane(
        lane.string("id"),
        lane.string("title"),
        lane.string("unit"),
        lane.string("shape").equals("step"),
        lane.numbers("values"));
  }

  private static Marks readMarks(Json marks) {
    return new Marks(
        marks.string("title"),
        marks.integer("total"),
        marks.integer("more"),
        marks.list("marks", Timeline::readMark));
  }

  private static Mark readMark(Json mark) {
    return new Mark(
        mark.string("id"),
        mark.number("at"),
        mark.string("kind"),
        Severity.named(mark.string("severity")),
        mark.string("title"),
        Math.max(1, mark.integer("count")),
        mark.integer("chosen"));
  }
}
