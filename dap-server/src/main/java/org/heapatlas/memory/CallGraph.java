package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Site;
import org.heapatlas.view.Graph;

/**
 * Who calls whom on the way to the allocator, as a graph of the functions through which most live
 * bytes were allocated. A stack that goes through others in between is an edge past them. Around a
 * centre only stacks through it count, and its callers and callees are nodes of their own: a
 * function may be both. Main entry: of.
 */
final class CallGraph {
  /** Where a function stands to the centre; all are beside each other where there is none. */
  enum Side {
    ANY(""),
    CALLER("caller-"),
    CALLEE("callee-");

    private final String prefix;

    Side(String prefix) {
      this.prefix = prefix;
    }
  }

  private record Place(CallFunction function, Side side) {}

  private record Pair(Place from, Place to) {}

  /** What lies on an edge, and whether all of it goes past functions that are not shown. */
  private static final class Flow {
    private long bytes;
    private boolean direct;
  }

  private static final class Held {
    private long bytes;
    private int line;
    private boolean endsStack;
    private final Set<Place> callers = new HashSet<>();
    private final Set<Place> callees = new HashSet<>();

    /** One caller, one callee: there is nothing to see but that calls are passed on. */
    private boolean passesOn() {
      return !endsStack && callers.size() == 1 && callees.size() == 1;
    }
  }

  private final CallFunction centre;
  private final CallFunction.Ids ids;
  private final Map<Place, Held> held = new LinkedHashMap<>();
  private final Map<Pair, Flow> flows = new LinkedHashMap<>();

  private CallGraph(CallFunction centre, CallFunction.Ids ids) {
    this.centre = centre;
    this.ids = ids;
  }

  /** Of at most so many nodes; {@code centre} may be null. */
  static Graph of(
      List<Site> sites,
      List<List<CallTree.Step>> stacks,
      CallFunction centre,
      int most,
      CallFunction.Ids ids) {
    CallGraph graph = new CallGraph(centre, ids);
    for (int i = 0; i < stacks.size(); i++) {
      graph.hold(stacks.get(i), sites.get(i).liveBytes());
    }
    Set<Place> shown = graph.shown(most);
    for (int i = 0; i < stacks.size(); i++) {
      graph.flow(stacks.get(i), sites.get(i).liveBytes(), shown);
    }
    return graph.graph(shown);
  }

  /** The function that a node of {@link #of} stands for. */
  static String function(String node) {
    return node.substring(node.lastIndexOf('-') + 1);
  }

  private String id(Place place) {
    return place.side().prefix + ids.of(place.function());
  }

  /** The way of a stack, without recursion's repetitions; empty where it does not count. */
  private List<Place> places(List<CallTree.Step> stack) {
    int at = centre == null ? 0 : innermost(stack);
    List<Place> places = new ArrayList<>();
    for (int i = 0; at >= 0 && i < stack.size(); i++) {
      CallFunction function = stack.get(i).function();
      Side side =
          centre == null || function.equals(centre) ? Side.ANY : i < at ? Side.CALLER : Side.CALLEE;
      places.add(new Place(function, side));
    }
    return places;
  }

  private int innermost(List<CallTree.Step> stack) {
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (stack.get(i).function().equals(centre)) {
        return i;
      }
    }
    return -1;
  }

  private void hold(List<CallTree.Step> stack, long bytes) {
    List<Place> places = bytes > 0 ? places(stack) : List.of();
    Set<Place> once = new HashSet<>();
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      Held sum = held.computeIfAbsent(place, fresh -> new Held());
      sum.line = sum.line == 0 ? stack.get(i).line() : sum.line;
      sum.bytes += once.add(place) ? bytes : 0;
      sum.endsStack |= i == 0 || i == places.size() - 1;
      if (i > 0 && !places.get(i - 1).equals(place)) {
        sum.callers.add(places.get(i - 1));
        held.get(places.get(i - 1)).callees.add(place);
      }
    }
  }

  private boolean isCentre(Place place) {
    return place.function().equals(centre);
  }

  /** The centre's own callers and callees are what is asked for, whatever else they do. */
  private boolean passesOn(Place place) {
    Held sum = held.get(place);
    return sum.passesOn()
        && !isCentre(place)
        && sum.callers.stream().noneMatch(this::isCentre)
        && sum.callees.stream().noneMatch(this::isCentre);
  }

  /** Those that hold most, but for those that only pass calls on; the centre in any case. */
  private Set<Place> shown(int most) {
    Comparator<Place> byBytes = Comparator.comparingLong(place -> -held.get(place).bytes);
    return held.keySet().stream()
        .filter(place -> !passesOn(place))
        .sorted(
            Comparator.comparing((Place place) -> !isCentre(place))
                .thenComparing(byBytes)
                .thenComparing(this::id))
        .limit(most)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void flow(List<CallTree.Step> stack, long bytes, Set<Place> shown) {
    if (bytes <= 0) {
      return;
    }
    Map<Pair, Boolean> once = new LinkedHashMap<>();
    Place last = null;
    boolean direct = true;
    for (Place place : places(stack)) {
      if (!shown.contains(place)) {
        direct = false;
        continue;
      }
      if (last != null) {
        once.merge(new Pair(last, place), direct, Boolean::logicalOr);
      }
      last = place;
      direct = true;
    }
    once.forEach(
        (pair, straight) -> {
          Flow sum = flows.computeIfAbsent(pair, fresh -> new Flow());
          sum.bytes += bytes;
          sum.direct |= straight;
        });
  }

  private Graph graph(Set<Place> shown) {
    List<Graph.Edge> edges = new ArrayList<>();
    flows.forEach(
        (pair, flow) ->
            edges.add(
                new Graph.Edge(
                    id(pair.from()),
                    id(pair.to()),
                    flow.bytes,
                    flow.direct ? "" : "through functions that are not shown")));
    edges.sort(
        Comparator.comparingDouble((Graph.Edge edge) -> -edge.value())
            .thenComparing(Graph.Edge::from)
            .thenComparing(Graph.Edge::to));
    return new Graph(
        shown.stream().map(this::node).toList(), edges, "Live bytes", "B", rest(shown));
  }

  private Graph.Node node(Place place) {
    CallFunction function = place.function();
    Held sum = held.get(place);
    String module = function.module().substring(function.module().lastIndexOf('/') + 1);
    return new Graph.Node(
        id(place), function.name(), module, sum.bytes, module, function.path(), sum.line);
  }

  private String rest(Set<Place> shown) {
    List<Place> more = held.keySet().stream().filter(place -> !shown.contains(place)).toList();
    long passing = more.stream().filter(this::passesOn).count();
    long fewer = more.size() - passing;
    long most =
        more.stream()
            .filter(place -> !passesOn(place))
            .mapToLong(place -> held.get(place).bytes)
            .max()
            .orElse(0);
    return Stream.of(
            fewer == 0
                ? ""
                : "%s with at most %s not shown".formatted(functions(fewer), Bytes.text(most)),
            passing == 0
                ? ""
                : "%s of one caller and one callee only part of an edge"
                    .formatted(functions(passing)))
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String functions(long count) {
    return count == 1 ? "1 more function" : "%,d more functions".formatted(count);
  }
}
