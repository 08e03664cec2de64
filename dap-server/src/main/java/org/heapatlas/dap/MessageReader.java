package org.heapatlas.dap;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The bodies of the base protocol's messages, read from a peer that is not trusted: a header of at
 * most 8 KiB, a body of at most 64 MiB whose memory grows with what really comes. After a {@link
 * Malformed} the stream is out of step and cannot be read on.
 */
final class MessageReader {
  static final int LONGEST_HEADER = 8 << 10;
  static final int LONGEST_BODY = 64 << 20;
  private static final int CHUNK = 64 << 10;
  private static final String LENGTH = "content-length:";

  private final InputStream in;

  MessageReader(InputStream in) {
    this.in = in;
  }

  /** What the peer sent is no message; the sentence says why. */
  static final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    Malformed(String sentence) {
      super(sentence);
    }
  }

  /** The next body, or null at the end of the stream between two messages. */
  String next() throws IOException {
    String header = header();
    return header == null ? null : body(length(header));
  }

  private String header() throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream(64);
    int lineLength = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        if (header.size() == 0) {
          return null;
        }
        throw new EOFException("the stream ended within a header");
      }
      header.write(next);
      if (header.size() > LONGEST_HEADER) {
        throw new Malformed("the message's header is longer than 8 KiB");
      }
      if (next == '\n' && lineLength == 0) {
        return header.toString(StandardCharsets.US_ASCII);
      }
      lineLength = next == '\n' ? 0 : next == '\r' ? lineLength : lineLength + 1;
    }
  }

  private static int length(String header) throws Malformed {
    long length = -1;
    for (String line : header.split("\r?\n", -1)) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith(LENGTH)) {
        length = number(line.substring(LENGTH.length()).strip());
      }
    }
    if (length < 0) {
      throw new Malformed("the message's header has no Content-Length");
    }
    if (length > LONGEST_BODY) {
      throw new Malformed(
          "the message is said to have %d bytes; at most 64 MiB are taken".formatted(length));
    }
    return (int) length;
  }

  private static long number(String digits) throws Malformed {
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Malformed("the message's Content-Length is no number");
    }
    return Long.parseLong(digits);
  }

  private String body(int length) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(Math.min(length, CHUNK));
    byte[] chunk = new byte[Math.min(length, CHUNK)];
    int left = length;
    while (left > 0) {
      int read = in.read(chunk, 0, Math.min(left, chunk.length));
      if (read < 0) {
        throw new EOFException(
            "the stream ended %d bytes before the message's end".formatted(left));
      }
      body.write(chunk, 0, read);
      left -= read;
    }
    return body.toString(StandardCharsets.UTF_8);
  }
}
