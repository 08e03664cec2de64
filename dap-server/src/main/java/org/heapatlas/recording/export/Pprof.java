package org.heapatlas.recording.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.heapatlas.model.StackFrame;
import org.heapatlas.recording.Profile;

/**
 * The profile.proto of pprof, gzipped: a sample a stack, with its allocations and bytes. Numbers
 * are those of its fields.
 */
final class Pprof {
  private static final int SAMPLE_TYPE = 1;
  private static final int SAMPLE = 2;
  private static final int MAPPING = 3;
  private static final int LOCATION = 4;
  private static final int FUNCTION = 5;
  private static final int STRING_TABLE = 6;
  private static final int DEFAULT_SAMPLE_TYPE = 14;

  private final Message profile = new Message();
  private final Map<String, Long> strings = new LinkedHashMap<>();
  private final Map<List<String>, Long> functions = new LinkedHashMap<>();
  private final Map<String, Long> mappings = new LinkedHashMap<>();
  private final Map<StackFrame, Long> locations = new LinkedHashMap<>();

  static void write(Profile profile, Paths paths, OutputStream out) throws IOException {
    GZIPOutputStream packed = new GZIPOutputStream(out);
    new Pprof().of(profile, paths).bytes().writeTo(packed);
    packed.finish();
  }

  private Message of(Profile shown, Paths paths) {
    string("");
    String allocations = shown.title() + "_objects";
    String bytes = shown.title() + "_space";
    type(allocations, "count");
    type(bytes, "bytes");
    for (Profile.Entry entry : shown.entries()) {
      List<Long> path = paths.inwards(entry).reversed().stream().map(this::location).toList();
      profile.message(
          SAMPLE,
          new Message().packed(1, path).packed(2, List.of(entry.allocations(), entry.bytes())));
    }
    profile.integer(DEFAULT_SAMPLE_TYPE, string(bytes));
    strings.keySet().forEach(text -> profile.text(STRING_TABLE, text));
    return profile;
  }

  private void type(String name, String unit) {
    profile.message(SAMPLE_TYPE, new Message().integer(1, string(name)).integer(2, string(unit)));
  }

  private long string(String text) {
    return strings.computeIfAbsent(text, fresh -> (long) strings.size());
  }

  private long location(StackFrame frame) {
    Long known = locations.get(frame);
    if (known != null) {
      return known;
    }
    long id = locations.size() + 1L;
    locations.put(frame, id);
    Message line = new Message().integer(1, function(frame)).integer(2, frame.line());
    profile.message(
        LOCATION,
        new Message()
            .integer(1, id)
            .integer(2, mapping(frame.module()))
            .integer(3, frame.pc())
            .message(4, line));
    return id;
  }

  private long function(StackFrame frame) {
    List<String> key = List.of(frame.title(), frame.file());
    Long known = functions.get(key);
    if (known != null) {
      return known;
    }
    long id = functions.size() + 1L;
    functions.put(key, id);
    profile.message(
        FUNCTION,
        new Message()
            .integer(1, id)
            .integer(2, string(frame.title()))
            .integer(3, string(frame.title()))
            .integer(4, string(frame.file())));
    return id;
  }

  /** All names are in the file already, so that nobody looks for them in the modules. */
  private long mapping(String module) {
    Long known = mappings.get(module);
    if (known != null) {
      return known;
    }
    long id = mappings.size() + 1L;
    mappings.put(module, id);
    profile.message(
        MAPPING,
        new Message()
            .integer(1, id)
            .integer(5, string(module))
            .integer(7, 1)
            .integer(8, 1)
            .integer(9, 1));
    return id;
  }
}
