package org.heapatlas.recording;

import java.sql.Connection;
import java.sql.SQLException;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBValue;

/** A heap's table as the database calls it: only the columns that a query uses are asked for. */
final class DuckTable implements DuckDBTableFunction<long[], Rows, Object> {
  private final HeapTable table;
  private final Reading reading;

  private DuckTable(HeapTable table, Reading reading) {
    this.table = table;
    this.reading = reading;
  }

  static void register(HeapTable table, Reading reading, Connection connection)
      throws SQLException {
    try (DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
      function.withName(table.name()).withProjectionPushdown();
      for (int i = 0; i < table.parameters(); i++) {
        function.withParameter(DuckDBColumnType.BIGINT);
      }
      function.withFunction(new DuckTable(table, reading)).register(connection);
    }
  }

  @Override
  public long[] bind(DuckDBTableFunctionBindInfo info) {
    table.columns().forEach(each -> info.addResultColumn(each.name(), each.type().inDatabase()));
    long[] parameters = new long[table.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      try (DuckDBValue value = info.getParameter(i)) {
        parameters[i] = value.getLong(HeapTable.ABSENT);
      }
    }
    return parameters;
  }

  @Override
  public Rows init(DuckDBTableFunctionInitInfo info) {
    info.setMaxThreads(1);
    int[] columns = new int[Math.toIntExact(info.getColumnCount())];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Math.toIntExact(info.getColumnIndex(i));
    }
    try {
      return reading.open(table, columns, info.getBindData());
    } catch (RuntimeException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out) {
    try {
      Rows rows = info.getInitData();
      return rows.write(out);
    } catch (RuntimeException e) {
      throw reading.failed(e);
    }
  }
}
