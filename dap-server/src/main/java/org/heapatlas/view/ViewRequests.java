package org.heapatlas.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import org.heapatlas.model.Problem;

/**
 * The requests heapatlas/views, open, act and close, the same for every way that they come in:
 * arguments as JSON, the answer's body as JSON text. Called by the debug adapter and by the
 * gateway's channel.
 */
public final class ViewRequests {
  public static final String VIEWS = "heapatlas/views";
  public static final String OPEN = "heapatlas/open";
  public static final String ACT = "heapatlas/act";
  public static final String CLOSE = "heapatlas/close";
  public static final String FRAME_EVENT = "heapatlas/frame";
  public static final Set<String> ALL = Set.of(VIEWS, OPEN, ACT, CLOSE);

  private final ViewSession views;
  private final ChannelHost host;

  /** {@code host} is null where the requests come over the channel itself. */
  public ViewRequests(ViewSession views, ChannelHost host) {
    this.views = views;
    this.host = host;
  }

  public String answer(String request, JsonNode arguments) {
    return switch (request) {
      case VIEWS -> Json.write(Map.of("views", views.views()));
      case OPEN -> open(arguments);
      case ACT -> act(arguments);
      case CLOSE -> {
        views.close(text(arguments, "handle"));
        yield "{}";
      }
      default -> throw Problem.usedWrongly("there is no request '%s'".formatted(request));
    };
  }

  private String open(JsonNode arguments) {
    JsonNode viewport = arguments.path("viewport");
    ViewDefinition.Viewport size =
        new ViewDefinition.Viewport(
            viewport.path("width").asInt(ViewDefinition.Viewport.DEFAULT.width()),
            viewport.path("height").asInt(ViewDefinition.Viewport.DEFAULT.height()));
    ViewSession.Opened opened =
        views.open(
            text(arguments, "view"),
            new ViewDefinition.Options(Json.texts(arguments.path("parameters")), size));
    StringBuilder answer = new StringBuilder("{\"handle\":").append(Json.write(opened.handle()));
    if (opened.frame() != null) {
      answer.append(",\"frame\":").append(opened.frame());
    }
    if (host != null) {
      answer.append(",\"channel\":").append(Json.write(host.host(views)));
    }
    return answer.append('}').toString();
  }

  private String act(JsonNode arguments) {
    JsonNode target = arguments.path("target");
    Map<String, String> details = Json.texts(arguments.path("arguments"));
    if (target.isObject()) {
      details.putAll(Json.texts(target));
    }
    OpenView.Act act = new OpenView.Act(text(arguments, "action"), target.asText(""), details);
    return Json.write(Map.of("message", views.act(text(arguments, "handle"), act)));
  }

  private static String text(JsonNode arguments, String name) {
    JsonNode value = arguments.path(name);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw Problem.usedWrongly("the argument '%s' is missing".formatted(name));
    }
    return value.asText();
  }
}
