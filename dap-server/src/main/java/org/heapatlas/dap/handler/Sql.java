package org.heapatlas.dap.handler;

import java.util.List;
import java.util.stream.Stream;
import org.heapatlas.model.Problem;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.recording.Templates;
import org.heapatlas.recording.TextTable;
import org.heapatlas.session.Session;

/** The console's SQL: a SELECT, or a template by its name. */
final class Sql {
  private static final int MOST_ROWS = 200;

  private Sql() {}

  static String answer(Command.Scene scene, String argument) {
    if (argument.isEmpty()) {
      throw Problem.usedWrongly("'sql' wants a SELECT, or the name of a template");
    }
    Session session = scene.session().debuggee().session();
    try (HeapDatabase database =
            HeapDatabase.open(session.source(), session.id(), HeapDatabase.Limits.USUAL);
        Answer answer = database.query(templates().expanded(argument))) {
      return TextTable.of(answer, MOST_ROWS);
    }
  }

  static Templates templates() {
    return Templates.with(Templates.folderOf(System.getenv()));
  }

  static List<Command.Choice> choices() {
    Stream<Command.Choice> templates =
        templates().all().stream()
            .map(each -> new Command.Choice(each.name(), each.title() + ": " + each.description()));
    return Stream.concat(Stream.of(new Command.Choice("SELECT", "a query")), templates).toList();
  }
}
