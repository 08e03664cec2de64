package org.heapatlas.dap;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bodies of the base protocol's messages, read from a peer that is not trusted: a header of at
 * most 8 KiB, a body of at most 64 MiB whose memory grows with what really comes. Main entry: next,
 * called by the connection's reading thread. After a {@link Malformed} the reader is lost and the
 * next call skips to what looks like a header; a body of JSON cannot hold such a line, for a string
 * in it has no line end. Must hold: a browser is never served, whatever its request carries.
 */
final class MessageReader {
  static final int LONGEST_HEADER = 8 << 10;
  static final int LONGEST_BODY = 64 << 20;
  private static final int CHUNK = 64 << 10;
  private static final int TAIL = 256;

  /** In place of a length. */
  private static final long UNKNOWN = -1;

  private static final long END = -2;
  private static final Pattern FIELD = Pattern.compile("([A-Za-z][A-Za-z-]*):[ \\t]*(.*)");
  private static final Pattern LENGTH_AT_END =
      Pattern.compile("content-length:[ \\t]*(\\d{1,18})[ \\t]*$", Pattern.CASE_INSENSITIVE);
  private static final Pattern HTTP = Pattern.compile("\\bHTTP/\\d(\\.\\d)?$");

  private final InputStream in;
  private boolean lost;

  /** The length in the line that was no header, when there was one. */
  private long pending = UNKNOWN;

  MessageReader(InputStream in) {
    this.in = in;
  }

  /** What the peer sent is no message; the sentence says why. */
  static class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    Malformed(String sentence) {
      super(sentence);
    }
  }

  /** The peer speaks another protocol; nothing more may be read. */
  static final class Foreign extends Malformed {
    private static final long serialVersionUID = 1;

    Foreign(String sentence) {
      super(sentence);
    }
  }

  /** The next body, or null at the end of the stream between two messages. */
  String next() throws IOException {
    long length = lost ? resynchronise() : UNKNOWN;
    lost = true;
    pending = UNKNOWN;
    length = length == END ? END : header(length);
    if (length == END) {
      return null;
    }
    if (length > LONGEST_BODY) {
      throw new Malformed(
          "the message is said to have %d bytes; at most 64 MiB are taken".formatted(length));
    }
    String body = body((int) length);
    lost = false;
    return body;
  }

  /** The last body was no JSON, so its length was perhaps wrong: the next header is searched. */
  void mistrust() {
    lost = true;
  }

  /** The length that a header says, of which a first line may be known already. */
  private long header(long known) throws IOException {
    long length = known;
    boolean empty = known == UNKNOWN;
    int read = 0;
    while (true) {
      String line = line(LONGEST_HEADER - read, empty);
      if (line == null) {
        return END;
      }
      if (line.isEmpty()) {
        if (length == UNKNOWN) {
          throw new Malformed("the message's header has no Content-Length");
        }
        return length;
      }
      empty = false;
      read += line.length() + 2;
      Matcher field = FIELD.matcher(line);
      if (!field.matches()) {
        refuseHttp(line);
        pending = lengthAtEnd(line);
        throw new Malformed("what came is no message; a message starts with 'Content-Length: N'");
      }
      if (field.group(1).equalsIgnoreCase("content-length")) {
        length = number(field.group(2).strip());
      }
    }
  }

  /** Null at the end of the stream, where a header has not begun. */
  private String line(int most, boolean mayEnd) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    while (true) {
      int next = in.read();
      if (next < 0) {
        if (mayEnd && line.size() == 0) {
          return null;
        }
        throw new EOFException("the stream ended within a header");
      }
      if (next == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(next);
      if (line.size() > most) {
        throw new Malformed("the message's header is longer than 8 KiB");
      }
    }
  }

  /** Skips to a line that ends as a Content-Length; answers the length, or END. */
  private long resynchronise() throws IOException {
    if (pending != UNKNOWN) {
      return pending;
    }
    StringBuilder tail = new StringBuilder(TAIL);
    while (true) {
      int next = in.read();
      if (next < 0) {
        return END;
      }
      if (next != '\n') {
        if (tail.length() == TAIL) {
          tail.delete(0, TAIL / 2);
        }
        tail.append((char) next);
        continue;
      }
      String line = tail.toString().stripTrailing();
      refuseHttp(line);
      long length = lengthAtEnd(line);
      if (length != UNKNOWN) {
        return length;
      }
      tail.setLength(0);
    }
  }

  private static long lengthAtEnd(String line) {
    Matcher length = LENGTH_AT_END.matcher(line);
    return length.find() ? Long.parseLong(length.group(1)) : UNKNOWN;
  }

  private static void refuseHttp(String line) throws Foreign {
    if (HTTP.matcher(line).find()) {
      throw new Foreign("this is a debug adapter, which does not speak HTTP");
    }
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
