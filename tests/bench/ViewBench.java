import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How long a view takes, from the request to the frame, of a heap that churns meanwhile: the real collector and the real
 * server, and in place of a program one that writes the ring of a heap larger than this machine's memory
 * (native-bridge/collector/bench/large_heap.cc). Main entry: measure. The four views of the page are open all along, as
 * they are on the page, and each request is made through the debug adapter and over the channel. The first few of each are
 * not counted: the server's code is not compiled yet.
 */
final class ViewBench implements AutoCloseable {
  private static final int SAMPLES = Integer.getInteger("samples", 200);
  private static final long EVENTS_PER_SECOND = Long.getLong("events", 1_000_000);
  private static final int WARM_UP = 10;
  private static final long LIVE_SECONDS = 5;
  private static final double TARGET_MILLIS = 50;
  private static final double TARGET_FRAMES = 10;

  /** Where large-heap puts its blocks, and how far each reaches. */
  private static final long BASE = 0x600000000000L;
  private static final long BYTES_A_BLOCK = 40;

  /** Memory that a live allocation takes in the collector, and what the rest needs: heap's pages, server, this client. */
  private static final double BYTES_A_LIVE = 9.6;
  private static final double OTHER_BYTES = 3e9;

  private static final Map<String, String> VIEWS = new LinkedHashMap<>();

  static {
    VIEWS.put("heat map, all regions", "memory.map");
    VIEWS.put("call sites", "memory.sites");
    VIEWS.put("live bytes over time", "memory.series");
    VIEWS.put("key figures", "memory.overview");
  }

  /** What one request of one view took, by view and request; the latest frame's size. */
  private record Row(String view, String request, String way, List<Double> millis, int length) {}

  private final long live;
  private final Path folder;
  private final Process collector;
  private final Process program;
  private final FrontEnd front;
  private final Map<String, String> open = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final Random random = new Random(1);

  /** The sizes that memory allows of those wanted; otherwise the largest that fits in place of one that does not. */
  static List<Long> sizes(List<Long> wanted) throws IOException {
    long most = (long) Math.min((memory("MemAvailable") - OTHER_BYTES) / BYTES_A_LIVE, memory("MemTotal") / 2 / BYTES_A_LIVE);
    long rounded = Math.max(100_000, most / 10_000_000 * 10_000_000);
    return wanted.stream().map(live -> Math.min(live, rounded)).distinct().toList();
  }

  private static double memory(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(line -> line.startsWith(name + ":"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024).findFirst().orElseThrow();
  }

  static String measure(Path root, long live) throws Exception {
    try (ViewBench bench = new ViewBench(root, live)) {
      bench.openAll();
      for (String way : List.of("DAP", "channel")) {
        say("%,d live: requests through %s".formatted(live, way));
        FrontEnd.Way through = way.equals("DAP") ? bench.front::throughDap : bench.front::throughChannel;
        bench.opens(way, through);
        bench.mapActs(way, through);
        bench.otherActs(way, through);
      }
      say("%,d live: frames a second".formatted(live));
      String rates = bench.frameRates();
      return bench.table() + "\n" + rates;
    }
  }

  private static void say(String what) {
    System.err.println("bench: " + what);
  }

  private ViewBench(Path root, long live) throws Exception {
    this.live = live;
    folder = Files.createTempDirectory(Path.of("/dev/shm"), "heapatlas-bench", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path bin = root.resolve("native-bridge/build/bin");
    collector = started(bin.resolve("heapatlas-collector").toString(), "--idle-exit", "60").start();
    while (!Files.exists(folder.resolve("collector.sock"))) {
      if (collector.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IOException("the collector ended at once");
      }
    }
    program = started(bin.resolve("large-heap").toString(), Long.toString(live), Long.toString(EVENTS_PER_SECOND)).start();
    BufferedReader output = program.inputReader();
    for (String line = output.readLine(); line == null || !line.startsWith("filled"); line = output.readLine()) {
      if (line == null) {
        throw new IOException("large-heap ended early");
      }
      say("%s of %d live".formatted(line, live));
    }
    front = new FrontEnd(started(root.resolve("heapatlas").toString(), "dap"));
  }

  private ProcessBuilder started(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("HEAPATLAS_DIR", folder.toString());
    return builder;
  }

  private void openAll() throws Exception {
    front.throughDap("initialize", Map.of("adapterID", "heapatlas"));
    front.throughDap("attach", Map.of("pid", program.pid()));
    JsonNode channel = null;
    for (String view : VIEWS.values()) {
      JsonNode opened = front.throughDap("heapatlas/open", Map.of("view", view)).body();
      open.put(view, opened.path("handle").asText());
      channel = opened.path("channel");
    }
    front.connect(channel);
    for (String handle : open.values()) {
      front.frame(handle, frame -> frame.hasNonNull("data"));
    }
  }

  // ---- requests

  private void opens(String way, FrontEnd.Way through) throws Exception {
    for (Map.Entry<String, String> view : VIEWS.entrySet()) {
      Row row = row(view.getKey(), "open", way);
      int length = 0;
      for (int i = 0; i < WARM_UP + SAMPLES; i++) {
        long start = System.nanoTime();
        FrontEnd.Arrived answer = through.ask("heapatlas/open", Map.of("view", view.getValue()));
        String handle = answer.body().path("handle").asText();
        FrontEnd.Arrived frame = answer.body().has("frame") ? answer : front.frame(handle, any -> true);
        row.millis().add((frame.nanos() - start) / 1e6);
        length = frame.length();
        through.ask("heapatlas/close", Map.of("handle", handle));
        front.forget(handle);
      }
      rows.add(new Row(row.view(), row.request(), way, row.millis(), length));
    }
  }

  /** From all regions into a part, on to another part beside it, into a page, and back. */
  private void mapActs(String way, FrontEnd.Way through) throws Exception {
    Row part = row("heat map, 64 MiB", "drill", way);
    Row beside = row("heat map, 64 MiB", "pan", way);
    Row page = row("heat map, a page", "drill", way);
    Row back = row("heat map, all regions", "back", way);
    long partBytes = Math.min(64L << 20, live * BYTES_A_BLOCK / 4 & -4096L);
    String handle = open.get("memory.map");
    for (int i = 0; i < WARM_UP + SAMPLES; i++) {
      long from = BASE + random.nextLong(live * BYTES_A_BLOCK / partBytes - 1) * partBytes;
      drill(part, through, handle, from, from + partBytes);
      drill(beside, through, handle, from + partBytes, from + 2 * partBytes);
      long at = from + partBytes + random.nextLong(partBytes / 4096) * 4096;
      drill(page, through, handle, at, at + 4096);
      act(back, through, handle, Map.of("action", "back", "target", "all"), frame -> frame.path("breadcrumbs").size() == 1);
    }
    rows.addAll(List.of(part, beside, page, back));
  }

  private void drill(Row row, FrontEnd.Way through, String handle, long from, long to) throws Exception {
    String target = "0x%x-0x%x".formatted(from, to);
    act(row, through, handle, Map.of("action", "drill", "target", target),
        frame -> frame.path("breadcrumbs").path(frame.path("breadcrumbs").size() - 1).path("target").asText().equals(target));
  }

  private void otherActs(String way, FrontEnd.Way through) throws Exception {
    Row scroll = row("call sites", "scroll", way);
    Row range = row("live bytes over time", "range", way);
    JsonNode times = front.frame(open.get("memory.series"), frame -> true).body().path("data").path("x");
    long middle = times.path(times.size() / 2).asLong();
    for (int i = 0; i < WARM_UP + SAMPLES; i++) {
      int offset = i % 2 == 0 ? 100 + i : 0;
      act(scroll, through, open.get("memory.sites"), Map.of("action", "window", "arguments", Map.of("offset", offset)),
          frame -> frame.path("data").path("offset").asInt() == offset);
      long from = i % 2 == 0 ? middle : 0;
      act(range, through, open.get("memory.series"), Map.of("action", "range", "arguments", Map.of("from", from)),
          frame -> frame.path("data").path("x").path(0).asLong() >= middle == from > 0);
    }
    rows.addAll(List.of(scroll, range));
  }

  private static Row row(String view, String request, String way) {
    return new Row(view, request, way, new ArrayList<>(), 0);
  }

  private void act(Row row, FrontEnd.Way through, String handle, Map<String, ?> act, Predicate<JsonNode> shows) throws Exception {
    Map<String, Object> arguments = new LinkedHashMap<>(act);
    arguments.put("handle", handle);
    long start = System.nanoTime();
    through.ask("heapatlas/act", arguments);
    row.millis().add((front.frame(handle, shows).nanos() - start) / 1e6);
  }

  // ---- live

  private String frameRates() throws Exception {
    open.values().forEach(handle -> front.framesOf(handle).clear());
    StringBuilder line = new StringBuilder();
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(LIVE_SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    for (Map.Entry<String, String> view : VIEWS.entrySet()) {
      double rate = framesSoFar(view.getValue()) / seconds;
      line.append("%s%s %.1f".formatted(line.isEmpty() ? "" : ", ", view.getKey(), rate));
    }
    double least = VIEWS.values().stream().mapToDouble(view -> framesSoFar(view) / seconds).min().orElseThrow();
    return "Frames a second on the channel, all four views open: %s; target %.0f: %s.%n".formatted(line, TARGET_FRAMES,
        Math.round(least) >= TARGET_FRAMES ? "met" : "missed by %.1f".formatted(TARGET_FRAMES - least));
  }

  private int framesSoFar(String view) {
    BlockingQueue<FrontEnd.Arrived> frames = front.framesOf(open.get(view));
    return frames.size();
  }

  // ---- table

  private String table() {
    StringBuilder table = new StringBuilder("%,d live allocations, %,d events a second, %d requests each:%n%n".formatted(live, EVENTS_PER_SECOND, SAMPLES));
    table.append("| view | request | DAP p50 | p99 | channel p50 | p99 | largest | frame | target p99 50 ms |\n");
    table.append("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n");
    for (Row dap : rows.stream().filter(row -> row.way().equals("DAP")).toList()) {
      Row channel = rows.stream().filter(row -> row.way().equals("channel") && row.view().equals(dap.view()) && row.request().equals(dap.request())).findFirst().orElseThrow();
      double worst = Math.max(percentile(dap, 0.99), percentile(channel, 0.99));
      table.append(String.format(Locale.ROOT, "| %s | %s | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %s | %s |%n", dap.view(), dap.request(),
          percentile(dap, 0.5), percentile(dap, 0.99), percentile(channel, 0.5), percentile(channel, 0.99),
          Math.max(percentile(dap, 1), percentile(channel, 1)),
          dap.length() == 0 ? "" : dap.length() / 1024 + " KiB", worst <= TARGET_MILLIS ? "met" : "missed by %.0f ms".formatted(worst - TARGET_MILLIS)));
    }
    return table.toString();
  }

  private static double percentile(Row row, double share) {
    double[] sorted = row.millis().stream().skip(WARM_UP).mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  }

  @Override
  public void close() throws Exception {
    front.close();
    program.getOutputStream().close();
    if (!program.waitFor(10, TimeUnit.SECONDS)) {
      program.destroyForcibly().waitFor();
    }
    collector.destroy();
    if (!collector.waitFor(20, TimeUnit.SECONDS)) {
      collector.destroyForcibly().waitFor();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
