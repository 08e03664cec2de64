package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.heapatlas.memory.CallTree.Metric;
import org.heapatlas.memory.CallTree.Node;
import org.heapatlas.model.Problem;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;

/**
 * Who allocated what is live, as a flame graph of call stacks. A place in it is the path of
 * functions from the outermost one; zooming in reads off what had been too thin.
 */
final class CallFlames implements MemoryView.ProcessView {
  private static final String ALL = "all";
  private static final String BETWEEN = ".";
  private static final String EMPTY =
      "Nothing is allocated yet; the flame graph fills with the program's first allocation.";

  private final MemoryView view;
  private final LeadingSites sites;
  private final int pixels;
  private final CallFunction.Ids ids = new CallFunction.Ids();
  private final List<Frame.Crumb> way = new ArrayList<>();
  private Metric metric = Metric.LIVE_BYTES;

  CallFlames(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.sites = new LeadingSites(session);
    this.pixels = options.viewport().width();
  }

  @Override
  public Frame frame(WatchedProcess process) {
    LeadingSites.Leading leading = sites.of(process, metric.order);
    SitePage page = leading.page();
    CallTree tree = CallTree.of(page.sites(), leading.ways());
    boolean none = page.sites().isEmpty();
    return sites.said(
        new Frame(
            view.widget(),
            view.title(),
            MemoryView.time(page.now(), process),
            leading.coverage(),
            null,
            crumbs(),
            null,
            List.of(
                new Frame.Action("drill", "Zoom in", "node"),
                new Frame.Action("back", "Back", "frame"),
                new Frame.Action("metric", "Widths by", "frame")),
            none ? EMPTY : null,
            null,
            none ? null : FlameColumns.of(tree, zoomed(tree), metric, pixels, ids)));
  }

  private List<Frame.Crumb> crumbs() {
    List<Frame.Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Frame.Crumb("All stacks", ALL));
    crumbs.addAll(way);
    return crumbs;
  }

  /** What was zoomed into, also when it holds nothing now: it may again at another instant. */
  private Node zoomed(CallTree tree) {
    if (way.isEmpty()) {
      return tree.root();
    }
    List<CallFunction> path = path(way.getLast().target());
    return tree.at(path).orElseGet(() -> new Node(path.getLast(), 0));
  }

  private List<CallFunction> path(String target) {
    return Arrays.stream(target.split("\\.", -1)).map(ids::function).toList();
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "drill" -> drill(act.target());
      case "back" -> back(act.target());
      case "metric" -> metric = metric(act.target());
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  /** The target goes on from what is zoomed into. */
  private void drill(String target) {
    String whole = way.isEmpty() ? target : way.getLast().target() + BETWEEN + target;
    way.add(new Frame.Crumb(path(whole).getLast().name(), whole));
  }

  /** To the crumb named; one step without a name. */
  private void back(String target) {
    if (target.isEmpty()) {
      if (!way.isEmpty()) {
        way.removeLast();
      }
      return;
    }
    if (!target.equals(ALL) && way.stream().noneMatch(crumb -> crumb.target().equals(target))) {
      throw Problem.usedWrongly("'%s' is none of the breadcrumbs".formatted(target));
    }
    while (!way.isEmpty() && !way.getLast().target().equals(target)) {
      way.removeLast();
    }
  }

  private static Metric metric(String id) {
    return Arrays.stream(Metric.values())
        .filter(each -> each.id.equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.usedWrongly("the flame graph has no metric '%s'".formatted(id)));
  }
}
