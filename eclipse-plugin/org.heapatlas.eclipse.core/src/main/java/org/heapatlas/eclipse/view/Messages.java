package org.heapatlas.eclipse.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * What travels beside the frames: requests' answers and pushed events, read as strictly as frames
 * are.
 */
public final class Messages {
  private Messages() {}

  public record ViewDescription(
      String id,
      String title,
      String feature,
      String widget,
      String description,
      List<Parameter> parameters,
      int findings) {}

  /**
   * @param titles what people call the values, aligned with them; empty where the values speak for
   *     themselves
   */
  public record Parameter(String name, String type, List<String> values, List<String> titles) {}

  /**
   * @param frame null when the frame is large and comes as an event
   */
  public record Opened(String handle, JsonElement frame) {}

  /**
   * @param handle of the view that is to be shown instead; empty: the same
   */
  public record Acted(String message, String handle) {}

  /**
   * The lines of a script that read a file of rows.
   *
   * @param title what the script is for
   */
  public record RowScript(String title, String code) {}

  public record Pushed(String handle, long sequence, boolean full, JsonElement frame) {}

  /** A message from the server: an event with its body, or the answer to a request. */
  sealed interface Received permits Event, Answer, Failure {}

  record Event(String event, JsonElement body) implements Received {}

  record Answer(long id, JsonElement body) implements Received {}

  record Failure(long id, String sentence) implements Received {}

  static Received read(String text) {
    var message = Json.of(Json.parse(text, "message"), "message");
    if (message.has("event")) return new Event(message.string("event"), message.raw("body"));
    long id = (long) message.number("id");
    if (!message.has("error")) return new Answer(id, message.raw("body"));
    var error = message.raw("error");
    return new Failure(
        id,
        error.isJsonObject() ? Json.of(error, "error").string("message") : message.string("error"));
  }

  public static List<ViewDescription> views(JsonElement body) {
    return Json.of(body, "views").list("views", Messages::view);
  }

  private static ViewDescription view(Json view) {
    return new ViewDescription(
        view.string("id"),
        view.string("title"),
        view.string("feature"),
        view.string("widget"),
        view.string("description"),
        view.list(
            "parameters",
            p ->
                new Parameter(
                    p.string("name"), p.string("type"), p.strings("values"), p.strings("titles"))),
        view.integer("findings"));
  }

  public static Opened opened(JsonElement body) {
    var opened = Json.of(body, "open");
    return new Opened(opened.string("handle"), opened.raw("frame"));
  }

  public static Acted acted(JsonElement body) {
    var acted = Json.of(body, "act");
    return new Acted(acted.string("message"), acted.string("handle"));
  }

  public static List<RowScript> rowScripts(JsonElement body) {
    return Json.of(body, "exportQuery")
        .list("scripts", script -> new RowScript(script.string("title"), script.string("code")));
  }

  public static Pushed pushed(JsonElement body) {
    var pushed = Json.of(body, "event");
    return new Pushed(
        pushed.string("handle"),
        (long) pushed.number("sequence"),
        pushed.bool("full"),
        pushed.raw("frame"));
  }

  /** An action as the request act has it. */
  public static JsonObject actArguments(String handle, Act act) {
    var json = new JsonObject();
    json.addProperty("handle", handle);
    json.addProperty("action", act.action());
    if (!act.target().isEmpty()) json.addProperty("target", act.target());
    if (!act.arguments().isEmpty()) json.add("arguments", argumentsOf(act));
    return json;
  }

  private static JsonObject argumentsOf(Act act) {
    var json = new JsonObject();
    act.arguments()
        .forEach(
            (name, value) -> {
              switch (value) {
                case String text -> json.addProperty(name, text);
                case Number number -> json.addProperty(name, number);
                case Boolean flag -> json.addProperty(name, flag);
                default ->
                    throw new IllegalArgumentException(
                        "The argument '%s' of '%s' is no text, number or flag."
                            .formatted(name, act.action()));
              }
            });
    return json;
  }
}
