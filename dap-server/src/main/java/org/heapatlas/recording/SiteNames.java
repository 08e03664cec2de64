package org.heapatlas.recording;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBScalarFunctionBuilder;
import org.duckdb.DuckDBWritableVector;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;

/**
 * The functions owner(process, site) and place(process, site). Each stack is asked for once a
 * query, and all that some thousand rows name in one call.
 */
final class SiteNames {
  private record Site(long process, long id) {}

  private final Reading reading;
  private final Map<Site, Stack> known = new ConcurrentHashMap<>();

  private SiteNames(Reading reading) {
    this.reading = reading;
  }

  static void register(Reading reading, Connection connection) throws SQLException {
    SiteNames names = new SiteNames(reading);
    names.register("owner", Stack::owner, connection);
    names.register(
        "place",
        stack -> stack.caller().map(StackFrame::place).filter(text -> !text.isEmpty()),
        connection);
  }

  private void register(String name, Function<Stack, Optional<String>> text, Connection connection)
      throws SQLException {
    try (DuckDBScalarFunctionBuilder function = DuckDBFunctions.scalarFunction()) {
      function
          .withName(name)
          .withParameters(DuckDBColumnType.BIGINT, DuckDBColumnType.BIGINT)
          .withReturnType(DuckDBColumnType.VARCHAR)
          .withVectorizedFunction((rows, out) -> answer(rows, out, text))
          .register(connection);
    }
  }

  private void answer(
      DuckDBDataChunkReader rows,
      DuckDBWritableVector out,
      Function<Stack, Optional<String>> text) {
    try {
      int count = Math.toIntExact(rows.rowCount());
      learn(rows, count);
      for (int row = 0; row < count; row++) {
        Optional<String> answer =
            site(rows, row).map(site -> known.getOrDefault(site, Stack.EMPTY)).flatMap(text);
        if (answer.isPresent()) {
          out.setString(row, answer.get());
        } else {
          out.setNull(row);
        }
      }
    } catch (RuntimeException e) {
      throw reading.failed(e);
    }
  }

  private static Optional<Site> site(DuckDBDataChunkReader rows, int row) {
    return rows.vector(0).isNull(row) || rows.vector(1).isNull(row)
        ? Optional.empty()
        : Optional.of(new Site(rows.vector(0).getLong(row), rows.vector(1).getLong(row)));
  }

  private void learn(DuckDBDataChunkReader rows, int count) {
    Map<Long, Set<Long>> missing = new HashMap<>();
    for (int row = 0; row < count; row++) {
      site(rows, row)
          .filter(site -> !known.containsKey(site))
          .ifPresent(
              site ->
                  missing.computeIfAbsent(site.process(), id -> new HashSet<>()).add(site.id()));
    }
    missing.forEach(this::ask);
  }

  private void ask(long process, Collection<Long> ids) {
    List<Long> wanted = List.copyOf(ids);
    Iterator<Stack> stacks = reading.source().stacks(process, wanted).iterator();
    wanted.forEach(
        id -> known.put(new Site(process, id), stacks.hasNext() ? stacks.next() : Stack.EMPTY));
  }
}
