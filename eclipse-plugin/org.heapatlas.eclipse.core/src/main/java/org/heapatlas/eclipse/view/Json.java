package org.heapatlas.eclipse.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Reads untrusted JSON field by field: a value of the wrong type is a {@link ContractException}
 * that names its place. As in proto3's JSON mapping, an absent field has its default.
 */
final class Json {
  private static final String NOT_A_NUMBER = "NaN";

  private final JsonObject fields;
  private final String path;

  private Json(JsonObject fields, String path) {
    this.fields = fields;
    this.path = path;
  }

  static Json of(JsonElement value, String path) {
    if (value == null || !value.isJsonObject())
      throw ContractException.of(path, "an object", value);
    return new Json(value.getAsJsonObject(), path);
  }

  /** What a text says, as JSON. */
  static JsonElement parse(String text, String path) {
    try {
      return JsonParser.parseString(text);
    } catch (JsonParseException malformed) {
      var refused = new ContractException(path, "JSON", "a text that is none");
      refused.initCause(malformed);
      throw refused;
    }
  }

  boolean has(String key) {
    return isThere(fields.get(key));
  }

  /** Null where it is absent. */
  JsonElement raw(String key) {
    var value = fields.get(key);
    return isThere(value) ? value : null;
  }

  String string(String key) {
    var value = fields.get(key);
    if (!isThere(value)) return "";
    if (!(value instanceof JsonPrimitive text && text.isString())) throw wrong(key, "a string");
    return value.getAsString();
  }

  double number(String key) {
    var value = fields.get(key);
    return isThere(value) ? numberOf(value, at(key)) : 0;
  }

  /** A whole number that fits. */
  int integer(String key) {
    double number = number(key);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrong(key, "a whole number");
    }
    return (int) number;
  }

  boolean bool(String key) {
    var value = fields.get(key);
    if (!isThere(value)) return false;
    if (!(value instanceof JsonPrimitive flag && flag.isBoolean()))
      throw wrong(key, "true or false");
    return value.getAsBoolean();
  }

  long address(String key) {
    var text = string(key);
    if (!Address.isWire(text)) throw wrong(key, "an address '0x…'");
    return Address.ofWire(text);
  }

  AddressRange range(String from, String to) {
    long begin = address(from);
    long end = address(to);
    if (Long.compareUnsigned(end, begin) < 0) {
      throw wrong(to, "an address that is not below '" + from + "'");
    }
    return new AddressRange(begin, end);
  }

  Optional<Json> object(String key) {
    return has(key) ? Optional.of(of(fields.get(key), at(key))) : Optional.empty();
  }

  <T> T optional(String key, Function<Json, T> read) {
    return object(key).map(read).orElse(null);
  }

  <T> List<T> list(String key, Function<Json, T> read) {
    return items(key, (item, place) -> read.apply(of(item, place)));
  }

  List<String> strings(String key) {
    return items(
        key,
        (item, place) -> {
          if (item instanceof JsonPrimitive text && text.isString()) return text.getAsString();
          throw ContractException.of(place, "a string", item);
        });
  }

  /** Null stands for a value that is not known and reads as NaN. */
  Numbers numbers(String key) {
    return has(key) ? numbersOf(fields.get(key), at(key)) : Numbers.NONE;
  }

  /** Some of what stands elsewhere in the message, which names each by its number there, from 0. */
  <T> List<T> picks(String key, List<T> from) {
    return items(
        key,
        (item, path) -> {
          double number = numberOf(item, path);
          if (number != Math.rint(number) || number < 0 || number >= from.size()) {
            throw ContractException.of(path, "a number in its list", item);
          }
          return from.get((int) number);
        });
  }

  /** A list of lists of numbers, as a heat map's values are. */
  List<Numbers> numberLists(String key) {
    return items(key, Json::numbersOf);
  }

  ContractException wrong(String key, String expected) {
    return ContractException.of(at(key), expected, fields.get(key));
  }

  /** The field has a good type and a value that cannot be. */
  ContractException unfit(String key, String expected, Object found) {
    return new ContractException(at(key), expected, "'" + found + "'");
  }

  private <T> List<T> items(String key, BiFunction<JsonElement, String, T> read) {
    var value = fields.get(key);
    if (!isThere(value)) return List.of();
    if (!(value instanceof JsonArray items)) throw wrong(key, "a list");
    var list = new ArrayList<T>(items.size());
    for (int i = 0; i < items.size(); i++) {
      list.add(read.apply(items.get(i), at(key) + "[" + i + "]"));
    }
    return List.copyOf(list);
  }

  private static Numbers numbersOf(JsonElement value, String path) {
    if (!(value instanceof JsonArray items)) {
      throw ContractException.of(path, "a list of numbers", value);
    }
    var numbers = new double[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      var item = items.get(i);
      // The place is put into words only where it is needed: there may be a million of them.
      numbers[i] =
          item instanceof JsonPrimitive scalar && scalar.isNumber()
              ? scalar.getAsDouble()
              : item.isJsonNull() ? Double.NaN : numberOf(item, path + "[" + i + "]");
    }
    return Numbers.taking(numbers);
  }

  private static double numberOf(JsonElement value, String path) {
    if (value instanceof JsonPrimitive scalar) {
      if (scalar.isNumber()) return scalar.getAsDouble();
      if (scalar.isString() && scalar.getAsString().equals(NOT_A_NUMBER)) return Double.NaN;
    }
    throw ContractException.of(path, "a number", value);
  }

  private static boolean isThere(JsonElement value) {
    return value != null && !value.isJsonNull();
  }

  private String at(String key) {
    return path + "." + key;
  }
}
