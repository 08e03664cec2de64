package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.Graph;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;

/**
 * Who calls whom on the way to the allocator: at first the functions through which most live bytes
 * were allocated, then the callers and callees of the one that was chosen.
 */
final class CallGraphs implements MemoryView.ProcessView {
  private static final int PIXELS_A_NODE = 24_000;
  private static final int FEWEST_NODES = 8;
  private static final int MOST_NODES = 60;
  private static final String ALL = "all";
  private static final String EMPTY =
      "Nothing is allocated yet; the call graph fills with the program's first allocation.";

  private final MemoryView view;
  private final LeadingSites sites;
  private final int most;
  private final CallFunction.Ids ids = new CallFunction.Ids();
  private final List<CallFunction> way = new ArrayList<>();

  CallGraphs(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.sites = new LeadingSites(session);
    ViewDefinition.Viewport viewport = options.viewport();
    this.most =
        Math.clamp(
            (long) viewport.width() * viewport.height() / PIXELS_A_NODE, FEWEST_NODES, MOST_NODES);
  }

  @Override
  public Frame frame(WatchedProcess process) {
    LeadingSites.Leading leading = sites.of(process, Site.Order.LIVE_BYTES);
    SitePage page = leading.page();
    CallFunction centre = way.isEmpty() ? null : way.getLast();
    Graph graph = CallGraph.of(page.sites(), leading.ways(), centre, most, ids);
    boolean none = way.isEmpty() && graph.nodes().isEmpty();
    return sites.said(
        new Frame(
            view.widget(),
            view.title(),
            MemoryView.time(page.now(), process),
            leading.coverage(),
            null,
            crumbs(),
            centre == null ? null : new Frame.Selection("", "", ids.of(centre)),
            List.of(
                new Frame.Action("drill", "Callers and callees", "node"),
                new Frame.Action("back", "Back", "frame")),
            none ? EMPTY : null,
            null,
            none ? null : graph));
  }

  private List<Frame.Crumb> crumbs() {
    List<Frame.Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Frame.Crumb("All functions", ALL));
    way.forEach(function -> crumbs.add(new Frame.Crumb(function.name(), ids.of(function))));
    return crumbs;
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "drill" -> centreOn(ids.function(CallGraph.function(act.target())));
      case "back" -> back(act.target());
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  /** One that was the centre before is gone back to. */
  private void centreOn(CallFunction function) {
    int before = way.indexOf(function);
    if (before < 0) {
      way.add(function);
    } else {
      way.subList(before + 1, way.size()).clear();
    }
  }

  /** To the crumb named; one step without a name. */
  private void back(String target) {
    if (target.equals(ALL)) {
      way.clear();
    } else if (!target.isEmpty()) {
      CallFunction function = ids.function(target);
      if (!way.contains(function)) {
        throw Problem.usedWrongly("'%s' is none of the breadcrumbs".formatted(target));
      }
      centreOn(function);
    } else if (!way.isEmpty()) {
      way.removeLast();
    }
  }
}
