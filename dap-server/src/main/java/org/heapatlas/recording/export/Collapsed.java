package org.heapatlas.recording.export;

import java.io.IOException;
import java.io.Writer;
import java.util.stream.Collectors;
import org.heapatlas.model.Stack;
import org.heapatlas.recording.Profile;

/** A line a stack, the outermost frame first, and its bytes: what flame graph scripts read. */
final class Collapsed {
  private static final String UNKNOWN = "(no stack)";

  private Collapsed() {}

  static void write(Profile profile, Writer out) throws IOException {
    for (Profile.Entry entry : profile.entries()) {
      out.write(path(entry.stack()) + " " + entry.bytes() + "\n");
    }
  }

  private static String path(Stack stack) {
    return stack.frames().isEmpty()
        ? UNKNOWN
        : stack.frames().reversed().stream()
            .map(frame -> frame.title().replace(';', ':').replaceAll("\\R", " "))
            .collect(Collectors.joining(";"));
  }
}
