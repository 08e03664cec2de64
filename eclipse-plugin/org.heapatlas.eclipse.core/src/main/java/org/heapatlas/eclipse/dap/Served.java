package org.heapatlas.eclipse.dap;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.debug.Breakpoint;

/**
 * What has become of a watchpoint in a session.
 *
 * @param set as of any breakpoint
 * @param mechanism what serves it, in words; empty where nothing does
 * @param cost to the program, in words
 */
public record Served(Breakpoint set, String mechanism, String cost) {
  static JsonElement asked(List<DapWatchpoint> all) {
    JsonArray watchpoints = new JsonArray();
    for (DapWatchpoint each : all) {
      JsonObject asked = new JsonObject();
      asked.addProperty("address", "0x" + each.address().orElseThrow().toString(16));
      asked.addProperty("bytes", each.bytes());
      asked.addProperty("condition", each.condition());
      asked.addProperty("hitCondition", each.hitCondition());
      watchpoints.add(asked);
    }
    JsonObject arguments = new JsonObject();
    arguments.add("watchpoints", watchpoints);
    return arguments;
  }

  /** In the order in which they were asked for. */
  static List<Served> read(JsonElement answer) {
    List<Served> all = new ArrayList<>();
    if (answer instanceof JsonObject body && body.get("watchpoints") instanceof JsonArray list) {
      for (JsonElement each : list) {
        all.add(one(each instanceof JsonObject said ? said : new JsonObject()));
      }
    }
    return all;
  }

  private static Served one(JsonObject said) {
    Breakpoint set = new Breakpoint();
    if (said.get("id") instanceof JsonPrimitive id && id.isNumber()) {
      set.setId(id.getAsInt());
    }
    set.setVerified(said.get("verified") instanceof JsonPrimitive yes && yes.getAsBoolean());
    String message = text(said, "message");
    set.setMessage(message.isEmpty() ? null : message);
    return new Served(set, text(said, "mechanism"), text(said, "cost"));
  }

  private static String text(JsonObject said, String name) {
    return said.get(name) instanceof JsonPrimitive text ? text.getAsString() : "";
  }
}
