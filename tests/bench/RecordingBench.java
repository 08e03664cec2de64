import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a recording takes on disk, costs while it is made, and answers how fast. Main entry: measure. The sizes of the
 * made recordings are those of the system property `events` (a list with commas), or 10^7 and 10^8.
 */
final class RecordingBench {
  private static final double TARGET_BYTES = 2.5;
  private static final double TARGET_MILLIS = 500;
  private static final Pattern RECORDED = Pattern.compile("\"(\\w+)\"\\s*:\\s*([\\d.]+)");

  private RecordingBench() {}

  static String measure(Path root, Path bin, Map<String, List<String>> loads, String heaptrack, int rounds) throws Exception {
    Path folder = Files.createTempDirectory("heapatlas-recording-bench");
    try {
      return "Bytes an event of real programs, and CPU time of one thread to encode and decode them:\n\n```\n"
          + text(List.of(root.resolve("tests/bench/recording").toString(), bin.toString()), folder).stripTrailing() + "\n```\n\n"
          + cost(root, bin, loads, heaptrack, rounds, folder)
          + reach(bin, folder)
          + queries(root, folder);
    } finally {
      delete(folder);
    }
  }

  // ---- cost: CPU time of the program, and of whatever else works for it, without a tool, under heaptrack, and recorded

  /** CPU seconds of the program itself, and of the program and the tool's other processes but the command line's JVM. */
  private record Cpu(double program, double all) {}

  private static String cost(Path root, Path bin, Map<String, List<String>> loads, String heaptrack, int rounds, Path folder) throws Exception {
    StringBuilder table = new StringBuilder("""
        Cost of recording, median of %d rounds, variants in turn, as a ratio to no tool in the same round. 'program' is the
        program's own CPU time; 'all' has the collector's as well, which encodes and writes on another core, and for
        heaptrack the interpreter's that its script runs beside the program.

        | program | none | heaptrack, program | heaptrack, all | record, program | record, all | record : heaptrack, all | events | B an event on disk |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        """.formatted(rounds));
    for (Map.Entry<String, List<String>> load : loads.entrySet()) {
      Map<String, List<Double>> ratios = new LinkedHashMap<>();
      List<Double> bare = new ArrayList<>();
      double events = 0;
      double bytes = 0;
      for (int round = 0; round < rounds; round++) {
        double none = launched(bin, load.getValue(), null, folder).program();
        Cpu peer = launched(bin, load.getValue(), heaptrack, folder);
        Path recording = folder.resolve("cost");
        String[] summary = new String[1];
        Cpu ours = recorded(root, load.getValue(), recording, summary);
        events = figure(summary[0], "events");
        bytes = size(recording);
        delete(recording);
        bare.add(none);
        add(ratios, "peer", peer.program() / none);
        add(ratios, "peerAll", peer.all() / none);
        add(ratios, "ours", ours.program() / none);
        add(ratios, "oursAll", ours.all() / none);
        add(ratios, "between", ours.all() / peer.all());
      }
      table.append("| %s | %.2f s |".formatted(load.getKey(), Bench.median(bare)));
      ratios.values().forEach(values -> table.append(" %.2f× |".formatted(Bench.median(values))));
      table.append(String.format(Locale.ROOT, " %,.0f | %.2f |\n", events, bytes / events));
    }
    return table.append("\nThe folder holds symbols, mappings and definitions too, which weigh where there are few events; target %.1f B.\n\n".formatted(TARGET_BYTES)).toString();
  }

  private static void add(Map<String, List<Double>> ratios, String name, double value) {
    ratios.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
  }

  private static Cpu launched(Path bin, List<String> command, String heaptrack, Path folder) throws Exception {
    Path report = folder.resolve("report.json");
    Path raw = folder.resolve("heaptrack.raw");
    List<String> run = new ArrayList<>(List.of(bin.resolve("heapatlas-launch").toString(), "--report", report.toString()));
    if (heaptrack != null) {
      run.addAll(List.of("--env", "LD_PRELOAD=" + heaptrack, "--env", "DUMP_HEAPTRACK_OUTPUT=" + raw));
    }
    run.add("--");
    run.addAll(command);
    text(run, folder);
    double program = figure(Files.readString(report), "cpuNanos") / 1e9;
    if (heaptrack == null) {
      return new Cpu(program, program);
    }
    Path interpreter = Path.of(heaptrack).resolveSibling("libexec").resolve("heaptrack_interpret");
    double interpreted = interpret(interpreter, raw, report, bin, folder);
    Files.deleteIfExists(raw);
    return new Cpu(program, program + interpreted);
  }

  private static double interpret(Path interpreter, Path raw, Path report, Path bin, Path folder) throws Exception {
    List<String> run = List.of(bin.resolve("heapatlas-launch").toString(), "--report", report.toString(), "--",
        "bash", "-c", "exec \"$0\" < \"$1\" > /dev/null", interpreter.toString(), raw.toString());
    text(run, folder);
    return figure(Files.readString(report), "cpuNanos") / 1e9;
  }

  /** By a collector of its own, whose CPU time is read when the recording is sealed. */
  private static Cpu recorded(Path root, List<String> command, Path recording, String[] summary) throws Exception {
    Path node = Files.createTempDirectory(Path.of("/dev/shm"), "heapatlas-bench", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    List<String> run = new ArrayList<>(List.of("env", "HEAPATLAS_DIR=" + node, root.resolve("heapatlas").toString(), "record", "--json", "-o", recording.toString(), "--"));
    run.addAll(command);
    summary[0] = text(run, recording.getParent());
    ProcessHandle collector = ProcessHandle.allProcesses()
        .filter(each -> each.info().arguments().map(words -> List.of(words).contains(node.toString())).orElse(false))
        .findFirst().orElseThrow(() -> new IllegalStateException("the collector has gone before its CPU time could be read"));
    double collected = collector.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    collector.destroy();
    collector.onExit().join();
    delete(node);
    double program = figure(summary[0], "programCpuNanos") / 1e9;
    return new Cpu(program, program + collected);
  }

  // ---- reach: any instant, and the history of an address, in recordings of a made program

  private static String reach(Path bin, Path folder) throws Exception {
    StringBuilder table = new StringBuilder("""
        Recordings of a made program with 100,000 live blocks at random, of which every address has a history in the whole
        recording; CPU time of one thread, files in the page cache; histories, which all processors read, in time that passes.
        'first 50' is a history's latest 50 events, which a view shows first.

        | events | B an event | encoded | open | seek p50 | p99 | target %1$.0f ms | history, events | history p50 | p99 | first 50 p50 | p99 | target %1$.0f ms |
        | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |
        """.formatted(TARGET_MILLIS));
    for (String events : System.getProperty("events", "10000000,100000000").split(",")) {
      Path files = folder.resolve("files");
      String made = text(List.of(bin.resolve("recording-files").toString(), files.toString(), events), folder);
      delete(files);
      table.append(String.format(Locale.ROOT, "| %,.0f | %.2f | %.1f M/s | %.0f ms | %.0f ms | %.0f ms | %s | %.0f | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %s |\n",
          figure(made, "events"), figure(made, "bytesPerEvent"), figure(made, "encodedPerSecond") / 1e6, figure(made, "openCpuMillis"),
          figure(made, "seekMedianCpuMillis"), figure(made, "seekP99CpuMillis"), verdict(figure(made, "seekP99CpuMillis")),
          figure(made, "historyMedianEvents"), figure(made, "historyMedianMillis"), figure(made, "historyP99Millis"),
          figure(made, "historyPageMedianMillis"), figure(made, "historyPageP99Millis"), verdict(figure(made, "historyPageP99Millis"))));
    }
    return table.append('\n').toString();
  }

  private static String verdict(double millis) {
    return millis <= TARGET_MILLIS ? "met" : "missed by %.0f ms".formatted(millis - TARGET_MILLIS);
  }

  // ---- queries: the templates on 10^8 events of python3

  private static final String SCRIPT = """
      import json, sys
      tree = lambda depth: {"k%d" % i: [tree(depth - 1) if depth else i, "v" * (i % 97)] for i in range(6)}
      kept = []
      for turn in range(int(sys.argv[1])):
          text = json.dumps(tree(4))
          kept.append(json.loads(text) if turn % 10 == 0 else None)
      """;

  private static String queries(Path root, Path folder) throws Exception {
    Path script = folder.resolve("load.py");
    Files.writeString(script, SCRIPT);
    Path recording = folder.resolve("queried");
    String summary = text(List.of("env", "PYTHONMALLOC=malloc", root.resolve("heapatlas").toString(), "record", "--json", "-o", recording.toString(), "--",
        "/usr/bin/python3", script.toString(), System.getProperty("turns", "430")), folder);
    StringBuilder table = new StringBuilder(String.format(Locale.ROOT, """
        SQL on %,.0f recorded events of python3 (PYTHONMALLOC=malloc), %,.0f MB on disk, from the start of `./heapatlas query` (some
        0.9 s of which are its own) to the rows:

        | query | time |
        | --- | ---: |
        """, figure(summary, "events"), size(recording) / 1e6));
    List<List<String>> asked = new ArrayList<>(List.of(List.of("SELECT count(*) FROM events"), List.of("SELECT count(*), sum(size) FROM allocations")));
    try (Stream<Path> templates = Files.list(root.resolve("dap-server/src/main/resources/org/heapatlas/recording/templates"))) {
      templates.map(file -> file.getFileName().toString().replace(".sql", "")).sorted().forEach(name -> asked.add(List.of("--template", name)));
    }
    for (List<String> each : asked) {
      List<String> command = new ArrayList<>(List.of(root.resolve("heapatlas").toString(), "query", "--timeout", "600s", "--memory", "4G", "--json", recording.toString()));
      command.addAll(each);
      long begin = System.nanoTime();
      int status = start(command, folder).waitFor();
      table.append("| %s | %s |\n".formatted(each.getLast(), status == 0 ? "%.1f s".formatted((System.nanoTime() - begin) / 1e9) : "failed with status " + status));
    }
    return table.append('\n').toString();
  }

  // ---- common

  private static Process start(List<String> command, Path folder) throws IOException {
    return new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile()).redirectError(folder.resolve("stderr").toFile())
        .redirectOutput(command.contains("query") ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.PIPE).start();
  }

  private static String text(List<String> command, Path folder) throws Exception {
    Process process = start(command, folder);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static double figure(String json, String name) throws IOException {
    Matcher matcher = RECORDED.matcher(json);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return Double.parseDouble(matcher.group(2));
      }
    }
    throw new IOException("no " + name + " in: " + json);
  }

  private static double size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
