package org.heapatlas.dap.handler;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Problem;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.recording.Results;
import org.heapatlas.session.Session;
import org.heapatlas.view.Json;

/**
 * All rows of a query into a file, in the format that its name ends with: csv, parquet, xlsx or
 * json. Arguments: {@code {"sql": a SELECT or a template's name, "path": absolute}}. Answer: {@code
 * {"path", "scripts": [{"title", "code"}]}}, the lines with which scripts read the file. A
 * debugger's client alone may ask it, not a page in a browser, for it writes where it is told.
 */
public final class ExportQuery implements Handler<JsonElement> {
  public static final String REQUEST = "heapatlas/exportQuery";

  @Override
  public Object handle(DapSession session, JsonElement arguments) {
    Path file = file(text(arguments, "path"));
    Results.Format format = Results.Format.ofName(file);
    String sql = Sql.templates().expanded(text(arguments, "sql"));
    Session asked = session.debuggee().session();
    try (HeapDatabase database =
            HeapDatabase.open(asked.source(), asked.id(), HeapDatabase.Limits.USUAL);
        Answer answer = database.query(sql)) {
      Results.write(answer, format, file);
    }
    return JsonParser.parseString(
        Json.write(Map.of("path", file.toString(), "scripts", RowScript.reading(file, format))));
  }

  private static Path file(String path) {
    try {
      Path file = Path.of(path);
      if (file.isAbsolute()) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw new Problem(Problem.Kind.USED_WRONGLY, "'%s' is no path".formatted(path), e);
    }
    throw Problem.usedWrongly("'%s' is no absolute path of a file to write".formatted(path));
  }

  private static String text(JsonElement arguments, String name) {
    if (arguments instanceof JsonObject object
        && object.get(name) instanceof JsonPrimitive value
        && value.isString()
        && !value.getAsString().isBlank()) {
      return value.getAsString().strip();
    }
    throw Problem.usedWrongly("the argument '%s' is missing".formatted(name));
  }
}
