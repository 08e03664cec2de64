package org.heapatlas.eclipse.launch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.Status;

/**
 * Where a Java that can run the server is. Asked in turn: the preference, JAVA_HOME, the
 * workbench's own, and the PATH; the first one that is new enough wins. What the user named is
 * taken or refused, never passed over.
 */
public final class JavaSearch {
  /** The server's class files are of this release. */
  public static final int LEAST = 25;

  private static final long PATIENCE_SECONDS = 10;
  private static final Pattern VERSION = Pattern.compile("version \"(\\d+)");

  private final String preference;
  private final Path own;
  private final Map<String, String> environment;

  /**
   * A search in these places.
   *
   * @param preference the folder that the user named; empty for none
   * @param own the home of the Java that runs the workbench
   */
  public JavaSearch(String preference, Path own, Map<String, String> environment) {
    this.preference = preference;
    this.own = own;
    this.environment = Map.copyOf(environment);
  }

  private record Candidate(Path java, String from) {}

  /**
   * The program {@code java}. Throws, with what was looked at and what to do, when none will do.
   */
  public Path find() throws CoreException {
    if (!preference.isBlank()) {
      return chosen(Path.of(preference, "bin", "java"));
    }
    List<String> seen = new ArrayList<>();
    for (Candidate candidate : candidates()) {
      OptionalInt release = release(candidate.java());
      if (release.orElse(0) >= LEAST) {
        return candidate.java();
      }
      release.ifPresent(old -> seen.add("Java %d (%s)".formatted(old, candidate.from())));
    }
    String what = seen.isEmpty() ? "there is none" : "there is only " + String.join(", ", seen);
    throw new CoreException(
        Status.error(
            "HeapAtlas needs Java %d or newer, and %s. Install one, or name its folder in the preferences, HeapAtlas."
                .formatted(LEAST, what)));
  }

  private Path chosen(Path java) throws CoreException {
    OptionalInt release = release(java);
    if (release.orElse(0) >= LEAST) {
      return java;
    }
    String what =
        release.isEmpty() ? "there is no Java" : "there is Java %d".formatted(release.getAsInt());
    throw new CoreException(
        Status.error(
            "HeapAtlas needs Java %d or newer, and %s in '%s', which the preferences name."
                .formatted(LEAST, what, preference)));
  }

  private List<Candidate> candidates() {
    List<Candidate> all = new ArrayList<>();
    String home = environment.getOrDefault("JAVA_HOME", "");
    if (!home.isBlank()) {
      all.add(new Candidate(Path.of(home, "bin", "java"), "JAVA_HOME"));
    }
    all.add(new Candidate(own.resolve("bin").resolve("java"), "the workbench's own"));
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!folder.isEmpty()) {
        all.add(new Candidate(Path.of(folder, "java"), folder));
      }
    }
    return all;
  }

  /** Empty when it is not there, or says nothing that can be read. */
  private static OptionalInt release(Path java) {
    if (!Files.isExecutable(java)) {
      return OptionalInt.empty();
    }
    try {
      Process asked =
          new ProcessBuilder(java.toString(), "-version").redirectErrorStream(true).start();
      if (!asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        asked.destroyForcibly();
        return OptionalInt.empty();
      }
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(said);
      return version.find()
          ? OptionalInt.of(Integer.parseInt(version.group(1)))
          : OptionalInt.empty();
    } catch (IOException e) {
      ILog.of(JavaSearch.class).info("'%s' does not run.".formatted(java), e);
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }
}
