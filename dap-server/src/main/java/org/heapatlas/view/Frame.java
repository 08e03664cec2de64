package org.heapatlas.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.heapatlas.model.Timeline;
import org.heapatlas.session.Cursor;

/**
 * One state of one view, ready to be drawn. {@code data} is absent when {@code empty} or {@code
 * error} says why.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Frame(
    String widget,
    String title,
    Time time,
    Coverage coverage,
    Legend legend,
    List<Crumb> breadcrumbs,
    Selection selection,
    List<Action> actions,
    String empty,
    String error,
    WidgetData data,
    Progress progress) {
  public Frame(
      String widget,
      String title,
      Time time,
      Coverage coverage,
      Legend legend,
      List<Crumb> breadcrumbs,
      Selection selection,
      List<Action> actions,
      String empty,
      String error,
      WidgetData data) {
    this(
        widget,
        title,
        time,
        coverage,
        legend,
        breadcrumbs,
        selection,
        actions,
        empty,
        error,
        data,
        null);
  }

  /**
   * Nanoseconds since the process's start, of which there is what lies between {@code from} and
   * {@code to}; {@code end} says how it ended, where that is known. {@code pace}: of a recording
   * that is played, recorded time over real time, below 0 when it goes backward.
   */
  public record Time(
      double now,
      double from,
      double to,
      boolean live,
      boolean replayed,
      String direction,
      String end,
      double pace) {
    public static Time live(long now, boolean running) {
      return new Time(now, 0, now, running, false, "forward", "", 0);
    }

    public static Time of(Cursor cursor, double pace) {
      boolean backward = pace == 0 ? cursor.backward() : pace < 0;
      Timeline there = cursor.timeline();
      return new Time(
          there.nanos(),
          there.firstNanos(),
          there.endNanos(),
          false,
          true,
          backward ? "backward" : "forward",
          "",
          pace);
    }
  }

  /** What the figures stand on, in one line. */
  public record Coverage(String mode, double lost, boolean sampled, String text) {
    public static Coverage of(org.heapatlas.model.Coverage coverage) {
      boolean sampled = coverage.mode() == org.heapatlas.model.Mode.SAMPLED;
      return new Coverage(
          coverage.mode().text(), coverage.lost(), sampled, CoverageWords.of(coverage));
    }

    /** The same, and one thing more that is to be known. */
    public Coverage and(String words) {
      return new Coverage(mode, lost, sampled, text + "; " + words);
    }
  }

  public record Legend(String label, String unit, String scale, double min, double max) {}

  public record Crumb(String title, String target) {}

  /**
   * {@code reveal}: the number of the selected row, from 1, when it was asked to be brought into
   * sight; else 0.
   */
  public record Selection(String from, String to, String site, int reveal) {
    public Selection(String from, String to, String site) {
      this(from, to, site, 0);
    }
  }

  /** Of a reading that goes on; what there is so far is shown. */
  public record Progress(String text, double done) {}

  /**
   * {@code on}: tile, row, node, byte or frame. {@code view}: the id of the view that shows what it
   * does, or nothing.
   */
  public record Action(String id, String title, String on, String view) {
    public Action(String id, String title, String on) {
      this(id, title, on, null);
    }
  }

  /** A frame with nothing to show, and what to do about it. */
  public static Frame empty(String widget, String title, String whatToDo) {
    return new Frame(
        widget, title, null, null, null, List.of(), null, List.of(), whatToDo, null, null);
  }

  public static Frame failed(String widget, String title, String sentence) {
    return new Frame(
        widget, title, null, null, null, List.of(), null, List.of(), null, sentence, null);
  }

  /** The same, of a replayed program that stands there, or is played from there. */
  public Frame replayed(Cursor cursor, double pace) {
    return with(time == null ? null : Time.of(cursor, pace), progress);
  }

  /** The same, of a program that ended as these words say. */
  public Frame ended(String words) {
    Time then =
        time == null
            ? null
            : new Time(
                time.now(), time.from(), time.to(), false, false, time.direction(), words, 0);
    return with(then, progress);
  }

  Frame withoutTime() {
    return with(null, progress);
  }

  /** The same, of which more is being read; {@code done} is from 0 to 1. */
  public Frame reading(String text, double done) {
    return with(time, new Progress(text, done));
  }

  private Frame with(Time then, Progress reading) {
    return new Frame(
        widget,
        title,
        then,
        coverage,
        legend,
        breadcrumbs,
        selection,
        actions,
        empty,
        error,
        data,
        reading);
  }
}
