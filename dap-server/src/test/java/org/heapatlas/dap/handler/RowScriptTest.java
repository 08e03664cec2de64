package org.heapatlas.dap.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.heapatlas.recording.Results;
import org.junit.jupiter.api.Test;

class RowScriptTest {
  @Test
  void aFileOfRowsIsReadByPandasAndByRWhateverItsName() {
    Path file = Path.of("/tmp/top \"sites\".CSV");
    assertThat(RowScript.reading(file, Results.Format.ofName(file)))
        .extracting(RowScript::code)
        .containsExactly(
            "import pandas\n\nrows = pandas.read_csv(\"/tmp/top \\\"sites\\\".CSV\")\n",
            "rows <- read.csv(\"/tmp/top \\\"sites\\\".CSV\")\n");
  }

  @Test
  void eachFormatHasAReaderOfItsOwnAndATableOnATerminalHasNone() {
    assertThat(
            Stream.of("a.csv", "a.parquet", "a.xlsx", "a.json")
                .map(Path::of)
                .map(file -> RowScript.reading(file, Results.Format.ofName(file)).getFirst().code())
                .map(code -> code.replaceAll("(?s).*(read_\\w+).*", "$1")))
        .containsExactly("read_csv", "read_parquet", "read_excel", "read_json");
    assertThat(RowScript.reading(Path.of("a.txt"), Results.Format.TABLE)).isEmpty();
  }
}
