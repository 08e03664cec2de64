package org.heapatlas.eclipse.view;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One frame of a call stack; path and line may be absent. */
public record StackLine(String function, String path, int line, String module) {
  static StackLine read(Json line) {
    return new StackLine(
        line.string("function"), line.string("path"), line.integer("line"), line.string("module"));
  }

  /** Between two stacks stands what each is of: a line that lies nowhere. */
  public boolean isHeading() {
    return path.isEmpty() && module.isEmpty();
  }

  /** As it is copied: a numbered line a frame. */
  public static String textOf(List<StackLine> lines) {
    return IntStream.range(0, lines.size())
        .mapToObj(at -> "#" + at + " " + lines.get(at).text())
        .collect(Collectors.joining("\n"));
  }

  private String text() {
    var place = path.isEmpty() ? module : path + ":" + line;
    return place.isEmpty() ? function : function + " at " + place;
  }
}
