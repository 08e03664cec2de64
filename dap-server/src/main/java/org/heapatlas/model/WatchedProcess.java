package org.heapatlas.model;

import java.nio.file.Path;
import java.util.List;

/** A process that a collector watches or has watched. {@code id} is the collector's, never used twice. */
public record WatchedProcess(
    long id,
    int pid,
    int parentPid,
    String session,
    String executable,
    List<String> arguments,
    State state,
    Mode mode,
    long startRealNanos,
    String allocator,
    List<String> notices) {

  /** What the operating system says of it. */
  public enum State {
    RUNNING,
    STOPPED,
    ENDED
  }

  /** The program's file name, which is what people call it. */
  public String name() {
    Path file = executable.isEmpty() ? null : Path.of(executable).getFileName();
    return file == null ? "process " + pid : file.toString();
  }

  public String title() {
    return name() + "[" + pid + "]";
  }
}
