package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However a stream is cut into pieces, the messages that went in come out. */
class MessageReaderPropertyTest {
  /** Hands out at most so many bytes at a time, as a network does. */
  private static InputStream inPieces(byte[] bytes, int most) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, most));
      }
    };
  }

  @Property
  void messagesComeOutAsTheyWentIn(
      @ForAll @Size(max = 20) List<String> texts, @ForAll @IntRange(min = 1, max = 100) int piece)
      throws IOException {
    // What is no text, half a surrogate pair, is replaced on the way out of Java.
    List<String> bodies =
        texts.stream()
            .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
            .toList();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (String body : bodies) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      stream.writeBytes(
          "Content-Length: %d\r\n\r\n".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
      stream.writeBytes(bytes);
    }
    MessageReader reader = new MessageReader(inPieces(stream.toByteArray(), piece));
    List<String> read = new ArrayList<>();
    for (String body = reader.next(); body != null; body = reader.next()) {
      read.add(body);
    }
    assertThat(read).isEqualTo(bodies);
  }
}
