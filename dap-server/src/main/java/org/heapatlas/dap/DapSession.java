package org.heapatlas.dap;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.heapatlas.dap.replay.BreakpointTable;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.model.Problem;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;
import org.heapatlas.view.ChannelHost;
import org.heapatlas.view.ViewRequests;
import org.heapatlas.view.ViewSession;

/**
 * What the handlers of one client share: the client, its debuggee once there is one, and its views.
 * Called from the handlers' threads; closed once by the connection. The node and the gateway are
 * made when first asked for.
 */
public final class DapSession implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");
  private static final int LARGEST_FRAME = 64 << 10;
  private static final long PATIENCE_SECONDS = 60;

  private final Client client;
  private final Nodes nodes;
  private final Work work;
  private final AtomicReference<CompletableFuture<Debuggee>> debuggee = new AtomicReference<>();
  private final AtomicBoolean starting = new AtomicBoolean();
  private final References references = new References();
  private final ThreadIds threadIds = new ThreadIds();
  private final BreakpointTable breakpoints = new BreakpointTable();
  private final CompletableFuture<Void> configured = new CompletableFuture<>();
  private final LazyViews views;
  private volatile InitializeRequestArguments abilities = new InitializeRequestArguments();
  private volatile boolean introduced;
  private volatile boolean announce;
  private volatile boolean finished;

  DapSession(Client client, Nodes nodes, Supplier<ChannelHost> channels, Work work) {
    this.client = client;
    this.nodes = nodes;
    this.work = work;
    this.views = new LazyViews(channels);
  }

  public Client client() {
    return client;
  }

  public Work work() {
    return work;
  }

  public References references() {
    return references;
  }

  public ThreadIds threadIds() {
    return threadIds;
  }

  public InitializeRequestArguments abilities() {
    return abilities;
  }

  /** What the client has set so far, perhaps before there is anything that could stop at it. */
  public BreakpointTable breakpoints() {
    return breakpoints;
  }

  /** The client has set its breakpoints. */
  public void configured() {
    configured.complete(null);
  }

  /** At once, or as soon as the client has set its breakpoints. */
  public void whenConfigured(Runnable step) {
    var _ = configured.thenRun(step);
  }

  public boolean showsProgress() {
    return Boolean.TRUE.equals(abilities.getSupportsProgressReporting());
  }

  /** The client has introduced itself; once it has our answer, it hears that it may configure. */
  public void introduce(InitializeRequestArguments its) {
    if (introduced) {
      throw Problem.usedWrongly("this session is initialized already; 'initialize' is sent once");
    }
    abilities = its;
    introduced = true;
    announce = true;
  }

  boolean introduced() {
    return introduced;
  }

  /** Where programs run and collectors are. */
  public Nodes nodes() {
    return nodes;
  }

  void afterAnswer() {
    if (announce) {
      announce = false;
      client.initialized();
    }
  }

  /**
   * Called on the reading thread, so that every later request knows that it must wait for the
   * start.
   */
  void debuggeeIsComing() {
    debuggee.compareAndSet(null, new CompletableFuture<>());
  }

  /** Connects to the node, which may start its collector, and keeps what the start makes of it. */
  public void start(Supplier<Node> connect, Function<Node, Debuggee> start) {
    CompletableFuture<Debuggee> coming = claimStart();
    try {
      Node node = connect.get();
      try {
        coming.complete(start.apply(node));
      } catch (RuntimeException e) {
        node.close();
        throw e;
      }
    } catch (RuntimeException e) {
      starting.set(false);
      debuggeeDoesNotCome(e);
      throw e;
    }
  }

  /** One start at a time, and none after one that succeeded. */
  private synchronized CompletableFuture<Debuggee> claimStart() {
    if (!starting.compareAndSet(false, true)) {
      throw Problem.usedWrongly(
          "this session has a program already; start another session for another program");
    }
    debuggeeIsComing();
    return debuggee.get();
  }

  /** The request that was to bring it has failed, perhaps before it began. */
  synchronized void debuggeeDoesNotCome(RuntimeException why) {
    CompletableFuture<Debuggee> coming = debuggee.get();
    if (!starting.get() && coming != null) {
      debuggee.set(null);
      coming.completeExceptionally(why);
    }
  }

  /** What is debugged; waits while it is being started. */
  public Debuggee debuggee() {
    CompletableFuture<Debuggee> coming = debuggee.get();
    if (coming == null) {
      throw Problem.usedWrongly("no program is being watched; send 'launch' or 'attach' first");
    }
    try {
      return coming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      throw e.getCause() instanceof Problem problem
          ? problem
          : new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new Problem(Problem.Kind.FAILED, "the program has not been started yet; try again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "the request was cancelled", e);
    }
  }

  public boolean hasDebuggee() {
    CompletableFuture<Debuggee> coming = debuggee.get();
    return coming != null && coming.isDone() && !coming.isCompletedExceptionally();
  }

  /** The recording that is debugged, or nothing. */
  public Optional<Replay> replay() {
    return hasDebuggee() ? debuggee().replay() : Optional.empty();
  }

  /** Waits while the debuggee is being started. */
  public Replay replayOrRefuse(String request) {
    Optional<Replay> replay = debuggee.get() == null ? Optional.empty() : debuggee().replay();
    return replay.orElseThrow(
        () ->
            Problem.usedWrongly(
                "HeapAtlas watches a running program and does not step it; '%s' is for a recording, by 'launch' with \"recording\""
                    .formatted(request)));
  }

  public ViewRequests views() {
    return views.get();
  }

  /** The connection ends once the current request has been answered. */
  public void finish() {
    finished = true;
  }

  public boolean finished() {
    return finished;
  }

  /** The open views look again at once. */
  public void viewsChanged() {
    views.changed();
  }

  @Override
  public void close() {
    finished = true;
    work.cancelAll();
    views.close();
    CompletableFuture<Debuggee> coming = debuggee.get();
    if (coming != null) {
      try {
        coming.thenAccept(Debuggee::close).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.log(System.Logger.Level.DEBUG, "the program could not be started, or not yet", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The views of this client; they and the channel are made at the first view request. */
  private final class LazyViews implements ChannelHost {
    private final Supplier<ChannelHost> channels;
    private ViewSession session;
    private ViewRequests requests;
    private ChannelHost host;

    LazyViews(Supplier<ChannelHost> channels) {
      this.channels = channels;
    }

    synchronized ViewRequests get() {
      if (requests == null) {
        session = new ViewSession(() -> debuggee().session(), client::frame, LARGEST_FRAME);
        requests = new ViewRequests(session, this);
      }
      return requests;
    }

    synchronized void changed() {
      if (session != null) {
        session.changed();
      }
    }

    @Override
    public synchronized Address host(ViewSession views) {
      host = channels.get();
      return host.host(views);
    }

    @Override
    public synchronized void leave(ViewSession views) {
      if (host != null) {
        host.leave(views);
      }
    }

    synchronized void close() {
      if (session != null) {
        leave(session);
        session.close();
      }
    }
  }
}
