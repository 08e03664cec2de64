package org.heapatlas.eclipse.launch;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.FileLocator;
import org.eclipse.core.runtime.Platform;
import org.eclipse.core.runtime.Status;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** The server that the plug-in brings. Main entry: {@link #command}. */
public final class ServerFiles {
  private static final String BUNDLE = "org.heapatlas.eclipse.server";
  private static final List<String> PROGRAMS = List.of("heapatlas-collector", "heapatlas-launch");
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private ServerFiles() {}

  /** The command line with one of the server's subcommands, run by a Java that is new enough. */
  public static List<String> command(Path java, List<String> subcommand) throws CoreException {
    try {
      Path server = folder();
      allowExecution(server.resolve("native"));
      List<String> words = new ArrayList<>(List.of(java.toString()));
      words.addAll(FLAGS);
      words.addAll(startUpCache(java, server));
      words.add("-Dheapatlas.native=" + server.resolve("native"));
      words.add("-Dheapatlas.web=" + server.resolve("page"));
      words.add("-cp");
      words.add(classPath(server.resolve("app")));
      words.add("org.heapatlas.Main");
      words.addAll(subcommand);
      return words;
    } catch (IOException e) {
      throw new CoreException(
          Status.error("HeapAtlas cannot start its server: " + e.getMessage(), e));
    }
  }

  /**
   * What makes later starts answer sooner: the file, or its name for the server, which makes it at
   * the end of a session. It holds for this Java and this server alone.
   */
  private static List<String> startUpCache(Path java, Path server) throws IOException {
    String of =
        "%s %s %s %s"
            .formatted(
                java,
                Files.getLastModifiedTime(java),
                server,
                Files.getLastModifiedTime(server.resolve("app")));
    Path cache =
        Platform.getStateLocation(FrameworkUtil.getBundle(ServerFiles.class))
            .append("start-up-%08x.aot".formatted(of.hashCode()))
            .toPath();
    // A cache that does not fit is left aside; what Java says of that would get between messages.
    return Files.exists(cache)
        ? List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=auto", "-Xlog:disable", "-Xlog:all=off")
        : List.of("-Dheapatlas.startUp=" + cache);
  }

  private static Path folder() throws IOException {
    Bundle bundle = Platform.getBundle(BUNDLE);
    URL entry = bundle == null ? null : bundle.getEntry("server");
    if (entry == null) {
      throw new IOException(
          "the bundle '%s' is missing; install the feature again.".formatted(BUNDLE));
    }
    return Path.of(FileLocator.toFileURL(entry).getPath());
  }

  private static String classPath(Path app) throws IOException {
    try (Stream<Path> files = Files.list(app)) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  /** An installation that did not go through p2 has lost the bit. */
  private static void allowExecution(Path programs) throws IOException {
    for (String name : PROGRAMS) {
      File program = programs.resolve(name).toFile();
      if (!program.canExecute() && !program.setExecutable(true, false)) {
        throw new IOException(
            "'%s' may not be executed; allow it with chmod +x.".formatted(program));
      }
    }
  }
}
