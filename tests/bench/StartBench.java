import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * From the start of the server's process to the first byte of the answer of `initialize`, seen from outside. The script
 * ends by becoming the server, so the server's own command line, read while it runs, is what is started and timed
 * without the script; both in turn, so that a drift of the machine meets both alike. Main entry: measure.
 */
final class StartBench {
  private static final String BODY = "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"adapterID\":\"heapatlas\"}}";
  private static final double TARGET_MILLIS = 250;

  private StartBench() {}

  static String measure(Path root, int rounds) throws Exception {
    List<String> script = List.of(root.resolve("heapatlas").toString(), "dap");
    List<String> server = becomes(script);
    double[] whole = new double[rounds];
    double[] warm = new double[rounds];
    double[] cold = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      whole[round] = millis(script);
      warm[round] = millis(server);
      leaveMemory(server);
      cold[round] = millis(server);
    }
    double median = median(warm);
    return """
        Start of the server's process to the first byte of the answer of `initialize`, of %d starts each, in turn:

        | start | median | best | worst | target %.0f ms |
        | --- | ---: | ---: | ---: | --- |
        %s%s
        The script's own time before that: %.0f ms (median of `./heapatlas dap` %.0f ms). Cold: the JDK's and the server's files
        were told to leave the page cache first, which those stay in that another process has mapped.
        """.formatted(rounds, TARGET_MILLIS, row("warm", warm), row("cold", cold), median(whole) - median, median(whole));
  }

  private static String row(String name, double[] millis) {
    double median = median(millis);
    return "| %s | %.0f ms | %.0f ms | %.0f ms | %s |\n".formatted(name, median, Arrays.stream(millis).min().orElseThrow(),
        Arrays.stream(millis).max().orElseThrow(), median <= TARGET_MILLIS ? "met" : "missed by %.0f ms".formatted(median - TARGET_MILLIS));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** The command line that a command has become by the time it answers. */
  private static List<String> becomes(List<String> command) throws Exception {
    Process process = answered(command);
    String words = Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid())));
    end(process);
    return List.of(words.split("\0"));
  }

  private static double millis(List<String> command) throws Exception {
    long start = System.nanoTime();
    Process process = answered(command);
    double millis = (System.nanoTime() - start) / 1e6;
    end(process);
    return millis;
  }

  private static Process answered(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    OutputStream in = process.getOutputStream();
    in.write("Content-Length: %d\r\n\r\n%s".formatted(BODY.length(), BODY).getBytes(StandardCharsets.UTF_8));
    in.flush();
    InputStream out = process.getInputStream();
    if (out.read() < 0) {
      throw new IOException("the server ended without an answer");
    }
    return process;
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  private static void leaveMemory(List<String> server) throws Exception {
    Path jdk = Path.of(server.getFirst()).toRealPath().getParent().getParent();
    List<Path> files = new ArrayList<>();
    for (Path folder : List.of(jdk.resolve("lib"), Path.of(server.get(server.indexOf("-cp") + 1).split(":")[0]).getParent())) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    for (Path file : files) {
      new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none").inheritIO().start().waitFor();
    }
  }
}
