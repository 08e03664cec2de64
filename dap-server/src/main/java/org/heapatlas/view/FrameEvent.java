package org.heapatlas.view;

/** A frame on its way to a front end; {@code frame} is its JSON text. */
public record FrameEvent(String handle, long sequence, boolean full, String frame) {
  /** The body of the event heapatlas/frame; joined, not formatted, for it may be a megabyte. */
  public String json() {
    String name = Json.write(handle);
    return "{\"handle\":"
        + name
        + ",\"sequence\":"
        + sequence
        + ",\"full\":"
        + full
        + ",\"frame\":"
        + frame
        + "}";
  }
}
