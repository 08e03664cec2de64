package org.heapatlas.dap;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes of any kind in place of messages. */
class DapBytesFuzzTest {
  /** What a client says, whole and broken in the ways that are known. */
  static Stream<byte[]> conversations() {
    String start =
        Conversation.message(1, "initialize", "{\"adapterID\":\"x\"}")
            + Conversation.message(2, "attach", "{\"pid\":4711}");
    String threads = Conversation.message(3, "threads", "{}");
    return Stream.of(
            start + threads + Conversation.message(4, "disconnect", "{}"),
            start + "Content-Length: 5\r\n\r\n{\"a\":" + threads,
            start + "Content-Length: 100000000\r\n\r\n" + threads,
            start + threads.replace("Content-Length: ", "Content-Length: 1"),
            start + "Content-Length: 2\r\nContent-Type: x\r\n\r\n{}" + threads,
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n" + start)
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("conversations")
  @DictionaryEntries({
    "Content-Length: ",
    "\\x0d\\x0a\\x0d\\x0a",
    "\\x22seq\\x22:",
    "\\x22type\\x22:\\x22request\\x22",
    "\\x22command\\x22:"
  })
  @FuzzTest
  void anyBytesAreAConversationThatEnds(byte[] bytes) throws IOException {
    Conversation.hold(bytes);
  }
}
