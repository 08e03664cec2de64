package org.heapatlas.recording.export;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.heapatlas.model.ProcessTitles;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Profile;

/**
 * Call stacks as other tools get them: the outermost frame first, under a frame of the process
 * where there are several, and never empty, for a weight without a frame is dropped by some.
 */
record Paths(Map<Long, String> titles) {
  private static final StackFrame NO_STACK = named("(no stack)");

  static Paths of(List<WatchedProcess> processes) {
    return new Paths(processes.size() == 1 ? Map.of() : ProcessTitles.of(processes));
  }

  List<StackFrame> inwards(Profile.Entry entry) {
    List<StackFrame> frames = inwards(entry.stack());
    String title = titles.get(entry.process());
    return title == null
        ? frames
        : Stream.concat(Stream.of(named(title)), frames.stream()).toList();
  }

  static List<StackFrame> inwards(Stack stack) {
    return stack.frames().isEmpty() ? List.of(NO_STACK) : stack.frames().reversed();
  }

  private static StackFrame named(String title) {
    return new StackFrame(0, title, "", 0, "", 0, false);
  }
}
