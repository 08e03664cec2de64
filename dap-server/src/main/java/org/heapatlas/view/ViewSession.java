package org.heapatlas.view;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;

/**
 * The views that one front end has open. Main entries: views, open, act, close. Called by any
 * thread through {@link ViewRequests}; one thread of its own refreshes the open views, at most ten
 * times a second, and hands a frame on only when something in it changed. A view that was acted on
 * does not wait for its turn: a thread of its own makes that frame. A frame above the limit of the
 * direct way goes over the bulk channel alone, the first one of a view ahead of the answer that
 * opens it.
 */
public final class ViewSession implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.view");

  private final List<ViewDefinition> definitions = Feature.allViews();
  private final Supplier<Session> session;
  private final Consumer<FrameEvent> direct;
  private final int directLimit;
  private final Map<String, OpenHandle> handles = new ConcurrentHashMap<>();
  private final AtomicLong handleNumbers = new AtomicLong();
  private final Refresher refresher = new Refresher(this::refresh);
  private final AtomicReference<HeapSource.Subscription> moves = new AtomicReference<>();
  private volatile Consumer<FrameEvent> bulk;
  private volatile boolean closed;

  /** An opened view's answer; {@code frame} is null when it is too large for the direct way. */
  public record Opened(String handle, String frame) {}

  public ViewSession(Supplier<Session> session, Consumer<FrameEvent> direct, int directLimit) {
    this.session = session;
    this.direct = direct;
    this.directLimit = directLimit;
  }

  public List<ViewDescription> views() {
    Collection<WatchedProcess> processes = processes();
    return definitions.stream().map(definition -> definition.description(processes)).toList();
  }

  /** None before a program is watched: the views can be listed all the same. */
  private Collection<WatchedProcess> processes() {
    try {
      return session.get().choices();
    } catch (Problem nothingWatched) {
      return List.of();
    }
  }

  public Opened open(String view, ViewDefinition.Options options) {
    ViewDefinition definition =
        ViewDefinition.named(view, definitions)
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "there is no view '%s'; the request heapatlas/views lists them"
                            .formatted(view)));
    String name = "view-" + handleNumbers.incrementAndGet();
    OpenHandle handle =
        new OpenHandle(
            name, definition.description(List.of()), definition.open(session.get(), options));
    FrameEvent first = firstOf(handle);
    boolean answered = first.frame().length() <= directLimit;
    if (!answered) {
      send(first, handle);
    }
    handles.put(name, handle);
    if (closed && handles.remove(name) != null) {
      handle.close();
      throw Problem.failed("the session ended while the view opened");
    }
    refresher.start();
    watchMoves(session.get());
    return new Opened(name, answered ? first.frame() : null);
  }

  /** Nobody could close a view that has no answer. */
  private static FrameEvent firstOf(OpenHandle handle) {
    try {
      return handle.next(true);
    } catch (RuntimeException e) {
      handle.close();
      throw e;
    }
  }

  /** A program that is moved in time shows so in every view at once. */
  private void watchMoves(Session watched) {
    HeapSource.Subscription coming = watched.listenToMoves(refresher::wake);
    if (!moves.compareAndSet(null, coming)) {
      coming.close();
    }
  }

  public String act(String handle, OpenView.Act act) {
    OpenHandle open = existing(handle);
    String message = open.act(act);
    if (open.becomesDue()) {
      Thread.ofVirtual().name("view acted on").start(() -> refreshAfterAct(open));
    }
    return message;
  }

  public void close(String handle) {
    existing(handle).close();
    handles.remove(handle);
  }

  /** From now on every frame takes this way; each open view is sent again in full. */
  public void attachBulk(Consumer<FrameEvent> channel) {
    bulk = channel;
    handles.values().forEach(OpenHandle::forget);
    refresher.wake();
  }

  public void detachBulk(Consumer<FrameEvent> channel) {
    if (bulk == channel) {
      bulk = null;
    }
  }

  /** Lets each open view look again at once: the program changed its state. */
  public void changed() {
    refresher.wake();
  }

  private OpenHandle existing(String handle) {
    OpenHandle open = handles.get(handle);
    if (open == null) {
      throw Problem.notFound(
          "no view '%s' is open; the request heapatlas/open opens one".formatted(handle));
    }
    return open;
  }

  /** Answers whether anything changed. */
  private boolean refresh() {
    boolean any = false;
    for (OpenHandle handle : handles.values()) {
      any |= refresh(handle);
    }
    return any;
  }

  /** Frames of one view leave in the order of their numbers, whoever makes them. */
  private boolean refresh(OpenHandle handle) {
    handle.turn().lock();
    try {
      FrameEvent event = handle.next(false);
      if (event == null || !handles.containsKey(event.handle())) {
        return false;
      }
      send(event, handle);
      return true;
    } finally {
      handle.turn().unlock();
    }
  }

  private void refreshAfterAct(OpenHandle handle) {
    handle.isServed();
    try {
      refresh(handle);
    } catch (Exception e) { // also what a sender throws without declaring it
      LOG.log(System.Logger.Level.WARNING, "a view could not be refreshed", e);
    }
  }

  private void send(FrameEvent event, OpenHandle handle) {
    Consumer<FrameEvent> channel = bulk;
    if (channel != null) {
      channel.accept(event);
    } else if (event.frame().length() <= directLimit) {
      direct.accept(event);
    } else {
      handle.forget();
    }
  }

  @Override
  public void close() {
    closed = true;
    refresher.close();
    handles.values().forEach(OpenHandle::close);
    handles.clear();
    HeapSource.Subscription watched = moves.getAndSet(null);
    if (watched != null) {
      watched.close();
    }
  }
}
