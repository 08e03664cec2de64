package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.model.Site;
import org.heapatlas.model.StackFrame;

/**
 * Call stacks laid over each other from their outermost frame inwards; each node holds what its own
 * site and all below it hold. Main entry: of.
 */
final class CallTree {
  /** What is known of a site, and how people call it. */
  enum Metric {
    LIVE_BYTES("liveBytes", "Live bytes", "B", Site.Order.LIVE_BYTES),
    LIVE_ALLOCATIONS("liveAllocations", "Live allocations", "count", Site.Order.LIVE_ALLOCATIONS),
    TOTAL_BYTES("totalBytes", "Bytes ever", "B", Site.Order.TOTAL_BYTES),
    TOTAL_ALLOCATIONS(
        "totalAllocations", "Allocations ever", "count", Site.Order.TOTAL_ALLOCATIONS);

    final String id;
    final String title;
    final String unit;
    final Site.Order order;

    Metric(String id, String title, String unit, Site.Order order) {
      this.id = id;
      this.title = title;
      this.unit = unit;
      this.order = order;
    }

    private long of(Site site) {
      return switch (this) {
        case LIVE_BYTES -> site.liveBytes();
        case LIVE_ALLOCATIONS -> site.liveAllocations();
        case TOTAL_BYTES -> site.totalBytes();
        case TOTAL_ALLOCATIONS -> site.totalAllocations();
      };
    }
  }

  /** {@code line} is of the first stack that came through here. */
  static final class Node {
    private final CallFunction function;
    private final int line;
    private final Map<Metric, Long> totals = new EnumMap<>(Metric.class);
    private final Map<CallFunction, Node> callees = new LinkedHashMap<>();

    Node(CallFunction function, int line) {
      this.function = function;
      this.line = line;
    }

    CallFunction function() {
      return function;
    }

    int line() {
      return line;
    }

    long total(Metric metric) {
      return totals.getOrDefault(metric, 0L);
    }

    Collection<Node> callees() {
      return callees.values();
    }

    private Node callee(CallFunction called, int at) {
      return callees.computeIfAbsent(called, fresh -> new Node(fresh, at));
    }

    private void add(Site site) {
      for (Metric metric : Metric.values()) {
        totals.merge(metric, metric.of(site), Long::sum);
      }
    }
  }

  private static final CallFunction ALL = new CallFunction("All", "All", "", "");

  private final Node root = new Node(ALL, 0);

  static CallTree of(List<Site> sites) {
    return of(sites, sites.stream().map(CallTree::inwards).toList());
  }

  /** The same, of sites whose ways inwards are known. */
  static CallTree of(List<Site> sites, List<List<Step>> ways) {
    CallTree tree = new CallTree();
    for (int i = 0; i < sites.size(); i++) {
      tree.add(sites.get(i), ways.get(i));
    }
    return tree;
  }

  Node root() {
    return root;
  }

  /** What a path leads to from the outermost function on; nothing when no stack goes there. */
  Optional<Node> at(List<CallFunction> path) {
    Node at = root;
    for (CallFunction function : path) {
      at = at.callees.get(function);
      if (at == null) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  private void add(Site site, List<Step> way) {
    root.add(site);
    Node at = root;
    for (Step step : way) {
      at = at.callee(step.function(), step.line());
      at.add(site);
    }
  }

  /** A frame on the way inwards. */
  record Step(CallFunction function, int line) {}

  static List<Step> inwards(Site site) {
    List<Step> steps = new ArrayList<>();
    if (site.stack().frames().isEmpty()) {
      steps.add(new Step(CallFunction.NO_STACK, 0));
    } else if (site.stack().cut()) {
      steps.add(new Step(CallFunction.CUT, 0));
    }
    for (StackFrame frame : site.stack().frames().reversed()) {
      steps.add(new Step(CallFunction.of(frame), frame.line()));
    }
    return steps;
  }
}
