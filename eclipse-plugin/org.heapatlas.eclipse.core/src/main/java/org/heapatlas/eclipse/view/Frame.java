package org.heapatlas.eclipse.view;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Optional;

/**
 * What a view shows now, of proto/view.proto, typed and checked where it enters: what passes here
 * has the right types, and renderers check nothing again.
 *
 * @param widget the kind as the server names it, which may have come after this contract
 * @param time null where the frame has none; so are coverage, legend, selection, progress and data
 * @param empty what to do when there is nothing to show; data is then absent
 * @param error what failed and what to do; data is then absent
 */
public record Frame(
    String widget,
    String title,
    FrameTime time,
    Coverage coverage,
    Legend legend,
    List<Crumb> breadcrumbs,
    Selection selection,
    List<Action> actions,
    String empty,
    String error,
    Progress progress,
    WidgetData data) {

  /**
   * Nanoseconds since the session's start, of which there is what lies in [from, to].
   *
   * @param pace of a recording that is played: recorded time over real time, negative when time
   *     runs backward; 0: it stands still
   */
  public record FrameTime(
      double now,
      double from,
      double to,
      boolean live,
      boolean replayed,
      String direction,
      String end,
      double pace) {}

  public record Coverage(String mode, double lost, boolean sampled, String text) {}

  public record Legend(String label, String unit, boolean log, double min, double max) {}

  public record Crumb(String title, String target) {}

  /**
   * @param site also the id of the row that is selected
   * @param reveal its number in the table, from 1, when it is to be brought into sight with its
   *     detail; else 0
   */
  public record Selection(String from, String to, String site, int reveal) {}

  /**
   * @param on tile, row, node, byte, link, frame
   * @param view the id of the view that shows what it does; empty: none
   */
  public record Action(String id, String title, String on, String view) {}

  /** Of a reading that goes on; done: from 0 to 1. */
  public record Progress(String text, double done) {}

  /**
   * Reads a frame in the contract's JSON form.
   *
   * @throws ContractException where it does not keep the contract, with one sentence that names the
   *     place
   */
  public static Frame read(JsonElement json) {
    var frame = Json.of(json, "frame");
    var widget = frame.string("widget");
    var kind = WidgetKind.named(widget);
    return new Frame(
        widget,
        frame.string("title"),
        frame.optional("time", Frame::readTime),
        frame.optional("coverage", Frame::readCoverage),
        frame.optional("legend", Frame::readLegend),
        frame.list("breadcrumbs", c -> new Crumb(c.string("title"), c.string("target"))),
        frame.optional("selection", Frame::readSelection),
        frame.list("actions", Frame::readAction),
        frame.string("empty"),
        frame.string("error"),
        frame.optional("progress", p -> new Progress(p.string("text"), p.number("done"))),
        frame.object("data").flatMap(data -> kind.map(k -> k.read(data))).orElse(null));
  }

  /** Reads a frame's text. */
  public static Frame parse(String text) {
    return read(Json.parse(text, "frame"));
  }

  private static FrameTime readTime(Json time) {
    return new FrameTime(
        time.number("now"),
        time.number("from"),
        time.number("to"),
        time.bool("live"),
        time.bool("replayed"),
        time.string("direction"),
        time.string("end"),
        time.number("pace"));
  }

  private static Coverage readCoverage(Json coverage) {
    return new Coverage(
        coverage.string("mode"),
        coverage.number("lost"),
        coverage.bool("sampled"),
        coverage.string("text"));
  }

  private static Legend readLegend(Json legend) {
    return new Legend(
        legend.string("label"),
        legend.string("unit"),
        legend.string("scale").equals("log"),
        legend.number("min"),
        legend.number("max"));
  }

  private static Selection readSelection(Json selection) {
    return new Selection(
        selection.string("from"),
        selection.string("to"),
        selection.string("site"),
        selection.integer("reveal"));
  }

  private static Action readAction(Json action) {
    return new Action(
        action.string("id"), action.string("title"), action.string("on"), action.string("view"));
  }

  /** Empty for a kind that came after this contract; it can only be named. */
  public Optional<WidgetKind> kind() {
    return WidgetKind.named(widget);
  }

  public boolean offers(String action) {
    return actions.stream().anyMatch(a -> a.id().equals(action));
  }

  public boolean offers(String action, String on) {
    return actions.stream().anyMatch(a -> a.id().equals(action) && a.on().equals(on));
  }

  /** Where one step back leads: the breadcrumb before the last. */
  public Optional<Crumb> back() {
    return breadcrumbs.size() < 2
        ? Optional.empty()
        : Optional.of(breadcrumbs.get(breadcrumbs.size() - 2));
  }

  /** Where in the view the frame is, which changes with each drill and step back. */
  public List<String> place() {
    return breadcrumbs.stream().map(Crumb::target).toList();
  }

  /** The id of what is selected; empty where nothing is. */
  public String selectedSite() {
    return selection == null ? "" : selection.site();
  }

  /** The id of the view that is to be brought into sight when this was done; empty: none. */
  public String viewOf(Act act) {
    return actions.stream()
        .filter(a -> a.id().equals(act.action()))
        .map(Action::view)
        .findFirst()
        .orElse("");
  }
}
