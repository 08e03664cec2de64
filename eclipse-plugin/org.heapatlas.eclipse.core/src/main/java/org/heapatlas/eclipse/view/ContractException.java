package org.heapatlas.eclipse.view;

import com.google.gson.JsonElement;

/**
 * What the other side sent does not keep the view contract; the message names the place in one
 * sentence.
 */
public final class ContractException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ContractException(String path, String expected, String found) {
    super(
        "The server sent %s for '%s' where the view contract has %s."
            .formatted(found, path, expected));
  }

  static ContractException of(String path, String expected, JsonElement found) {
    return new ContractException(path, expected, kindOf(found));
  }

  private static String kindOf(JsonElement found) {
    if (found == null || found.isJsonNull()) return "nothing";
    if (found.isJsonArray()) return "a list";
    if (found.isJsonObject()) return "an object";
    var scalar = found.getAsJsonPrimitive();
    return scalar.isString() ? "a string" : scalar.isNumber() ? "a number" : "true or false";
  }
}
