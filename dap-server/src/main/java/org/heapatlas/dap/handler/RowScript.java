package org.heapatlas.dap.handler;

import java.nio.file.Path;
import java.util.List;
import org.heapatlas.recording.Results;
import org.heapatlas.view.Json;

/** The lines of a script that read a file of rows; {@code title}: what the script is for. */
record RowScript(String title, String code) {
  static List<RowScript> reading(Path file, Results.Format format) {
    return switch (format) {
      case CSV -> reading(file, "read_csv", "read.csv");
      case PARQUET -> reading(file, "read_parquet", "arrow::read_parquet");
      case XLSX -> reading(file, "read_excel", "readxl::read_excel");
      case JSON -> reading(file, "read_json", "jsonlite::fromJSON");
      case TABLE -> List.of();
    };
  }

  private static List<RowScript> reading(Path file, String pandas, String r) {
    // A string of JSON is one of Python and of R, too.
    String name = Json.write(file.toString());
    return List.of(
        new RowScript("pandas", "import pandas\n\nrows = pandas.%s(%s)\n".formatted(pandas, name)),
        new RowScript("R", "rows <- %s(%s)\n".formatted(r, name)));
  }
}
