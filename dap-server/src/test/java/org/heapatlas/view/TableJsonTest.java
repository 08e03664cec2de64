package org.heapatlas.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableJsonTest {
  private static final Table.StackLine MAIN = new Table.StackLine("main", "/a.c", 3, "a");
  private static final Table.StackLine GROW = new Table.StackLine("grow", "/a.c", 9, "a");

  @Test
  void aLineOfSeveralCallStacksStandsOnce() {
    Table table =
        new Table(
            List.of(Table.Column.number("bytes", "Bytes", "B")),
            List.of(row("1", List.of(GROW, MAIN)), row("2", List.of(MAIN)), row("3", List.of())),
            10,
            13,
            "bytes",
            true);
    JsonNode json = Json.read(Json.write(table));
    assertThat(json.path("lines"))
        .extracting(line -> line.path("function").asText())
        .containsExactly("grow", "main");
    assertThat(json.path("rows"))
        .extracting(row -> row.path("detail").toString())
        .containsExactly("[0,1]", "[1]", "[]");
    assertThat(json.path("rows").path(1).path("cells").path(0).path("number").asDouble())
        .isEqualTo(5);
    assertThat(json.path("total").asLong()).isEqualTo(13);
    assertThat(json.has("query")).isFalse();
    assertThat(Json.read(Json.write(table.of("SELECT 1"))).path("query").asText())
        .isEqualTo("SELECT 1");
  }

  private static Table.Row row(String id, List<Table.StackLine> detail) {
    return new Table.Row(id, List.of(Table.Cell.number(5)), detail);
  }
}
