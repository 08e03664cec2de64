package org.heapatlas.model;

import java.util.List;

/**
 * A session's recording. {@code why} says why it stopped, where it did. {@code events} and {@code
 * bytes} are those that are safe on disk. {@code missing} says, a sentence each, what is not in it
 * although it goes on.
 */
public record RecordingStatus(
    String folder,
    boolean recording,
    String why,
    long events,
    long bytes,
    int processes,
    List<String> missing) {
  public RecordingStatus(
      String folder, boolean recording, String why, long events, long bytes, int processes) {
    this(folder, recording, why, events, bytes, processes, List.of());
  }

  /**
   * How much is kept: {@code maxBytes} on disk, {@code lastNanos} before the end; 0 for no limit.
   */
  public record Limits(long maxBytes, long lastNanos) {
    public static final Limits NONE = new Limits(0, 0);
  }
}
