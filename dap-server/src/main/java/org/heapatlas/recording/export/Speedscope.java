package org.heapatlas.recording.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.heapatlas.model.StackFrame;
import org.heapatlas.recording.Profile;

/** The JSON of speedscope: two profiles of one set of frames, bytes and allocations. */
final class Speedscope {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMA = "https://www.speedscope.app/file-format-schema.json";

  private final Map<Map<String, Object>, Integer> frames = new LinkedHashMap<>();

  static void write(Profile profile, Paths paths, Writer out) throws IOException {
    Speedscope file = new Speedscope();
    List<List<Integer>> samples =
        profile.entries().stream()
            .map(entry -> paths.inwards(entry).stream().map(file::frame).toList())
            .toList();
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("$schema", SCHEMA);
    whole.put("name", "HeapAtlas, " + profile.title());
    whole.put("exporter", "HeapAtlas");
    whole.put("activeProfileIndex", 0);
    whole.put("shared", Map.of("frames", new ArrayList<>(file.frames.keySet())));
    whole.put(
        "profiles",
        List.of(
            one(profile, profile.title() + " bytes", "bytes", Profile.Entry::bytes, samples),
            one(
                profile,
                profile.title() + " allocations",
                "none",
                Profile.Entry::allocations,
                samples)));
    out.write(JSON.writeValueAsString(whole) + "\n");
  }

  private static Map<String, Object> one(
      Profile profile,
      String name,
      String unit,
      ToLongFunction<Profile.Entry> weight,
      List<List<Integer>> samples) {
    List<Long> weights =
        profile.entries().stream().map(entry -> weight.applyAsLong(entry)).toList();
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("type", "sampled");
    one.put("name", name);
    one.put("unit", unit);
    one.put("startValue", 0);
    one.put("endValue", weights.stream().mapToLong(Long::longValue).sum());
    one.put("samples", samples);
    one.put("weights", weights);
    return one;
  }

  private int frame(StackFrame frame) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", frame.title());
    if (!frame.file().isEmpty()) {
      shown.put("file", frame.file());
    }
    if (frame.line() > 0) {
      shown.put("line", frame.line());
    }
    return frames.computeIfAbsent(shown, fresh -> frames.size());
  }
}
