package org.heapatlas.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import io.javalin.websocket.WsMessageContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.heapatlas.model.Problem;
import org.heapatlas.view.FrameEvent;
import org.heapatlas.view.Json;
import org.heapatlas.view.ViewRequests;

/**
 * The WebSocket /channel. The token comes as the sub-protocol or as the first message {"token"};
 * until then nothing is answered. Then {"id", "request", "arguments"} is answered with {"id",
 * "body"} or {"id", "error"}, and frames come as {"event", "body"}. Each message of a connection is
 * handled before the next one is read.
 */
final class ChannelSocket {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.gateway");
  private static final int REFUSED = 1008;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Access access;
  private final Map<String, Access.Entrance> entered = new ConcurrentHashMap<>();

  ChannelSocket(Access access) {
    this.access = access;
  }

  void configure(WsConfig socket) {
    socket.onConnect(
        context -> {
          context.session.setIdleTimeout(PATIENCE);
          context.enableAutomaticPings();
          String protocol = context.header("Sec-WebSocket-Protocol");
          if (protocol != null) {
            enter(context, protocol.split(",", 2)[0].strip());
          }
        });
    socket.onMessage(this::message);
    socket.onClose(context -> leave(context));
    socket.onError(
        context -> LOG.log(System.Logger.Level.DEBUG, "a channel failed", context.error()));
  }

  private void enter(WsContext context, String token) {
    Optional<Function<Access.Channel, Access.Entrance>> entrance = access.entrance(token);
    if (entrance.isEmpty()) {
      context.closeSession(REFUSED, "The token is wrong; open the address that HeapAtlas printed.");
      return;
    }
    entered.put(context.sessionId(), entrance.get().apply(event -> send(context, frame(event))));
  }

  private void leave(WsContext context) {
    Access.Entrance entrance = entered.remove(context.sessionId());
    if (entrance != null) {
      entrance.leave().run();
    }
  }

  private void message(WsMessageContext context) {
    Access.Entrance entrance = entered.get(context.sessionId());
    String id = "null";
    try {
      JsonNode message = Json.read(context.message());
      id = Json.write(message.path("id").isMissingNode() ? null : message.path("id"));
      if (entrance == null) {
        enter(context, message.path("token").asText(""));
        return;
      }
      if (message.hasNonNull("token")) {
        return;
      }
      String body =
          entrance.requests().answer(message.path("request").asText(""), message.path("arguments"));
      send(context, "{\"id\":" + id + ",\"body\":" + body + "}");
    } catch (Problem problem) {
      answerError(context, entrance, id, problem.getMessage());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a request over the channel failed", e);
      answerError(context, entrance, id, "the server failed at this request; its log says how");
    }
  }

  private static void answerError(
      WsContext context, Access.Entrance entrance, String id, String sentence) {
    if (entrance == null) {
      context.closeSession(REFUSED, "The first message must be the token.");
    } else {
      send(context, "{\"id\":%s,\"error\":%s}".formatted(id, Json.write(sentence)));
    }
  }

  private static String frame(FrameEvent event) {
    return "{\"event\":\"" + ViewRequests.FRAME_EVENT + "\",\"body\":" + event.json() + "}";
  }

  /**
   * One at a time: the answers come from the socket's thread, the frames from the views'. A page
   * may close at any moment, also in the middle of a message; its close is heard by itself.
   */
  private static void send(WsContext context, String text) {
    synchronized (context.session) {
      if (!context.session.isOpen()) {
        return;
      }
      try {
        context.send(text);
      } catch (Exception e) {
        LOG.log(System.Logger.Level.DEBUG, "a page is gone", e);
      }
    }
  }
}
