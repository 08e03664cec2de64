package org.heapatlas.gateway;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.heapatlas.session.Session;
import org.heapatlas.view.ChannelHost;
import org.heapatlas.view.FrameEvent;
import org.heapatlas.view.ViewRequests;
import org.heapatlas.view.ViewSession;

/**
 * The HTTP server of one HeapAtlas server: the page, and the WebSocket /channel. Main entries:
 * start, page, host. Called by the command line and, through {@link ChannelHost}, by the adapter.
 * Listens on the loopback, on a port that the system chooses.
 */
public final class Gateway implements ChannelHost, AutoCloseable {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws:; "
          + "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final int MOST_THREADS = 16;
  private static final int LARGEST_REQUEST = 1 << 20;

  private final Access access = new Access();
  private final Map<ViewSession, Address> hosted = new ConcurrentHashMap<>();
  private final Javalin server;

  private Gateway(Path web) {
    PageFiles files = new PageFiles(web);
    server =
        Javalin.create(Gateway::configure)
            .before(this::guard)
            .wsBeforeUpgrade(this::guard)
            .get("/", context -> files.send(context, "index.html"))
            .get("/{file}", context -> files.send(context, context.pathParam("file")))
            .ws("/channel", new ChannelSocket(access)::configure);
  }

  public static Gateway start(Path web) {
    Gateway gateway = new Gateway(web);
    gateway.server.start("127.0.0.1", 0);
    return gateway;
  }

  private static void configure(JavalinConfig config) {
    config.showJavalinBanner = false;
    config.startupWatcherEnabled = false;
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
    threads.setDaemon(true);
    threads.setName("gateway");
    config.jetty.threadPool = threads;
    config.jetty.modifyWebSocketServletFactory(
        factory -> {
          factory.setMaxTextMessageSize(LARGEST_REQUEST);
          factory.setMaxBinaryMessageSize(LARGEST_REQUEST);
        });
  }

  private void guard(Context context) {
    context.header("Content-Security-Policy", POLICY);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    context.header("Cache-Control", "no-store");
    if (!Access.ownHost(context.header("Host"), context.header("Origin"), port())) {
      throw new ForbiddenResponse("This address answers only its own page.");
    }
  }

  public int port() {
    return server.port();
  }

  /** The page's address with its token, on which anybody who has it sees this session. */
  public String page(Supplier<Session> session) {
    String token =
        access.grant(
            channel -> {
              ViewSession views = new ViewSession(session, channel::send, Integer.MAX_VALUE);
              return new Access.Entrance(new ViewRequests(views, null), views::close);
            });
    return "http://127.0.0.1:" + port() + "/#token=" + token;
  }

  @Override
  public Address host(ViewSession views) {
    return hosted.computeIfAbsent(views, this::open);
  }

  @Override
  public void leave(ViewSession views) {
    Address address = hosted.remove(views);
    if (address != null) {
      access.revoke(address.token());
    }
  }

  private Address open(ViewSession views) {
    String token =
        access.grant(
            channel -> {
              Consumer<FrameEvent> bulk = channel::send;
              views.attachBulk(bulk);
              return new Access.Entrance(
                  new ViewRequests(views, null), () -> views.detachBulk(bulk));
            });
    return new Address("ws://127.0.0.1:" + port() + "/channel", token);
  }

  @Override
  public void close() {
    server.stop();
  }
}
