package org.heapatlas.recording;

import org.duckdb.DuckDBColumnType;

/** A column of a table. */
record Column(String name, Type type) {

  enum Type {
    INTEGER(DuckDBColumnType.BIGINT),
    REAL(DuckDBColumnType.DOUBLE),
    TEXT(DuckDBColumnType.VARCHAR),
    FLAG(DuckDBColumnType.BOOLEAN);

    private final DuckDBColumnType inDatabase;

    Type(DuckDBColumnType inDatabase) {
      this.inDatabase = inDatabase;
    }

    DuckDBColumnType inDatabase() {
      return inDatabase;
    }
  }

  static Column integer(String name) {
    return new Column(name, Type.INTEGER);
  }

  static Column real(String name) {
    return new Column(name, Type.REAL);
  }

  static Column text(String name) {
    return new Column(name, Type.TEXT);
  }

  static Column flag(String name) {
    return new Column(name, Type.FLAG);
  }
}
