package org.heapatlas.eclipse.dap;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import org.eclipse.lsp4j.debug.Capabilities;

/** Two states of one message: what the later one leaves out stays as it was. */
final class Merged {
  private static final Gson GSON = new Gson();

  private Merged() {}

  static Capabilities capabilities(Capabilities before, Capabilities change) {
    JsonObject merged = GSON.toJsonTree(before).getAsJsonObject();
    GSON.toJsonTree(change).getAsJsonObject().asMap().forEach(merged::add);
    return GSON.fromJson(merged, Capabilities.class);
  }
}
