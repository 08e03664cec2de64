import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The benchmarks. Each prints its table and puts it into RESULTS.md under its own heading, with the machine and the day.
 * Variants of one program run in turn within a round, so that a drift of the machine meets all of them alike; a cell is
 * the median over the rounds.
 */
public final class Bench {
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final Path ROOT = Path.of(System.getProperty("heapatlas.root"));
  private static final Path BIN = ROOT.resolve("native-bridge/build/bin");
  private static final Path RESULTS = ROOT.resolve("tests/bench/RESULTS.md");

  private Bench() {}

  public static void main(String[] names) throws Exception {
    for (String name : names) {
      String table =
          switch (name) {
            case "overhead" -> overhead();
            case "collector" -> collector();
            case "recording" -> recording();
            case "dap" -> dap();
            case "vscode" -> vscode();
            case "eclipse" -> eclipse();
            default -> throw new IllegalArgumentException("no benchmark " + name);
          };
      System.out.println(table);
      store(name, table);
    }
  }

  // ---- overhead: CPU time of the program, without a tool, under heaptrack, and in each mode

  private record Load(String name, List<String> command) {}

  /** What full fidelity and sampling may cost, as a ratio to no tool. */
  private static final Map<String, Double> TARGETS = Map.of("full", 1.35, "full-no-stacks", 1.10, "sampled", 1.05);

  private static final double LOOP_EVENTS = 20e6;

  private static String overhead() throws Exception {
    Path folder = Files.createTempDirectory("heapatlas-bench");
    List<String> variants = List.of("none", "heaptrack", "full", "full-no-stacks", "sampled", "off");
    StringBuilder table =
        new StringBuilder("Program's own CPU time (user and system, the runtime in it included), median of %d rounds, variants in turn; the ratio is to 'none' of the same round.%n%n".formatted(ROUNDS));
    table.append("| program | none | ").append(variants.stream().skip(1).collect(Collectors.joining(" | "))).append(" |\n");
    table.append("| --- |").append(" ---: |".repeat(variants.size())).append('\n');
    StringBuilder verdicts = new StringBuilder();
    for (Load load : loads(folder)) {
      Map<String, List<Double>> ratios = new LinkedHashMap<>();
      List<Double> bare = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        double none = 0;
        for (String variant : variants) {
          double seconds = cpuSeconds(variant, load.command(), folder);
          if (variant.equals("none")) {
            none = seconds;
            bare.add(seconds);
          } else {
            ratios.computeIfAbsent(variant, ignored -> new ArrayList<>()).add(seconds / none);
          }
        }
      }
      table.append("| %s | %.2f s |".formatted(load.name(), median(bare)));
      ratios.values().forEach(values -> table.append(" %.2f× |".formatted(median(values))));
      table.append('\n');
      verdicts.append(verdicts(load, ratios, median(bare)));
    }
    return table.append('\n').append(verdicts).toString();
  }

  /** Each target against the median, and for the loop, which does nothing but allocate, the cost of an event. */
  private static String verdicts(Load load, Map<String, List<Double>> ratios, double bare) {
    StringBuilder lines = new StringBuilder();
    for (String variant : List.of("full", "full-no-stacks", "sampled")) {
      double ratio = median(ratios.get(variant));
      double target = TARGETS.get(variant);
      lines.append("- %s, %s: %.2f×, target %.2f×: %s".formatted(load.name(), variant, ratio, target,
          ratio <= target ? "met" : "missed by %.2f".formatted(ratio - target)));
      if (load.name().startsWith("malloc loop")) {
        lines.append("; %.1f ns an event".formatted((ratio - 1) * bare / LOOP_EVENTS * 1e9));
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  private static List<Load> loads(Path folder) throws Exception {
    Path loop = folder.resolve("malloc_loop");
    must(List.of("g++", "-O2", "-g", "-o", loop.toString(), ROOT.resolve("tests/programs/malloc_loop.cc").toString()));
    Path source = folder.resolve("unit.cc");
    Files.writeString(source, "#include <algorithm>\n#include <iostream>\n#include <map>\n#include <regex>\n#include <string>\n"
        + "int main() { std::regex r(\"a+b\"); std::map<std::string, int> m; std::cout << m.size(); return std::regex_match(\"ab\", r); }\n");
    Path preprocessed = folder.resolve("unit.ii");
    must(List.of("g++", "-E", "-o", preprocessed.toString(), source.toString()));
    String compiler = text(List.of("g++", "-print-prog-name=cc1plus")).strip();
    return List.of(
        new Load("malloc loop, 20 M events, 17 frames", List.of(loop.toString(), "10000000")),
        new Load("python3", List.of("/usr/bin/python3", "-c", "import json\nfor i in range(12): json.loads(json.dumps([{'k': str(j) * 50} for j in range(20000)]))")),
        new Load("sqlite3", List.of("sqlite3", ":memory:", "create table t(a, b); with recursive c(i) as (select 1 union all select i+1 from c where i<300000) insert into t select i, printf('%064d', i) from c; create index x on t(b); select count(*) from t where b like '%7%';")),
        new Load("cc1plus -O1", List.of(compiler, "-quiet", "-O1", "-fpreprocessed", preprocessed.toString(), "-o", "/dev/null")),
        new Load("redis-server, 400 k commands", redis(folder)));
  }

  /** redis-server that ends by itself once its load, which is not counted, has run. */
  private static List<String> redis(Path folder) throws IOException {
    Path script = folder.resolve("redis.sh");
    Files.writeString(script, """
        port=$((20000 + $$ % 20000))
        (sleep 0.5; LD_PRELOAD= timeout 60 redis-benchmark -q -p $port -n 200000 -r 100000 -d 100 -P 8 -t set,lpush >/dev/null 2>&1
         LD_PRELOAD= redis-cli -p $port shutdown nosave >/dev/null 2>&1) 9>&- & disown 2>/dev/null || true
        exec redis-server --port $port --save '' --appendonly no --logfile /dev/null
        """);
    return List.of("bash", script.toString());
  }

  private static double cpuSeconds(String variant, List<String> command, Path folder) throws Exception {
    Path report = folder.resolve("report.json");
    List<String> run = new ArrayList<>();
    Pattern figure;
    String output;
    if (variant.equals("none") || variant.equals("heaptrack")) {
      run.addAll(List.of(BIN.resolve("heapatlas-launch").toString(), "--report", report.toString()));
      if (variant.equals("heaptrack")) {
        run.addAll(List.of("--env", "LD_PRELOAD=" + heaptrack(), "--env", "DUMP_HEAPTRACK_OUTPUT=" + folder.resolve("heaptrack.raw")));
      }
      run.add("--");
      run.addAll(command);
      text(run);
      output = Files.readString(report);
      figure = Pattern.compile("\"cpuNanos\"\\s*:\\s*(\\d+)");
      Files.deleteIfExists(folder.resolve("heaptrack.raw"));
    } else {
      run.addAll(List.of(ROOT.resolve("heapatlas").toString(), "run", "--json", "--mode", variant, "--"));
      run.addAll(command);
      output = text(run);
      figure = Pattern.compile("\"programCpuNanos\"\\s*:\\s*(\\d+)");
    }
    Matcher matcher = figure.matcher(output);
    if (!matcher.find()) {
      throw new IOException("no CPU time from " + run + ": " + output);
    }
    return Long.parseLong(matcher.group(1)) / 1e9;
  }

  private static String heaptrack() throws IOException {
    for (String folder : List.of("/usr/lib/heaptrack", "/usr/lib/x86_64-linux-gnu/heaptrack")) {
      Path library = Path.of(folder, "libheaptrack_preload.so");
      if (Files.exists(library)) {
        return library.toString();
      }
    }
    throw new IOException("heaptrack's preload library is not installed");
  }

  // ---- collector: its own benchmark program

  private static String collector() throws Exception {
    return "```\n" + text(List.of(BIN.resolve("collector-bench").toString(), "1000000", "10000000", "100000000", "1000000000")).strip() + "\n```\n";
  }

  // ---- recording: what it takes on disk, what it costs, and how fast it answers

  private static String recording() throws Exception {
    Map<String, List<String>> loads = new LinkedHashMap<>();
    loads(Files.createTempDirectory("heapatlas-bench")).forEach(load -> loads.put(load.name(), load.command()));
    return RecordingBench.measure(ROOT, BIN, loads, heaptrack(), ROUNDS);
  }

  // ---- dap: process start to the answer of initialize, and views from request to frame

  private static String dap() throws Exception {
    StringBuilder tables = new StringBuilder("Load average of the machine before: %s.\n\n".formatted(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]));
    tables.append(StartBench.measure(ROOT, ROUNDS + 2)).append('\n');
    List<Long> wanted = List.of(10_000_000L, 1_000_000_000L);
    List<Long> sizes = Long.getLong("live") == null ? ViewBench.sizes(wanted) : List.of(Long.getLong("live"));
    for (long live : sizes) {
      tables.append(ViewBench.measure(ROOT, live)).append('\n');
    }
    if (Long.getLong("live") == null && !sizes.equals(wanted)) {
      tables.append("1,000,000,000 live do not fit into this machine's free memory.\n");
    }
    return tables.toString();
  }

  // ---- vscode and eclipse: what people wait for in an editor

  private static String vscode() throws Exception {
    return editor(
        "VS Code's workbench in code-server, Chromium with software rendering on the same two cores.",
        List.of("npm", "run", "--silent", "--prefix", ROOT.resolve("tests/vscode").toString(), "bench"));
  }

  private static String eclipse() throws Exception {
    String plugin = ROOT.resolve("eclipse-plugin").toString();
    String modules = Stream.of("core", "ui", "javafx", "server", "tests").map(name -> "org.heapatlas.eclipse." + name).collect(Collectors.joining(",", "platform,", ""));
    return editor(
        "A workbench on a virtual display, JavaFX with software rendering on the same two cores.",
        List.of(plugin + "/on-display", ROOT.resolve("mvnw").toString(), "-q", "-B", "-ntp", "-f", plugin, "-pl", modules, "verify", "-Declipse.tests.skip=false", "-Dtest=WorkbenchTimes", "-Dsurefire.failIfNoSpecifiedTests=false"));
  }

  /** The command adds rows of a table to the file that HEAPATLAS_TABLE names. */
  private static String editor(String where, List<String> command) throws Exception {
    Path table = Files.createTempFile("heapatlas-bench", ".md");
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    must(Stream.concat(Stream.of("env", "HEAPATLAS_TABLE=" + table), command.stream()).toList());
    String measured = Files.readString(table);
    Files.delete(table);
    return "Load average of the machine before: %s.\n\n%s\n\n".formatted(load, where)
        + "| what | median, or size | p99 | times |\n| --- | ---: | ---: | ---: |\n"
        + measured;
  }

  // ---- common

  private static void must(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  private static String text(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static void store(String name, String table) throws IOException {
    String section = "## %s%n%s, %s%n%n%s".formatted(name, LocalDate.now(), machine(), table);
    Map<String, String> sections = new LinkedHashMap<>();
    if (Files.exists(RESULTS)) {
      Arrays.stream(Files.readString(RESULTS).split("(?m)^(?=## )")).skip(1)
          .forEach(old -> sections.put(old.lines().findFirst().orElse("").substring(3).strip(), old.strip()));
    }
    sections.put(name, section.strip());
    Files.writeString(RESULTS, "# Results\nWritten by `./heapatlas bench`; each section by its last run.\n\n" + String.join("\n\n", sections.values()) + "\n");
  }

  private static String machine() throws IOException {
    String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
        .map(line -> line.replaceFirst(".*:\\s*", "")).findFirst().orElse("unknown processor");
    return String.format(Locale.ROOT, "%s, %d cores, Linux %s (a virtual machine with noisy neighbours)", model,
        Runtime.getRuntime().availableProcessors(), System.getProperty("os.version").replaceFirst("-.*", ""));
  }
}
