package org.heapatlas.recording;

import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.heapatlas.model.Address;
import org.heapatlas.model.Problem;

/**
 * The rows of a query, one after the other. A value is null, a Boolean, a Number, a String, a List
 * or a Map of these; an integer in a column that is named as an address is the text 0x….
 */
public final class Answer implements AutoCloseable {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:.*_)?address", Pattern.CASE_INSENSITIVE);

  /** A column's name and its type in the database's words. */
  public record Heading(String name, String type) {
    public boolean isNumber() {
      return type.endsWith("INT")
          || type.equals("INTEGER")
          || type.equals("DOUBLE")
          || type.equals("FLOAT")
          || type.startsWith("DECIMAL");
    }

    boolean isRight() {
      return isNumber() || isAddress();
    }

    public boolean isAddress() {
      return type.equals("BIGINT") && ADDRESS.matcher(name).matches();
    }
  }

  private final Statement statement;
  private final Reading reading;
  private final ResultSet rows;
  private final List<Heading> headings;

  Answer(Statement statement, Reading reading) throws SQLException {
    this.statement = statement;
    this.reading = reading;
    this.rows = statement.getResultSet();
    List<Heading> all = new ArrayList<>();
    ResultSetMetaData columns = rows.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      all.add(new Heading(columns.getColumnName(i), columns.getColumnTypeName(i)));
    }
    this.headings = List.copyOf(all);
  }

  public List<Heading> headings() {
    return headings;
  }

  /** A Problem when the thread is interrupted: nobody wants the rest. */
  public boolean next() {
    if (Thread.currentThread().isInterrupted()) {
      throw Problem.failed("the query was cancelled");
    }
    try {
      return rows.next();
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /** Counted from 0. */
  public Object value(int column) {
    try {
      Object value = rows.getObject(column + 1);
      return value instanceof Long address && headings.get(column).isAddress()
          ? Address.text(address)
          : plain(value);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static Object plain(Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case Number number -> number;
      case Array array -> plain(Arrays.asList((Object[]) array.getArray()));
      case Struct struct -> plain(Arrays.asList(struct.getAttributes()));
      case List<?> list -> {
        List<Object> all = new ArrayList<>();
        for (Object each : list) {
          all.add(plain(each));
        }
        yield all;
      }
      case Map<?, ?> map -> {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Map.Entry<?, ?> each : map.entrySet()) {
          all.put(String.valueOf(each.getKey()), plain(each.getValue()));
        }
        yield all;
      }
      case Blob blob -> HexFormat.of().formatHex(blob.getBytes(1, Math.toIntExact(blob.length())));
      default -> value.toString();
    };
  }

  private RuntimeException unreadable(SQLException e) {
    return reading
        .failure()
        .orElseGet(
            () ->
                new Problem(
                    Problem.Kind.FAILED, "the query's rows cannot be read: " + e.getMessage(), e));
  }

  @Override
  public void close() {
    try {
      statement.close();
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }
}
