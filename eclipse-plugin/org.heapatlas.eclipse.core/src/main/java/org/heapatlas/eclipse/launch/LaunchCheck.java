package org.heapatlas.eclipse.launch;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;

/**
 * What keeps a launch configuration from being launched, as a sentence for its tab. A text with a
 * variable in it is taken as it is: what it stands for is known at the launch.
 */
public final class LaunchCheck {
  private static final String DURATION = "\\d+(\\.\\d+)?(ms|s|m|h)";
  private static final String SIZE = "\\d+(\\.\\d+)?[KMGT]?B?";
  private static final String MOMENT = "\\d+|" + DURATION;
  private static final String NODE = "[^:/\\s]+:\\d{1,5}|\\[[0-9a-fA-F:]+\\]:\\d{1,5}";

  private final ILaunchConfiguration configuration;

  private LaunchCheck(ILaunchConfiguration configuration) {
    this.configuration = configuration;
  }

  /** The first problem of the tab Program. */
  public static Optional<String> program(ILaunchConfiguration configuration) throws CoreException {
    return new LaunchCheck(configuration).program();
  }

  /** The first problem of the tab Attach. */
  public static Optional<String> attach(ILaunchConfiguration configuration) throws CoreException {
    return new LaunchCheck(configuration).attach();
  }

  /** The first problem of the tab Recording. */
  public static Optional<String> recording(ILaunchConfiguration configuration)
      throws CoreException {
    return new LaunchCheck(configuration).recording();
  }

  /** The first problem of the tab Monitoring. */
  public static Optional<String> monitoring(ILaunchConfiguration configuration)
      throws CoreException {
    return new LaunchCheck(configuration).monitoring();
  }

  private Optional<String> program() throws CoreException {
    String program = text(LaunchAttributes.PROGRAM);
    if (program.isEmpty()) {
      return Optional.of("Name the program to start.");
    }
    if (isPath(program) && !Files.isExecutable(Path.of(program))) {
      return Optional.of("'%s' is no program that can be started.".formatted(program));
    }
    return folder(LaunchAttributes.FOLDER, "The working directory '%s' does not exist.");
  }

  private Optional<String> attach() throws CoreException {
    var nodes = configuration.getAttribute(LaunchAttributes.NODES, java.util.List.<String>of());
    String pid = text(LaunchAttributes.PID);
    if (nodes.isEmpty()) {
      return pid.matches("\\d+") || pid.contains("$")
          ? Optional.empty()
          : Optional.of("Choose a process, or name the nodes to watch.");
    }
    if (!pid.isEmpty()) {
      return Optional.of("Choose either a process or nodes.");
    }
    for (String node : nodes) {
      if (!node.matches(NODE)) {
        return Optional.of("'%s' is no node; write host:port.".formatted(node));
      }
    }
    if (text(LaunchAttributes.TLS).isEmpty()) {
      return Optional.of("Name the folder with ca.crt, client.crt and client.key.");
    }
    return folder(LaunchAttributes.TLS, "The folder of certificates '%s' does not exist.");
  }

  private Optional<String> recording() throws CoreException {
    if (text(LaunchAttributes.RECORDING).isEmpty()) {
      return Optional.of("Name the recording's folder.");
    }
    Optional<String> missing =
        folder(LaunchAttributes.RECORDING, "The recording '%s' does not exist.");
    return missing.isPresent()
        ? missing
        : form(LaunchAttributes.AT, MOMENT, "'%s' is no time; write 12.5s, or an event's number.");
  }

  private Optional<String> monitoring() throws CoreException {
    String record = text(LaunchAttributes.RECORD);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    if (isPath(record) && Files.exists(Path.of(record))) {
      return Optional.of("'%s' exists; a recording wants a new folder.".formatted(record));
    }
    Optional<String> last =
        form(LaunchAttributes.RECORD_LAST, DURATION, "'%s' is no time span; write 30s, 5m or 1h.");
    return last.isPresent()
        ? last
        : form(LaunchAttributes.RECORD_MAX, SIZE, "'%s' is no size; write 500M or 20G.");
  }

  private Optional<String> folder(String attribute, String otherwise) throws CoreException {
    String folder = text(attribute);
    return !isPath(folder) || Files.isDirectory(Path.of(folder))
        ? Optional.empty()
        : Optional.of(otherwise.formatted(folder));
  }

  private Optional<String> form(String attribute, String pattern, String otherwise)
      throws CoreException {
    String text = text(attribute);
    return text.isEmpty() || text.contains("$") || text.matches(pattern)
        ? Optional.empty()
        : Optional.of(otherwise.formatted(text));
  }

  /** Of a name without a folder the PATH decides. */
  private static boolean isPath(String text) {
    if (text.contains("$") || !text.contains("/")) {
      return false;
    }
    try {
      return Path.of(text).isAbsolute();
    } catch (InvalidPathException e) {
      // What it is instead, the server will say.
      return false;
    }
  }

  private String text(String attribute) throws CoreException {
    return configuration.getAttribute(attribute, "").strip();
  }
}
