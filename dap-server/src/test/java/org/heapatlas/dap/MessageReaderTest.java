package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
  private static MessageReader reader(String text) {
    return new MessageReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void messagesFollowEachOtherAndLengthsCountBytes() throws IOException {
    MessageReader reader =
        reader("Content-Length: 4\r\n\r\n\"ä\"content-length:2\r\nX: y\r\n\r\n{}");
    assertThat(reader.next()).isEqualTo("\"ä\"");
    assertThat(reader.next()).isEqualTo("{}");
    assertThat(reader.next()).isNull();
  }

  @Test
  void aLengthOfAHundredMegabytesIsRefusedBeforeAnythingIsTaken() {
    assertThatThrownBy(reader("Content-Length: 100000000\r\n\r\n")::next)
        .isInstanceOf(MessageReader.Malformed.class)
        .hasMessageContaining("64 MiB");
  }

  @Test
  void aHeaderWithoutEndIsRefused() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }
        };
    assertThatThrownBy(new MessageReader(endless)::next)
        .isInstanceOf(MessageReader.Malformed.class)
        .hasMessageContaining("8 KiB");
  }

  @Test
  void lengthsThatAreNoNumbersAreRefused() {
    for (String length : new String[] {"", "-1", "0x10", "1e3", "99999999999999999999", "４"}) {
      assertThatThrownBy(reader("Content-Length: " + length + "\r\n\r\n{}")::next)
          .as(length)
          .isInstanceOf(MessageReader.Malformed.class);
    }
    assertThatThrownBy(reader("Content-Type: x\r\n\r\n{}")::next)
        .isInstanceOf(MessageReader.Malformed.class);
  }

  @Test
  void aStreamThatEndsWithinAMessageIsCutOff() {
    assertThatThrownBy(reader("Content-Length: 10\r\n\r\n{}")::next)
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(reader("Content-Len")::next).isInstanceOf(EOFException.class);
  }

  @Test
  void anyBytesGiveMessagesOrAnEnd() {
    Random random = new Random(1);
    String[] parts = {
      "Content-Length: ", "3", "\r\n", "\n", "{}", "\0", "99", ":", "ÿ", "Content-Length:7\r\n\r\n"
    };
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      MessageReader reader = reader(text.toString());
      try {
        while (reader.next() != null) {
          assertThat(text).isNotEmpty();
        }
      } catch (IOException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }
}
