package org.heapatlas.memory;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;

/** What a row of a table says of a call stack. */
final class SiteWords {
  private static final int NAMED_CALLERS = 3;

  private SiteWords() {}

  /** Sites of one function are told apart by what it called, and by who called it. */
  static String name(Stack stack) {
    return Stream.concat(
            Stream.of(owner(stack)),
            stack.callers().stream().skip(1).limit(NAMED_CALLERS).map(StackFrame::name))
        .collect(Collectors.joining(" ← "));
  }

  /** Who wanted the memory. */
  static String owner(Stack stack) {
    return stack.owner().orElse("(no stack)");
  }

  static Cell source(Stack stack) {
    return stack
        .caller()
        .map(
            caller ->
                caller.file().isEmpty()
                    ? Cell.text(caller.module().substring(caller.module().lastIndexOf('/') + 1))
                    : Cell.source(caller.file(), caller.line()))
        .orElse(Cell.text(""));
  }

  static List<Table.StackLine> lines(Stack stack) {
    return stack.frames().stream()
        .map(
            frame -> new Table.StackLine(frame.title(), frame.file(), frame.line(), frame.module()))
        .toList();
  }
}
