package org.heapatlas.view;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A table's JSON form, in which each line of its rows' call stacks stands once: stacks have most of
 * their lines in common, and are most of a table of call sites.
 */
final class TableJson extends JsonSerializer<Table> {
  @Override
  public void serialize(Table table, JsonGenerator out, SerializerProvider values)
      throws IOException {
    Map<Table.StackLine, Integer> lines = new LinkedHashMap<>();
    out.writeStartObject();
    values.defaultSerializeField("columns", table.columns(), out);
    out.writeArrayFieldStart("rows");
    for (Table.Row row : table.rows()) {
      writeRow(row, lines, out, values);
    }
    out.writeEndArray();
    values.defaultSerializeField("lines", lines.keySet(), out);
    out.writeNumberField("offset", table.offset());
    out.writeNumberField("total", table.total());
    out.writeStringField("sort", table.sort());
    out.writeBooleanField("descending", table.descending());
    if (table.query() != null) {
      out.writeStringField("query", table.query());
    }
    out.writeEndObject();
  }

  private static void writeRow(
      Table.Row row,
      Map<Table.StackLine, Integer> lines,
      JsonGenerator out,
      SerializerProvider values)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("id", row.id());
    values.defaultSerializeField("cells", row.cells(), out);
    out.writeArrayFieldStart("detail");
    for (Table.StackLine line : row.detail()) {
      Integer known = lines.putIfAbsent(line, lines.size());
      out.writeNumber(known == null ? lines.size() - 1 : known);
    }
    out.writeEndArray();
    out.writeBooleanField("muted", row.muted());
    out.writeEndObject();
  }
}
