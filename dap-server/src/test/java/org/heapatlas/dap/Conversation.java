package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;
import org.heapatlas.view.ChannelHost;

/**
 * A client's whole conversation with the adapter over a heap that is known, for the fuzzers. Must
 * hold: the connection ends by itself, every answer is JSON, and none says that the server itself
 * failed.
 */
final class Conversation {
  private Conversation() {}

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

    @Override
    public Node replay(Path recording) {
      FakeHeap heap = new FakeHeap();
      heap.past.add(HeapEvent.Kind.ALLOCATE, FakeHeap.BASE, 64, 4711, 1);
      heap.appear(WatchedProcess.State.REPLAYED);
      return new FakeNode(heap);
    }
  }

  static String message(int seq, String command, String arguments) {
    String body =
        "{\"seq\":%d,\"type\":\"request\",\"command\":\"%s\",\"arguments\":%s}"
            .formatted(seq, command, arguments);
    return "Content-Length: %d\r\n\r\n%s"
        .formatted(body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  static void hold(byte[] bytes) throws IOException {
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
