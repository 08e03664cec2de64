package org.heapatlas.view;

/** A frame on its way to a front end; {@code frame} is its JSON text. */
public record FrameEvent(String handle, long sequence, boolean full, String frame) {
  /** The body of the event heapatlas/frame. */
  public String json() {
    return "{\"handle\":%s,\"sequence\":%d,\"full\":%b,\"frame\":%s}"
        .formatted(Json.write(handle), sequence, full, frame);
  }
}
