package org.heapatlas.eclipse.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The channel to the server: one WebSocket, requests with answers, pushed frames. Every request is
 * answered or failed; after a loss it reconnects with growing pauses, and says each change of
 * state.
 *
 * <p>Threads: all state belongs to the channel's own thread, on which the listener is called too;
 * the methods may be called from any thread and block on nothing. {@link #close} ends the thread.
 */
public final class Channel implements AutoCloseable {
  public sealed interface State permits Connecting, Open, Lost, Refused {}

  public record Connecting() implements State {}

  public record Open() implements State {}

  public record Lost(Instant retryAt, boolean everOpen) implements State {}

  /**
   * The server does not take the token; nothing is tried again.
   *
   * @param wasIn it had taken it, and answered
   */
  public record Refused(boolean wasIn) implements State {}

  /** Called on the channel's thread. */
  public interface Listener {
    void onState(State state);

    void onEvent(String event, JsonElement body);

    /** The server sent what the contract does not know. */
    void onProblem(String sentence);
  }

  /** The pause after the first failure, and the longest. */
  public record Pauses(Duration first, Duration longest) {
    public static final Pauses USUAL = new Pauses(Duration.ofMillis(500), Duration.ofSeconds(10));

    Duration after(int failures) {
      var pause = first.multipliedBy(1L << Math.min(failures, 20));
      return pause.compareTo(longest) < 0 ? pause : longest;
    }
  }

  /** The request was not answered, or was answered with a sentence that says why not. */
  public static final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RequestException(String sentence) {
      super(sentence);
    }
  }

  /**
   * The server refuses a token by closing with this code (policy violation) or its HTTP-like twins.
   */
  private static final Set<Integer> REFUSALS = Set.of(1008, 4401, 4403);

  private static final String REFUSED = "The HeapAtlas server does not let this session in.";
  private static final int ABNORMAL = 1006;

  private final URI url;
  private final String token;
  private final Listener listener;
  private final Pauses pauses;
  private final HttpClient http;
  private final ScheduledExecutorService thread;
  private final Map<Long, CompletableFuture<JsonElement>> waiting = new HashMap<>();
  private WebSocket socket;
  private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
  private ScheduledFuture<?> pause;
  private long nextId = 1;
  private int failures;
  private boolean everOpen;
  private boolean everHeard;
  private boolean left;

  public Channel(URI url, String token, Listener listener) {
    this(url, token, listener, Pauses.USUAL);
  }

  public Channel(URI url, String token, Listener listener, Pauses pauses) {
    this.url = url;
    this.token = token;
    this.listener = listener;
    this.pauses = pauses;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("HeapAtlas channel").daemon().factory());
    this.http = HttpClient.newBuilder().executor(thread).build();
  }

  public void connect() {
    onThread(this::open);
  }

  /** Fails with a {@link RequestException} that says in one sentence why there is no answer. */
  public CompletableFuture<JsonElement> request(String request, JsonObject arguments) {
    var answer = new CompletableFuture<JsonElement>();
    if (!onThread(() -> ask(request, arguments, answer))) {
      answer.completeExceptionally(new RequestException("The connection to HeapAtlas was closed."));
    }
    return answer;
  }

  /** For good: nothing is tried again, and what waits for an answer fails. */
  @Override
  public void close() {
    onThread(this::leave);
    thread.shutdown();
  }

  private boolean onThread(Runnable task) {
    if (thread.isShutdown()) return false;
    thread.execute(task);
    return true;
  }

  private void open() {
    if (left) return;
    pause = null;
    listener.onState(new Connecting());
    http.newWebSocketBuilder()
        .buildAsync(url, new Socket())
        .whenCompleteAsync(
            (opened, failure) -> {
              if (failure != null) closed(ABNORMAL);
            },
            thread);
  }

  private void opened(WebSocket opened) {
    socket = opened;
    everOpen = true;
    var hello = new JsonObject();
    hello.addProperty("token", token);
    send(hello);
    listener.onState(new Open());
  }

  private void ask(String request, JsonObject arguments, CompletableFuture<JsonElement> answer) {
    if (socket == null) {
      answer.completeExceptionally(
          new RequestException("There is no connection to HeapAtlas at the moment."));
      return;
    }
    long id = nextId++;
    waiting.put(id, answer);
    var message = new JsonObject();
    message.addProperty("id", id);
    message.addProperty("request", request);
    message.add("arguments", arguments);
    send(message);
  }

  /** A WebSocket takes one message at a time. */
  private void send(JsonObject message) {
    var to = socket;
    sent =
        sent.handle((done, failed) -> null)
            .thenCompose(done -> to.sendText(message.toString(), true));
  }

  private void received(String text) {
    try {
      var message = Messages.read(text);
      // A connection is good when something came over it; only then does the next pause start small
      // again.
      failures = 0;
      everHeard = true;
      switch (message) {
        case Messages.Event(var event, var body) -> listener.onEvent(event, body);
        case Messages.Answer(var id, var body) -> {
          var asked = waiting.remove(id);
          if (asked != null) asked.complete(body);
        }
        case Messages.Failure(var id, var sentence) -> {
          var asked = waiting.remove(id);
          if (asked == null) listener.onProblem(sentence);
          else asked.completeExceptionally(new RequestException(sentence));
        }
      }
    } catch (ContractException malformed) {
      listener.onProblem(malformed.getMessage());
    }
  }

  private void closed(int code) {
    // The client's own answer to a close comes by this thread, which may be over before that.
    if (socket != null) socket.abort();
    socket = null;
    boolean refused = REFUSALS.contains(code);
    failAll(refused ? REFUSED : "The connection to HeapAtlas was lost.");
    if (left) return;
    if (refused) {
      listener.onState(new Refused(everHeard));
      return;
    }
    var length = pauses.after(failures++);
    listener.onState(new Lost(Instant.now().plus(length), everOpen));
    pause = thread.schedule(this::open, length.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void leave() {
    left = true;
    if (pause != null) pause.cancel(false);
    if (socket != null) socket.abort();
    socket = null;
    failAll("The connection to HeapAtlas was closed.");
  }

  private void failAll(String sentence) {
    var failed = Map.copyOf(waiting);
    waiting.clear();
    failed.values().forEach(answer -> answer.completeExceptionally(new RequestException(sentence)));
  }

  /** Hands what comes to the channel's thread, on which the HTTP client calls it anyway. */
  private final class Socket implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void onOpen(WebSocket opened) {
      onThread(() -> opened(opened));
      opened.request(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        var whole = text.toString();
        text.setLength(0);
        onThread(() -> received(whole));
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, java.nio.ByteBuffer part, boolean last) {
      onThread(
          () ->
              listener.onProblem("The server sent a binary message, which nobody here can read."));
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      onThread(() -> closed(code));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      onThread(() -> closed(ABNORMAL));
    }
  }
}
