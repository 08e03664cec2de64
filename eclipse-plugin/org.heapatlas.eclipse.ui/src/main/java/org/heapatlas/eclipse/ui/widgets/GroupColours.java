package org.heapatlas.eclipse.ui.widgets;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.heapatlas.eclipse.view.FlameGraph.Function;

/**
 * Which functions of a flame graph have one colour: those of a module, or of a package, which is
 * what a name begins with or else the folder of its source. The largest groups get colours, which
 * they keep as long as they are there.
 */
final class GroupColours {
  enum Grouping {
    MODULE,
    PACKAGE;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * @param colour its number; none where there are too many
   */
  record Group(String name, Optional<Integer> colour) {}

  /** Arguments of templates have names of their own, and a closure or an operator is no package. */
  private static final Pattern PACKAGE =
      Pattern.compile("^<?([A-Za-z_]\\w*|\\(anonymous namespace\\))::");

  private final Grouping by;
  private final Map<String, Integer> numbers = new HashMap<>();

  GroupColours(Grouping by) {
    this.by = by;
  }

  Optional<Integer> numberOf(Function function) {
    return Optional.ofNullable(numbers.get(groupOf(function)));
  }

  private String groupOf(Function function) {
    var last = lastOf(function.module());
    var module = last.isEmpty() ? "unknown" : last;
    if (by == Grouping.MODULE) return module;
    var named = packageOf(function);
    return named.isEmpty() ? module : named;
  }

  private static String packageOf(Function function) {
    var plain = PACKAGE.matcher(function.name());
    if (plain.find()) return plain.group(1);
    int slash = function.path().lastIndexOf('/');
    return slash < 0 ? "" : lastOf(function.path().substring(0, slash));
  }

  private static String lastOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The groups of a graph, those that take most room first. */
  List<Group> assign(FlameModel model) {
    var room = new HashMap<String, Double>();
    for (int node = 0; node < model.count(); node++) {
      int each = node;
      // What is zoomed into at first is no function: it lies nowhere.
      model
          .functionOf(node)
          .filter(f -> !f.module().isEmpty() || !f.path().isEmpty())
          .ifPresent(f -> room.merge(groupOf(f), model.total(each), Double::sum));
    }
    numbers.keySet().retainAll(room.keySet());
    var ranked =
        room.entrySet().stream()
            .sorted(
                Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .toList();
    ranked.forEach(this::take);
    return ranked.stream()
        .map(name -> new Group(name, Optional.ofNullable(numbers.get(name))))
        .toList();
  }

  private void take(String name) {
    if (numbers.containsKey(name)) return;
    IntStream.range(0, Palette.MOST_COLOURS)
        .filter(number -> !numbers.containsValue(number))
        .findFirst()
        .ifPresent(number -> numbers.put(name, number));
  }
}
