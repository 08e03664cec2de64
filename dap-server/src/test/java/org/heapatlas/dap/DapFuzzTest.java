package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.heapatlas.model.Problem;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;
import org.heapatlas.view.ChannelHost;

/**
 * Bytes of any kind as a client's whole conversation. Each test runs over its seeds as a part of
 * the suite, and searches on with JAZZER_FUZZ=1. Must hold: the connection ends by itself, every
 * answer is JSON, and none says that the server itself failed.
 */
class DapFuzzTest {
  private static final String[] COMMANDS = {
    "initialize",
    "attach",
    "launch",
    "threads",
    "pause",
    "continue",
    "stackTrace",
    "scopes",
    "variables",
    "readMemory",
    "modules",
    "loadedSources",
    "evaluate",
    "completions",
    "cancel",
    "setBreakpoints",
    "setDataBreakpoints",
    "setExceptionBreakpoints",
    "heapatlas/views",
    "heapatlas/open",
    "heapatlas/act",
    "heapatlas/close",
    "next",
    "terminate"
  };
  private static final String[] NAMES = {
    "pid",
    "nodes",
    "tls",
    "program",
    "args",
    "cwd",
    "env",
    "mode",
    "console",
    "threadId",
    "startFrame",
    "levels",
    "frameId",
    "variablesReference",
    "memoryReference",
    "offset",
    "count",
    "expression",
    "text",
    "column",
    "breakpoints",
    "filters",
    "view",
    "handle",
    "action",
    "target",
    "arguments",
    "viewport",
    "parameters"
  };
  private static final String[] VALUES = {
    "4711",
    "-1",
    "0",
    "2147483647",
    "9e99",
    "true",
    "null",
    "[]",
    "{}",
    "[\"a\",1]",
    "\"\"",
    "\"0x7f0000001000\"",
    "\"0x1@7\"",
    "\"@\"",
    "\"\\u0000\"",
    "\"find 0x1\"",
    "\"top -1\"",
    "\"mode\"",
    "\"memory.map\"",
    "\"memory.sites\"",
    "\"view-1\"",
    "\"drill\"",
    "\"sort\"",
    "{\"line\":1}",
    "[{}]"
  };

  /** A node on which nothing can be started. */
  private record FakeNode(HeapSource source) implements Node {
    @Override
    public Command command(Launch launch) {
      throw Problem.failed("this node starts nothing");
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private static final class FakeNodes implements Nodes {
    @Override
    public Node local() {
      return new FakeNode(new FakeHeap());
    }

    @Override
    public Node remote(List<String> addresses, Path certificates) {
      throw Problem.failed("there is no other node");
    }
  }

  @FuzzTest(maxDuration = "10m")
  void anyBytesAreAConversationThatEnds(byte[] bytes) throws IOException {
    converse(bytes);
  }

  @FuzzTest(maxDuration = "10m")
  void anyArgumentsAreAnsweredOrRefused(FuzzedDataProvider data) throws IOException {
    StringBuilder all = new StringBuilder(message(1, "initialize", "{\"adapterID\":\"x\"}"));
    all.append(message(2, "attach", "{\"pid\":4711}"));
    for (int seq = 3; seq < 12 && data.remainingBytes() > 0; seq++) {
      StringBuilder arguments = new StringBuilder("{");
      for (int i = data.consumeInt(0, 4); i > 0; i--) {
        arguments
            .append(arguments.length() == 1 ? "\"" : ",\"")
            .append(data.pickValue(NAMES))
            .append("\":")
            .append(data.consumeInt(0, 9) == 0 ? text(data) : data.pickValue(VALUES));
      }
      all.append(message(seq, data.pickValue(COMMANDS), arguments.append('}').toString()));
    }
    converse(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String text(FuzzedDataProvider data) {
    return new JsonPrimitive(data.consumeString(20)).toString();
  }

  private static String message(int seq, String command, String arguments) {
    String body =
        "{\"seq\":%d,\"type\":\"request\",\"command\":\"%s\",\"arguments\":%s}"
            .formatted(seq, command, arguments);
    return "Content-Length: %d\r\n\r\n%s"
        .formatted(body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  private static void converse(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ChannelHost channel = views -> new ChannelHost.Address("ws://127.0.0.1:1/channel", "secret");
    new DapConnection(new ByteArrayInputStream(bytes), out, new FakeNodes(), () -> channel).run();
    byte[] said;
    synchronized (out) {
      said = out.toByteArray();
    }
    MessageReader answers = new MessageReader(new ByteArrayInputStream(said));
    try {
      for (String body = answers.next(); body != null; body = answers.next()) {
        JsonObject answer = JsonParser.parseString(body).getAsJsonObject();
        JsonElement sentence = answer.get("message");
        assertThat(sentence == null ? "" : sentence.getAsString())
            .doesNotContain("the server failed");
      }
    } catch (EOFException answerUnderWay) {
      // A request that was still being answered when the conversation ended.
    }
  }
}
