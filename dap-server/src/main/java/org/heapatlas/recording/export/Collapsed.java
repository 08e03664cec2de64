package org.heapatlas.recording.export;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;
import org.heapatlas.model.StackFrame;
import org.heapatlas.recording.Profile;

/** A line a stack, the outermost frame first, and its bytes: what flame graph scripts read. */
final class Collapsed {
  private Collapsed() {}

  static void write(Profile profile, Paths paths, Writer out) throws IOException {
    for (Profile.Entry entry : profile.entries()) {
      out.write(path(paths.inwards(entry)) + " " + entry.bytes() + "\n");
    }
  }

  private static String path(List<StackFrame> frames) {
    return frames.stream()
        .map(frame -> frame.title().replace(';', ':').replaceAll("\\R", " "))
        .collect(Collectors.joining(";"));
  }
}
