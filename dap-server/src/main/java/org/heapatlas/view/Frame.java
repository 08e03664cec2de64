package org.heapatlas.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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
    WidgetData data) {

  /** Nanoseconds since the process's start. */
  public record Time(double now, double from, double to, boolean live, String direction) {
    public static Time live(long now, boolean running) {
      return new Time(now, 0, now, running, "forward");
    }
  }

  /** What the figures stand on, in one line. */
  public record Coverage(String mode, double lost, boolean sampled, String text) {
    public static Coverage of(org.heapatlas.model.Coverage coverage) {
      boolean sampled = coverage.mode() == org.heapatlas.model.Mode.SAMPLED;
      String text =
          Stream.of(
                  String.format(Locale.ROOT, "%,d events", coverage.events()),
                  coverage.lost() == 0
                      ? "none lost"
                      : String.format(Locale.ROOT, "%,d lost", coverage.lost()),
                  coverage.gaps().isEmpty() ? "" : coverage.gaps().size() + " gaps",
                  sampled
                      ? String.format(
                          Locale.ROOT, "sampled, ± %,.0f B", coverage.standardErrorBytes())
                      : "",
                  coverage.exact() || sampled ? "" : "not exact while events are folded")
              .filter(part -> !part.isEmpty())
              .reduce((a, b) -> a + ", " + b)
              .orElse("");
      return new Coverage(coverage.mode().text(), coverage.lost(), sampled, text);
    }
  }

  public record Legend(String label, String unit, String scale, double min, double max) {}

  public record Crumb(String title, String target) {}

  public record Selection(String from, String to, String site) {}

  /** {@code on}: tile, row or frame. */
  public record Action(String id, String title, String on) {}

  /** A frame with nothing to show, and what to do about it. */
  public static Frame empty(String widget, String title, String whatToDo) {
    return new Frame(
        widget, title, null, null, null, List.of(), null, List.of(), whatToDo, null, null);
  }

  public static Frame failed(String widget, String title, String sentence) {
    return new Frame(
        widget, title, null, null, null, List.of(), null, List.of(), null, sentence, null);
  }

  Frame withoutTime() {
    return new Frame(
        widget, title, null, coverage, legend, breadcrumbs, selection, actions, empty, error, data);
  }
}
