package org.heapatlas.tests.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What two JSON values differ in: a line for each place, with both values. */
final class JsonDifferences {
  private final List<String> lines = new ArrayList<>();

  private JsonDifferences() {}

  static List<String> of(JsonNode expected, JsonNode actual) {
    JsonDifferences differences = new JsonDifferences();
    differences.compare("", expected, actual);
    return differences.lines;
  }

  private void compare(String at, JsonNode expected, JsonNode actual) {
    if (expected.isObject() && actual.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      names.forEach(name -> compare(at + "/" + name, expected.path(name), actual.path(name)));
    } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        compare(at + "/" + i, expected.get(i), actual.get(i));
      }
    } else if (!expected.equals(actual)) {
      lines.add("%s: %s, and replayed %s".formatted(at, shown(expected), shown(actual)));
    }
  }

  private static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "nothing" : value.toString();
    int most = 300;
    return text.length() <= most
        ? text
        : text.substring(0, most) + "… of %,d characters".formatted(text.length());
  }
}
