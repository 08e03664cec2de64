package org.heapatlas.recording;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.heapatlas.model.Problem;

/**
 * A query's rows as a Parquet file. A database of its own writes it, which may reach files and gets
 * nothing but the rows.
 */
public final class ParquetFile {
  private static final Set<String> KEPT =
      Set.of("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "FLOAT");
  private static final String WHOLE_NUMBER = "DECIMAL(38,0)";

  private ParquetFile() {}

  public static void write(Answer answer, Path file) {
    List<Answer.Heading> headings = answer.headings();
    try (Connection connection = HeapDatabase.connect(false)) {
      HeapDatabase.run(
          connection,
          "CREATE TABLE rows ("
              + headings.stream()
                  .map(heading -> name(heading.name()) + " " + type(heading))
                  .collect(Collectors.joining(", "))
              + ")");
      try (DuckDBAppender rows = connection.unwrap(DuckDBConnection.class).createAppender("rows")) {
        append(answer, rows);
      }
      HeapDatabase.run(
          connection,
          "COPY rows TO '"
              + file.toAbsolutePath().toString().replace("'", "''")
              + "' (FORMAT parquet, COMPRESSION zstd)");
    } catch (SQLException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "'%s' cannot be written: %s"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Sums are integers of 128 bits, which Parquet has not; what has no plain form is text. */
  private static String type(Answer.Heading heading) {
    String type = heading.type();
    if (heading.isAddress()) {
      return "VARCHAR";
    }
    if (type.equals("HUGEINT") || type.equals("UBIGINT")) {
      return WHOLE_NUMBER;
    }
    return KEPT.contains(type) || type.startsWith("DECIMAL") ? type : "VARCHAR";
  }

  private static void append(Answer answer, DuckDBAppender rows) throws SQLException {
    while (answer.next()) {
      rows.beginRow();
      for (int column = 0; column < answer.headings().size(); column++) {
        switch (answer.value(column)) {
          case null -> rows.appendNull();
          case Boolean value -> rows.append(value.booleanValue());
          case Byte value -> rows.append(value.byteValue());
          case Short value -> rows.append(value.shortValue());
          case Integer value -> rows.append(value.intValue());
          case Long value -> rows.append(value.longValue());
          case Float value -> rows.append(value.floatValue());
          case Double value -> rows.append(value.doubleValue());
          case BigInteger value -> rows.append(new BigDecimal(value));
          case BigDecimal value -> rows.append(value);
          case Object value -> rows.append(value.toString());
        }
      }
      rows.endRow();
    }
  }
}
