package org.heapatlas.recording;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.heapatlas.model.Choice;
import org.heapatlas.model.Problem;

/** A query's rows as a file. */
public final class Results {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_SHEET_ROWS = 1_048_575;

  /** What a query's rows can be written as. */
  public enum Format {
    TABLE,
    JSON,
    CSV,
    PARQUET,
    XLSX;

    public static Format parse(String text) {
      return Choice.of(values(), Format::text, "format", text);
    }

    /** By the ending of a file's name. */
    public static Format ofName(Path file) {
      String name = file.getFileName() == null ? "" : file.getFileName().toString();
      return Choice.of(
          new Format[] {CSV, PARQUET, XLSX, JSON},
          Format::text,
          "ending of a file of rows",
          name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it makes sense on a terminal. */
    public boolean isText() {
      return this == TABLE || this == JSON || this == CSV;
    }
  }

  private Results() {}

  static Problem unwritten(IOException e) {
    return new Problem(Problem.Kind.FAILED, "the result cannot be written: " + e.getMessage(), e);
  }

  /** The file is there once it is whole; what was there before stays until then. */
  public static void write(Answer answer, Format format, Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      writeTo(answer, format, file);
      return;
    }
    if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
      throw Problem.failed("'%s' cannot be written: its folder is not there".formatted(file));
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      writeTo(answer, format, part);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritten(e);
    } finally {
      part.toFile().delete();
    }
  }

  private static void writeTo(Answer answer, Format format, Path file) {
    if (format == Format.PARQUET) {
      ParquetFile.write(answer, file);
      return;
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      write(answer, format, out);
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  /** Of what makes sense on a stream: a Parquet file is written by its path. */
  public static void write(Answer answer, Format format, OutputStream out) {
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    switch (format) {
      case TABLE -> table(answer, text);
      case CSV -> csv(answer, text);
      case JSON -> json(answer, out);
      case XLSX -> xlsx(answer, out);
      case PARQUET -> throw new IllegalArgumentException("a Parquet file is written by its path");
    }
  }

  /** One line: an array with an object a row. */
  public static void json(Answer answer, OutputStream out) {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartArray();
      while (answer.next()) {
        json.writeStartObject();
        for (int column = 0; column < answer.headings().size(); column++) {
          json.writeFieldName(answer.headings().get(column).name());
          json.writePOJO(finite(answer.value(column)));
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  /** JSON has no word for what is no number. */
  private static Object finite(Object value) {
    boolean infinite =
        value instanceof Number number
            && (value instanceof Double || value instanceof Float)
            && !Double.isFinite(number.doubleValue());
    return infinite ? null : value;
  }

  /** As RFC 4180 says, with a line of names. */
  public static void csv(Answer answer, Writer out) {
    List<Answer.Heading> headings = answer.headings();
    try {
      out.write(
          headings.stream().map(heading -> quoted(heading.name())).collect(Collectors.joining(","))
              + "\r\n");
      while (answer.next()) {
        for (int column = 0; column < headings.size(); column++) {
          Object value = answer.value(column);
          out.write((column == 0 ? "" : ",") + (value == null ? "" : quoted(value.toString())));
        }
        out.write("\r\n");
      }
      out.flush();
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  private static String quoted(String text) {
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  public static void table(Answer answer, Writer out) {
    TextTable.write(answer, Long.MAX_VALUE, out);
    try {
      out.flush();
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  /** One sheet, as many rows as such a file can have. */
  public static void xlsx(Answer answer, OutputStream out) {
    try (Workbook book = new Workbook(out, "HeapAtlas", null)) {
      Worksheet sheet = book.newWorksheet("query");
      List<Answer.Heading> headings = answer.headings();
      for (int column = 0; column < headings.size(); column++) {
        sheet.value(0, column, headings.get(column).name());
        sheet.style(0, column).bold().set();
      }
      for (int row = 1; answer.next(); row++) {
        if (row > MOST_SHEET_ROWS) {
          throw Problem.failed(
              "a sheet has no room for more than %,d rows; LIMIT the query, or choose parquet"
                  .formatted(MOST_SHEET_ROWS));
        }
        for (int column = 0; column < headings.size(); column++) {
          put(sheet, row, column, answer.value(column));
        }
      }
    } catch (IOException e) {
      throw unwritten(e);
    }
  }

  private static void put(Worksheet sheet, int row, int column, Object value) {
    switch (value) {
      case null -> {}
      case Boolean flag -> sheet.value(row, column, flag);
      case Number number -> sheet.value(row, column, number);
      default -> sheet.value(row, column, value.toString());
    }
  }
}
