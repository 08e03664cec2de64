package org.heapatlas.model;

import java.util.Collection;
import java.util.List;

/**
 * A process that a collector watches or has watched. {@code id} is never used twice in a session;
 * {@code node} is the address of the node it runs on, empty for this machine.
 */
public record WatchedProcess(
    long id,
    String node,
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

  /** What the operating system says of it; a replayed one is read from a recording. */
  public enum State {
    RUNNING,
    STOPPED,
    ENDED,
    REPLAYED
  }

  public boolean isReplayed() {
    return state == State.REPLAYED;
  }

  /**
   * What people call it: the file name it was started under, for one file may be several programs.
   */
  public String name() {
    String started = arguments.isEmpty() ? "" : arguments.getFirst().split("[ :]", 2)[0];
    String path = started.isEmpty() ? executable : started;
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.isEmpty() ? "process " + pid : name;
  }

  /** Another program under the same number: exec replaces the one that was there before. */
  public boolean replaces(WatchedProcess other) {
    return id > other.id && pid == other.pid && node.equals(other.node);
  }

  /** The program that has its number now, of those in the order in which they came. */
  public WatchedProcess newestOf(Collection<WatchedProcess> all) {
    return all.stream()
        .filter(each -> each.id() == id || each.replaces(this))
        .reduce((older, newer) -> newer)
        .orElse(this);
  }

  public WatchedProcess ended() {
    return new WatchedProcess(
        id,
        node,
        pid,
        parentPid,
        session,
        executable,
        arguments,
        State.ENDED,
        mode,
        startRealNanos,
        allocator,
        notices);
  }

  public String title() {
    return name() + "[" + pid + "]" + (node.isEmpty() ? "" : " on " + node);
  }
}
