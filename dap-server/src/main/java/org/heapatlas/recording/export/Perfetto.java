package org.heapatlas.recording.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;

/**
 * The figures over time as counter tracks, in the JSON trace format that Perfetto opens. All
 * processes are on one clock, which begins with the first of them; programs that followed each
 * other under one PID share its tracks.
 */
final class Perfetto {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NANOS_A_MICRO = 1000;
  private static final int FIRST_FIGURE = 2;
  private static final long NEVER = Long.MAX_VALUE;

  /** Whose figures they are, on the common clock: until the next program under the PID begins. */
  private record Track(int pid, long begin, long end) {}

  private final Map<Long, Track> tracks = new HashMap<>();

  private Perfetto(List<WatchedProcess> processes) {
    long beginning =
        processes.stream().mapToLong(WatchedProcess::startRealNanos).min().orElseThrow();
    Map<Integer, Long> next = new HashMap<>();
    for (WatchedProcess process : processes.reversed()) {
      long begin = process.startRealNanos() - beginning;
      Long end = next.put(process.pid(), begin);
      tracks.put(process.id(), new Track(process.pid(), begin, end == null ? NEVER : end));
    }
  }

  static void write(HeapDatabase database, List<WatchedProcess> processes, Writer out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeStringField("displayTimeUnit", "ns");
      json.writeArrayFieldStart("traceEvents");
      names(processes, json);
      new Perfetto(processes).counters(database, json);
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void names(List<WatchedProcess> processes, JsonGenerator json) throws IOException {
    Map<Integer, String> names = new LinkedHashMap<>();
    processes.forEach(each -> names.merge(each.pid(), each.name(), (a, b) -> a + ", then " + b));
    for (Map.Entry<Integer, String> name : names.entrySet()) {
      json.writePOJO(
          Map.of(
              "name",
              "process_name",
              "ph",
              "M",
              "pid",
              name.getKey(),
              "args",
              Map.of("name", name.getValue())));
    }
  }

  private void counters(HeapDatabase database, JsonGenerator json) throws IOException {
    String sql = "SELECT process, time, live_bytes, live_allocations, rss_bytes FROM metrics";
    try (Answer points = database.query(sql)) {
      while (points.next()) {
        Track track = tracks.get((Long) points.value(0));
        long nanos = track.begin() + (Long) points.value(1);
        for (int column = FIRST_FIGURE; column < points.headings().size(); column++) {
          if (nanos < track.end()) {
            json.writePOJO(
                Map.of(
                    "name", points.headings().get(column).name(),
                    "ph", "C",
                    "ts", nanos / NANOS_A_MICRO,
                    "pid", track.pid(),
                    "args", Map.of("value", points.value(column))));
          }
        }
      }
    }
  }
}
