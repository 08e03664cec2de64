package org.heapatlas.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The Java machine's ahead-of-time cache (JEP 483 and 514) of a server that was installed: with it
 * a later start answers in some 60 % of the time. It holds for one Java and one server, so it is
 * made where these are. Whoever starts the adapter names the file by the property {@code
 * heapatlas.startUp}; where it is not there, a process is begun that trains it, some seconds into a
 * session or at its end, whichever comes first. Tried once: what did not come is not tried again.
 * Main entries: soon, now.
 */
final class StartUpCache {
  static final String PROPERTY = "heapatlas.startUp";
  private static final System.Logger LOG = System.getLogger("org.heapatlas.cli");
  private static final List<String> SESSION =
      List.of(
          "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"adapterID\":\"heapatlas\"}}",
          "{\"seq\":2,\"type\":\"request\",\"command\":\"disconnect\",\"arguments\":{}}");

  private static final String TRAINING =
      "part=$1; shift; nice -n 19 \"$@\" && mv -f \"$part\" \"$0\" || rm -f \"$part\"";

  private StartUpCache() {}

  /** While a session is beginning it would take the processor from that. */
  static void soon() {
    if (!System.getProperty(PROPERTY, "").isEmpty()) {
      CompletableFuture.delayedExecutor(10, TimeUnit.SECONDS).execute(StartUpCache::now);
    }
  }

  /** The file is there once it is whole. */
  static synchronized void now() {
    String named = System.getProperty(PROPERTY, "");
    Path tried = Path.of(named + ".tried");
    if (named.isEmpty() || Files.exists(Path.of(named)) || Files.exists(tried)) {
      return;
    }
    try {
      begin(named);
      Files.createFile(tried);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "no start-up cache is made", e);
    }
  }

  private static void begin(String named) throws IOException {
    String part = named + "." + ProcessHandle.current().pid();
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", TRAINING, named, part));
    command.addAll(again("-XX:AOTCacheOutput=" + part));
    Process training =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // All of it is in the pipe before this process ends.
    try (OutputStream session = training.getOutputStream()) {
      for (String message : SESSION) {
        session.write(
            "Content-Length: %d\r\n\r\n%s"
                .formatted(message.length(), message)
                .getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  /** The command line of this process, without what concerns the cache. */
  private static List<String> again(String flag) {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add(flag);
    runtime.getInputArguments().stream()
        .filter(word -> !word.startsWith("-D" + PROPERTY) && !word.startsWith("-XX:AOT"))
        .forEach(words::add);
    words.addAll(List.of("-cp", runtime.getClassPath(), "org.heapatlas.Main", "dap"));
    return words;
  }
}
