package org.heapatlas.model;

/**
 * A session's recording. {@code why} says why it stopped, where it did. {@code events} and {@code
 * bytes} are those that are safe on disk.
 */
public record RecordingStatus(
    String folder, boolean recording, String why, long events, long bytes, int processes) {

  /**
   * How much is kept: {@code maxBytes} on disk, {@code lastNanos} before the end; 0 for no limit.
   */
  public record Limits(long maxBytes, long lastNanos) {
    public static final Limits NONE = new Limits(0, 0);
  }
}
