package org.heapatlas.eclipse.ui.views;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.heapatlas.eclipse.view.Messages.ViewDescription;

/** Which of a session's views goes into a slot. */
sealed interface ViewPick {
  /** The first of a widget kind, as the contract names it. */
  record OfKind(String widget) implements ViewPick {}

  /** The first whose id ends so. */
  record Ending(String end) implements ViewPick {}

  record Named(String id) implements ViewPick {}

  private static ViewPick parse(String word) {
    return word.startsWith(".") ? new Ending(word) : new OfKind(word);
  }

  /** As plugin.xml has it: kinds of widgets, and ends of ids, which begin with a point. */
  static List<ViewPick> parseAll(String words) {
    return Stream.of(words.split(",")).map(String::strip).map(ViewPick::parse).toList();
  }

  default Optional<ViewDescription> of(List<ViewDescription> views) {
    return views.stream().filter(this::takes).findFirst();
  }

  default boolean takes(ViewDescription view) {
    return switch (this) {
      case OfKind(String widget) -> view.widget().equals(widget);
      case Ending(String end) -> view.id().endsWith(end);
      case Named(String id) -> view.id().equals(id);
    };
  }
}
