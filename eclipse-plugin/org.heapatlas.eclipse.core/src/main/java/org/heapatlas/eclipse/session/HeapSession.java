package org.heapatlas.eclipse.session;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.Status;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Channel;
import org.heapatlas.eclipse.view.Messages;

/**
 * One debug session, as views see it: it lists them, opens them, and hands on their frames. Bulk
 * data never goes through the debug protocol: the first request brings the address of the server's
 * channel, and everything else goes over that. Called from any thread; nothing waits.
 */
public final class HeapSession {
  private static final long PATIENCE_SECONDS = 30;
  private static final String REFUSED =
      "The HeapAtlas server does not let this session in; start the session again.";
  private static final String SILENT =
      "The HeapAtlas server does not answer on its channel; start the session again.";
  private static final String OVER = "This HeapAtlas session has ended; start it again.";

  /** Told on the channel's thread. */
  public interface ConnectionListener {
    /** The server has closed all views; the channel tries again by itself. */
    void lost();

    /** After a loss; views can be opened, by a new way where the old one is closed for good. */
    void regained();
  }

  private final DapTarget target;
  private final Map<String, FrameFeed> feeds = new HashMap<>();

  /** Frames that came ahead of the answer that opens their view. */
  private final Map<String, List<Messages.Pushed>> early = new HashMap<>();

  /** Frames of these are still on their way. */
  private final Set<String> closed = new HashSet<>();

  private final Map<String, String> chosen = new ConcurrentHashMap<>();
  private final List<Runnable> choiceListeners = new CopyOnWriteArrayList<>();
  private final List<ConnectionListener> connectionListeners = new CopyOnWriteArrayList<>();
  private CompletableFuture<Channel> channel;

  /** It had been let in, and was turned away then; the address is asked for anew. */
  private volatile Channel refusing;

  private volatile boolean over;

  HeapSession(DapTarget target) {
    this.target = target;
  }

  public DapTarget target() {
    return target;
  }

  public String name() {
    return target.getName();
  }

  /**
   * What was chosen for parameters, the process above all; every view of the session goes by it.
   */
  public Map<String, String> chosen() {
    return Map.copyOf(chosen);
  }

  public void choose(String parameter, String value) {
    chosen.put(parameter, value);
    choiceListeners.forEach(Runnable::run);
  }

  /**
   * @return to be run to hear no more
   */
  public Runnable onChoice(Runnable listener) {
    choiceListeners.add(listener);
    return () -> choiceListeners.remove(listener);
  }

  /**
   * @return to be run to hear no more
   */
  public Runnable onConnection(ConnectionListener listener) {
    connectionListeners.add(listener);
    return () -> connectionListeners.remove(listener);
  }

  public CompletableFuture<List<Messages.ViewDescription>> views() {
    return request("heapatlas/views", new JsonObject()).thenApply(Messages::views);
  }

  /**
   * All rows of a query, in the format that the file's name ends with; done once it is there, with
   * what reads it.
   */
  public CompletableFuture<List<Messages.RowScript>> exportQuery(String sql, Path file) {
    JsonObject arguments = new JsonObject();
    arguments.addProperty("sql", sql);
    arguments.addProperty("path", file.toAbsolutePath().toString());
    return target.request("heapatlas/exportQuery", arguments).thenApply(Messages::rowScripts);
  }

  /**
   * Opens a view.
   *
   * @param width of what shows it, in pixels; the server sends no more than fits
   * @return the handle, by which it is acted on and closed
   */
  public CompletableFuture<String> open(
      Messages.ViewDescription view, int width, int height, FrameFeed feed) {
    return request("heapatlas/open", openArguments(view, width, height))
        .thenApply(
            body -> {
              Messages.Opened opened = Messages.opened(body);
              begin(opened, feed);
              return opened.handle();
            });
  }

  private synchronized void begin(Messages.Opened opened, FrameFeed feed) {
    feeds.put(opened.handle(), feed);
    feed.open(opened.frame());
    List<Messages.Pushed> ahead = early.remove(opened.handle());
    if (ahead != null) ahead.forEach(feed::push);
  }

  private JsonObject openArguments(Messages.ViewDescription view, int width, int height) {
    JsonObject parameters = new JsonObject();
    for (Messages.Parameter parameter : view.parameters()) {
      String value = chosen.get(parameter.name());
      if (value != null) parameters.addProperty(parameter.name(), value);
    }
    JsonObject viewport = new JsonObject();
    viewport.addProperty("width", width);
    viewport.addProperty("height", height);
    JsonObject arguments = new JsonObject();
    arguments.addProperty("view", view.id());
    arguments.add("parameters", parameters);
    arguments.add("viewport", viewport);
    return arguments;
  }

  /** What was done, in words; may be empty. */
  public CompletableFuture<String> act(String handle, Act act) {
    return request("heapatlas/act", Messages.actArguments(handle, act))
        .thenApply(body -> Messages.acted(body).message());
  }

  public void close(String handle) {
    synchronized (this) {
      feeds.remove(handle);
      early.remove(handle);
      closed.add(handle);
    }
    if (over) return;
    JsonObject arguments = new JsonObject();
    arguments.addProperty("handle", handle);
    // A server that is gone has closed it.
    request("heapatlas/close", arguments).exceptionally(gone -> null);
  }

  void end() {
    over = true;
    CompletableFuture<Channel> connected;
    synchronized (this) {
      feeds.clear();
      early.clear();
      connected = channel;
    }
    if (connected != null) connected.thenAccept(Channel::close);
  }

  private CompletableFuture<JsonElement> request(String name, JsonObject arguments) {
    if (over) return CompletableFuture.failedFuture(new IllegalStateException(OVER));
    return connected()
        .thenCompose(open -> open.request(name, arguments))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(over ? new IllegalStateException(OVER) : failure));
  }

  private synchronized CompletableFuture<Channel> connected() {
    if (channel == null
        || channel.isCompletedExceptionally()
        || (refusing != null && channel.getNow(null) == refusing)) {
      channel = target.ready().thenCompose(ready -> address()).thenCompose(this::connect);
    }
    return channel;
  }

  private record Address(URI url, String token) {}

  /** Only an opened view says it; any will do. */
  private CompletableFuture<Address> address() {
    return target
        .request("heapatlas/views", new JsonObject())
        .thenApply(Messages::views)
        .thenCompose(
            views -> {
              Messages.ViewDescription first =
                  views.stream()
                      .filter(view -> view.widget().equals("keyFigures"))
                      .findFirst()
                      .orElseThrow(
                          () ->
                              new IllegalStateException(
                                  "The HeapAtlas server has no view to begin with; update it."));
              return target.request("heapatlas/open", openArguments(first, 0, 0));
            })
        .thenApply(this::addressOf);
  }

  private Address addressOf(JsonElement answer) {
    JsonObject opened = answer.getAsJsonObject();
    JsonObject closing = new JsonObject();
    closing.add("handle", opened.get("handle"));
    target.request("heapatlas/close", closing);
    if (!(opened.get("channel") instanceof JsonObject said)) {
      throw new IllegalStateException(
          "The HeapAtlas server says no address for its views; update it.");
    }
    return new Address(URI.create(said.get("url").getAsString()), said.get("token").getAsString());
  }

  private CompletableFuture<Channel> connect(Address address) {
    CompletableFuture<Channel> entered = new CompletableFuture<>();
    Channel[] self = new Channel[1];
    self[0] =
        new Channel(
            address.url(),
            address.token(),
            new Channel.Listener() {
              @Override
              public void onState(Channel.State state) {
                changed(state, self[0], entered);
              }

              @Override
              public void onEvent(String event, JsonElement body) {
                if (event.equals("heapatlas/frame")) receive(Messages.pushed(body));
              }

              @Override
              public void onProblem(String sentence) {
                ILog.of(HeapSession.class).log(Status.warning(sentence));
              }
            });
    self[0].connect();
    return entered
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionallyCompose(
            late -> {
              self[0].close();
              return CompletableFuture.failedFuture(
                  late instanceof TimeoutException ? new IllegalStateException(SILENT) : late);
            });
  }

  private void changed(Channel.State state, Channel self, CompletableFuture<Channel> entered) {
    switch (state) {
      case Channel.Connecting connecting -> {
        // Nothing is known yet.
      }
      case Channel.Open open -> {
        if (!entered.complete(self)) connectionListeners.forEach(ConnectionListener::regained);
      }
      case Channel.Lost lost -> {
        if (lost.everOpen()) forgetViews();
      }
      case Channel.Refused refused -> {
        entered.completeExceptionally(new IllegalStateException(REFUSED));
        refusing = self;
        self.close();
        forgetViews();
        // Each view that is open asks for itself; one that is not let in at all is told why.
        if (refused.wasIn()) connectionListeners.forEach(ConnectionListener::regained);
      }
    }
  }

  /** A server's views end with the connection, and the next one's may have the same handles. */
  private void forgetViews() {
    synchronized (this) {
      feeds.clear();
      early.clear();
      closed.clear();
    }
    connectionListeners.forEach(ConnectionListener::lost);
  }

  private synchronized void receive(Messages.Pushed pushed) {
    FrameFeed feed = feeds.get(pushed.handle());
    if (feed != null) feed.push(pushed);
    else if (!over && !closed.contains(pushed.handle()))
      early.computeIfAbsent(pushed.handle(), h -> new ArrayList<>()).add(pushed);
  }
}
