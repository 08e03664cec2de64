package org.heapatlas.dap;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A client and a recording of which every event is known: the main thread allocates block after
 * block in function0 to function9, over and over, and a worker releases every second one.
 */
abstract class ReplayConversation {
  static final int MAIN = 4711;
  static final int WORKER = 4712;
  static final long BLOCK = FakeHeap.BASE;
  static final int ROUNDS = 100;

  final FakeHeap heap = new FakeHeap();
  ServedAdapter adapter;
  TestClient client;

  final class FakeNodes implements Nodes {
    @Override
    public Node local() {
      throw Problem.failed("nothing runs here");
    }

    @Override
    public Node remote(List<String> addresses, Path certificates) {
      throw Problem.failed("there is no other node");
    }

    @Override
    public Node replay(Path recording) {
      if (!recording.equals(Path.of("/recording"))) {
        throw Problem.usedWrongly("'%s' is no recording".formatted(recording));
      }
      heap.appear(WatchedProcess.State.REPLAYED);
      return new FakeNode(heap);
    }
  }

  /** Round i: events 3i and 3i + 1 allocate in function(i mod 10), 3i + 2 releases the second. */
  @BeforeEach
  void record() {
    for (int i = 0; i < ROUNDS; i++) {
      long address = BLOCK + i * FakeHeap.PAGE;
      heap.past.add(HeapEvent.Kind.ALLOCATE, address, 64, MAIN, i % 10 + 1);
      heap.past.add(HeapEvent.Kind.ALLOCATE, address + 256, i + 1, MAIN, i % 10 + 1);
      heap.past.add(HeapEvent.Kind.RELEASE, address + 256, i + 1, WORKER, 20);
    }
  }

  @BeforeEach
  void connect() throws IOException {
    adapter = new ServedAdapter(new FakeNodes());
    client = adapter.client();
    client.body("initialize", "{\"adapterID\":\"test\",\"supportsProgressReporting\":true}");
    client.event("initialized");
  }

  @AfterEach
  void disconnect() throws Exception {
    adapter.close();
  }

  /** Opens the recording, and answers where it stops first. */
  JsonObject launched(String more) throws IOException {
    client.body("launch", "{\"recording\":\"/recording\"%s}".formatted(more));
    client.body("configurationDone", "{}");
    return stopped();
  }

  JsonObject stopped() throws IOException {
    return client.event("stopped").getAsJsonObject("body");
  }

  JsonObject moved(String request, int thread) throws IOException {
    client.body(request, "{\"threadId\":%d}".formatted(thread));
    return stopped();
  }

  long position() throws IOException {
    String said =
        client.body("evaluate", "{\"expression\":\"position\"}").get("result").getAsString();
    return Long.parseLong(said.substring("event ".length(), said.indexOf(" of")));
  }

  int thread(String name) throws IOException {
    for (JsonElement each : client.body("threads", "{}").getAsJsonArray("threads")) {
      if (each.getAsJsonObject().get("name").getAsString().contains("· " + name + " (")) {
        return each.getAsJsonObject().get("id").getAsInt();
      }
    }
    throw new IOException("there is no thread " + name);
  }
}
