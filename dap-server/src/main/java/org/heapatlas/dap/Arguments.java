package org.heapatlas.dap;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Durations;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.session.Recorder;

/**
 * The arguments of `launch` and `attach`, which the protocol leaves to us; each read with its type
 * or refused.
 */
public record Arguments(Map<String, Object> values) {
  public boolean has(String name) {
    return plain(values.get(name)) != null;
  }

  public String text(String name, String otherwise) {
    Object value = plain(values.get(name));
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, "a text");
  }

  public boolean flag(String name) {
    Object value = plain(values.get(name));
    if (value == null) {
      return false;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "true or false");
  }

  /** A number, or its digits as a text, as process pickers give them. */
  public int number(String name) {
    Object value = plain(values.get(name));
    if (value instanceof Number number) {
      return number.intValue();
    }
    if (value instanceof String digits && digits.matches("\\d{1,9}")) {
      return Integer.parseInt(digits);
    }
    throw wrong(name, "a number");
  }

  /** Where {@code record} asks for a recording; a folder without a root lies in {@code cwd}. */
  public Optional<Recorder> recorder(Consumer<String> say) {
    String folder = text("record", "");
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    String last = text("recordLast", "");
    String most = text("recordMax", "");
    boolean onFinding = flag("recordOnFinding");
    if (onFinding && last.isEmpty()) {
      throw Problem.usedWrongly(
          "'recordOnFinding' cuts a moving window out; say how long it is with 'recordLast'");
    }
    RecordingStatus.Limits limits =
        new RecordingStatus.Limits(
            most.isEmpty() ? 0 : Bytes.parse(most), last.isEmpty() ? 0 : Durations.parse(last));
    Path whole = folder(text("cwd", "")).resolve(folder(folder));
    return Optional.of(new Recorder(whole, limits, onFinding, say));
  }

  /** What a user names as a folder, whether it is there or not. */
  public static Path folder(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new Problem(Problem.Kind.USED_WRONGLY, "'%s' is no folder".formatted(text), e);
    }
  }

  public List<String> texts(String name) {
    Object value = plain(values.get(name));
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list
        && list.stream().map(Arguments::plain).allMatch(String.class::isInstance)) {
      return list.stream().map(Arguments::plain).map(String.class::cast).toList();
    }
    throw wrong(name, "a list of texts");
  }

  /** A value may be null, where the table has one. */
  public Map<String, String> table(String name) {
    Object value = plain(values.get(name));
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> table)) {
      throw wrong(name, "a table of texts");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    table.forEach(
        (key, each) -> {
          Object text = plain(each);
          texts.put(String.valueOf(key), text == null ? null : String.valueOf(text));
        });
    return texts;
  }

  private static Problem wrong(String name, String wanted) {
    return Problem.usedWrongly("the argument '%s' must be %s".formatted(name, wanted));
  }

  /** JSON elements as Java values, for LSP4J hands some on as they are. */
  private static Object plain(Object value) {
    if (value instanceof JsonPrimitive primitive) {
      return primitive.isBoolean()
          ? primitive.getAsBoolean()
          : primitive.isNumber() ? primitive.getAsNumber() : primitive.getAsString();
    }
    if (value instanceof JsonElement element) {
      if (element.isJsonArray()) {
        return element.getAsJsonArray().asList();
      }
      return element.isJsonObject() ? element.getAsJsonObject().asMap() : null;
    }
    return value;
  }
}
