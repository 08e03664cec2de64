package org.heapatlas.eclipse.tests.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.heapatlas.eclipse.view.Channel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channel over a real socket. */
class ChannelTest {
  private static final int PATIENCE_SECONDS = 20;
  private static final Channel.Pauses SHORT =
      new Channel.Pauses(Duration.ofMillis(5), Duration.ofMillis(40));

  private final BlockingQueue<Channel.State> states = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private TinyServer server;
  private Channel channel;

  @BeforeEach
  void connect() throws Exception {
    server = new TinyServer();
    channel = new Channel(server.url(), "the-token", new Listener(), SHORT);
    channel.connect();
    assertEquals("{\"token\":\"the-token\"}", server.next());
    assertInstanceOf(Channel.Connecting.class, next(states));
    assertInstanceOf(Channel.Open.class, next(states));
  }

  @AfterEach
  void leave() {
    channel.close();
    server.close();
  }

  private final class Listener implements Channel.Listener {
    @Override
    public void onState(Channel.State state) {
      states.add(state);
    }

    @Override
    public void onEvent(String event, JsonElement body) {
      said.add(event + " " + body);
    }

    @Override
    public void onProblem(String sentence) {
      said.add(sentence);
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    var next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "nothing came");
    return next;
  }

  private static String failureOf(CompletableFuture<JsonElement> answer) {
    var thrown =
        assertThrows(
            ExecutionException.class, () -> answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    return thrown.getCause().getMessage();
  }

  private CompletableFuture<JsonElement> ask() {
    return channel.request("heapatlas/views", new JsonObject());
  }

  /** The id of a request that came. */
  private long arrived() throws InterruptedException {
    return JsonParser.parseString(server.next()).getAsJsonObject().get("id").getAsLong();
  }

  @Test
  void aRequestIsAnsweredOrRefusedByItsNumber() throws Exception {
    var first = ask();
    var second = ask();
    long one = arrived();
    long other = arrived();
    server.send("{\"id\": %d, \"error\": {\"message\": \"No such view.\"}}".formatted(other));
    server.send("{\"id\": %d, \"body\": {\"views\": []}}".formatted(one));
    assertEquals("{\"views\":[]}", first.get(PATIENCE_SECONDS, TimeUnit.SECONDS).toString());
    assertEquals("No such view.", failureOf(second));
  }

  @Test
  void eventsComeInOrderAndNonsenseIsSaid() throws Exception {
    server.send("{\"event\": \"heapatlas/frame\", \"body\": {\"a\": 1}}");
    server.send("[]");
    server.send("{\"event\": \"heapatlas/frame\", \"body\": {\"a\": 2}}");
    assertEquals("heapatlas/frame {\"a\":1}", next(said));
    assertTrue(next(said).contains("'message'"));
    assertEquals("heapatlas/frame {\"a\":2}", next(said));
  }

  @Test
  void afterALossWhatWaitsFailsAndTheChannelComesAgainWithItsToken() throws Exception {
    var lost = ask();
    arrived();
    server.drop();
    assertEquals("The connection to HeapAtlas was lost.", failureOf(lost));
    assertTrue(assertInstanceOf(Channel.Lost.class, next(states)).everOpen());
    assertInstanceOf(Channel.Connecting.class, next(states));
    assertEquals("{\"token\":\"the-token\"}", server.next());
    assertInstanceOf(Channel.Open.class, next(states));
  }

  @Test
  void aRefusedTokenIsNotTriedAgain() throws Exception {
    server.refuse(1008);
    assertEquals(new Channel.Refused(false), next(states));
    assertEquals("There is no connection to HeapAtlas at the moment.", failureOf(ask()));
  }

  @Test
  void aServerThatIsGoneIsTriedAgainAndAgain() throws IOException, InterruptedException {
    server.close();
    for (int tries = 0; tries < 3; tries++) {
      assertInstanceOf(Channel.Lost.class, next(states));
      assertInstanceOf(Channel.Connecting.class, next(states));
    }
  }

  @Test
  void whatIsAskedOfAClosedChannelFails() {
    channel.close();
    assertEquals("The connection to HeapAtlas was closed.", failureOf(ask()));
  }
}
