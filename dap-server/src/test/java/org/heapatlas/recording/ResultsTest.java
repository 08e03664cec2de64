package org.heapatlas.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import java.util.zip.ZipFile;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final String SQL =
      "SELECT 'a,\"b' AS text, 0x AS address, 1.5 AS ratio, NULL AS none, sum(2) AS total, true AS flag"
          .replace("0x", "139637976727552");

  @TempDir Path folder;

  private static void with(String sql, Consumer<Answer> use) {
    FakeHeap heap = new FakeHeap();
    heap.appear(WatchedProcess.State.REPLAYED);
    try (HeapDatabase database = HeapDatabase.open(heap, "test", HeapDatabase.Limits.USUAL);
        Answer answer = database.query(sql)) {
      use.accept(answer);
    }
  }

  @Test
  void jsonIsOneLineWithAnObjectARow() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    with(SQL + " UNION ALL SELECT 'z', 1, 'nan'::DOUBLE, 2, 3, false", a -> Results.json(a, out));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "[{\"text\":\"a,\\\"b\",\"address\":\"0x7f0000000000\",\"ratio\":1.5,\"none\":null,\"total\":2,\"flag\":true},"
                + "{\"text\":\"z\",\"address\":\"0x1\",\"ratio\":null,\"none\":2,\"total\":3,\"flag\":false}]\n");
  }

  @Test
  void csvQuotesWhatWouldBeMisread() {
    StringWriter out = new StringWriter();
    with(SQL, answer -> Results.csv(answer, out));
    assertThat(out)
        .hasToString(
            "text,address,ratio,none,total,flag\r\n\"a,\"\"b\",0x7f0000000000,1.5,,2,true\r\n");
  }

  @Test
  void aTableAlignsItsColumnsAndSaysWhatIsLeftOut() {
    with(
        "SELECT range AS n, repeat('x', range::INT) AS bar FROM range(9, 14)",
        answer ->
            assertThat(TextTable.of(answer, 2))
                .isEqualTo(
                    """
                     n  bar
                     9  xxxxxxxxx
                    10  xxxxxxxxxx
                    3 more rows are not shown; narrow the query, or LIMIT it"""));
  }

  @Test
  void parquetKeepsTheTypesOfTheColumns() throws SQLException {
    Path file = folder.resolve("it's.parquet");
    with(SQL, answer -> ParquetFile.write(answer, file));
    try (Connection connection = HeapDatabase.connect(false);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT *, typeof(total) FROM '%s'"
                    .formatted(file.toString().replace("'", "''")))) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString("text")).isEqualTo("a,\"b");
      assertThat(row.getString("address")).isEqualTo("0x7f0000000000");
      assertThat(row.getDouble("ratio")).isEqualTo(1.5);
      assertThat(row.getObject("none")).isNull();
      assertThat(row.getLong("total")).isEqualTo(2);
      assertThat(row.getBoolean("flag")).isTrue();
      assertThat(row.getString(7)).isEqualTo("DECIMAL(38,0)");
      assertThat(row.next()).isFalse();
    }
  }

  @Test
  void xlsxIsAWorkbookWithOneSheet() throws IOException {
    Path file = folder.resolve("rows.xlsx");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    with(SQL, answer -> Results.xlsx(answer, out));
    Files.write(file, out.toByteArray());
    try (ZipFile zip = new ZipFile(file.toFile());
        InputStream sheet = zip.getInputStream(zip.getEntry("xl/worksheets/sheet1.xml"))) {
      assertThat(new String(sheet.readAllBytes(), StandardCharsets.UTF_8)).contains("<v>1.5</v>");
    }
  }

  @Test
  void everyColumnOfEveryTableIsDescribed() {
    String text = HeapDatabase.describedTables();
    with(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal",
        answer -> {
          while (answer.next()) {
            assertThat(text).contains("`" + answer.value(0) + "`");
            assertThat(text).contains("`" + answer.value(1) + "`");
          }
        });
  }
}
