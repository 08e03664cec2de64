package org.heapatlas.collector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.model.Problem;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;

/** This machine: its collector, and the launcher that starts programs under the runtime. */
public final class LocalNode implements Node {
  private static final String PRELOAD = "LD_PRELOAD";

  private final NativeFiles files;
  private final CollectorClient client;

  private LocalNode(NativeFiles files, CollectorClient client) {
    this.files = files;
    this.client = client;
  }

  /** Connects, and starts the collector when none answers. */
  public static LocalNode open() {
    NativeFiles files = NativeFiles.ofProperties();
    return new LocalNode(
        files, CollectorClient.local(NodeFolder.ofEnvironment(System.getenv()), files));
  }

  @Override
  public HeapSource source() {
    return client;
  }

  @Override
  public Command command(Launch launch) {
    Path report = newReport();
    List<String> words =
        new ArrayList<>(List.of(files.launch().toString(), "--report", report.toString()));
    if (launch.folder() != null) {
      words.addAll(List.of("--cwd", launch.folder().toString()));
    }
    environment(launch)
        .forEach(
            (name, value) ->
                words.addAll(
                    value == null
                        ? List.of("--unset", name)
                        : List.of("--env", name + "=" + value)));
    if (launch.stopOnEntry()) {
      words.add("--stop-on-entry");
    }
    words.add("--");
    words.addAll(launch.program());
    return new Command(List.copyOf(words), report);
  }

  /** Ours comes first in LD_PRELOAD, so that it sees what a preloaded allocator is asked for. */
  private Map<String, String> environment(Launch launch) {
    Map<String, String> all = new LinkedHashMap<>(launch.environment());
    String other =
        all.containsKey(PRELOAD) ? all.get(PRELOAD) : System.getenv().getOrDefault(PRELOAD, "");
    String runtime =
        client.runtimeLibrary().isEmpty() ? files.runtime().toString() : client.runtimeLibrary();
    all.put(PRELOAD, other == null || other.isEmpty() ? runtime : runtime + ":" + other);
    all.put("HEAPATLAS_DIR", client.nodeFolder());
    all.put("HEAPATLAS_MODE", launch.mode().text());
    all.put("HEAPATLAS_SESSION", launch.session());
    return all;
  }

  @Override
  public Optional<String> whyUnseen(int pid) {
    return client.refusal(pid);
  }

  private static Path newReport() {
    try {
      Path report = Files.createTempFile("heapatlas-report", ".json");
      report.toFile().deleteOnExit();
      return report;
    } catch (IOException e) {
      throw new Problem(Problem.Kind.FAILED, "no temporary file can be made; is the disk full?", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
