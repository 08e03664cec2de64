package org.heapatlas.recording.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.session.HeapSource;

/** The figures over time as counter tracks, in the JSON trace format that Perfetto opens. */
final class Perfetto {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NANOS_A_MICRO = 1000;

  private Perfetto() {}

  static void write(HeapDatabase database, HeapSource source, String session, Writer out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeStringField("displayTimeUnit", "ns");
      json.writeArrayFieldStart("traceEvents");
      for (WatchedProcess process : source.processes(session)) {
        json.writePOJO(
            Map.of(
                "name",
                "process_name",
                "ph",
                "M",
                "pid",
                process.pid(),
                "args",
                Map.of("name", process.name())));
        counters(database, process, json);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void counters(HeapDatabase database, WatchedProcess process, JsonGenerator json)
      throws IOException {
    String sql =
        "SELECT time, live_bytes, live_allocations, rss_bytes FROM metrics WHERE process = "
            + process.id();
    try (Answer points = database.query(sql)) {
      while (points.next()) {
        for (int column = 1; column < points.headings().size(); column++) {
          json.writePOJO(
              Map.of(
                  "name", points.headings().get(column).name(),
                  "ph", "C",
                  "ts", (Long) points.value(0) / NANOS_A_MICRO,
                  "pid", process.pid(),
                  "args", Map.of("value", points.value(column))));
        }
      }
    }
  }
}
