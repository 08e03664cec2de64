package org.heapatlas.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Durations;
import org.heapatlas.model.Problem;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.recording.Results;
import org.heapatlas.recording.Template;
import org.heapatlas.recording.Templates;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas query: SQL over a recording or a live session. Ctrl-C ends the query at once. */
@Command(
    name = "query",
    description =
        "Asks a recording, or a live session, in SQL; 'show tables' lists the tables, and --tables describes them.",
    mixinStandardHelpOptions = true)
final class Query implements Callable<Integer> {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table (default), json, csv, parquet or xlsx.")
  private String format = "table";

  @Option(names = "--json", description = "The same as --format json.")
  private boolean json;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Writes the rows there instead of on stdout.")
  private Path output;

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description = "What the query may take, 1G by default.")
  private String memory = "1G";

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long the query may take, 60s by default.")
  private String timeout = "60s";

  @Option(names = "--templates", description = "Lists the queries that can be run by their names.")
  private boolean templates;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "Runs one of them, ours or a *.sql in ~/.config/heapatlas/queries.")
  private String template;

  @Option(names = "--set", paramLabel = "NAME=VALUE", description = "Sets a template's parameter.")
  private List<String> set = List.of();

  @Option(names = "--tables", description = "Describes the tables and macros.")
  private boolean tables;

  @Parameters(index = "0", arity = "0..1", paramLabel = "FOLDER|PID", description = Asked.WHAT)
  private String source;

  @Parameters(index = "1", arity = "0..1", paramLabel = "SQL", description = "One SELECT.")
  private String sql;

  @Override
  public Integer call() {
    if (tables) {
      System.out.print(HeapDatabase.describedTables());
      return 0;
    }
    Templates known = Templates.with(Templates.folderOf(System.getenv()));
    if (templates) {
      System.out.print(known.described());
      return 0;
    }
    if (source == null || (sql == null) == (template == null)) {
      throw Problem.usedWrongly(
          "name a recording's folder and a query, or --template; --tables and --templates say what there is");
    }
    String asked = sql == null ? known.get(template).with(Template.assignments(set)) : sql;
    Results.Format chosen = Results.Format.parse(json ? "json" : format);
    if (!chosen.isText() && output == null) {
      throw Problem.usedWrongly(
          "name the file to write with -o; --format %s is no text".formatted(format));
    }
    HeapDatabase.Limits limits =
        new HeapDatabase.Limits(Bytes.parse(memory), Duration.ofNanos(Durations.parse(timeout)));
    Signals.interrupt(Thread.currentThread());
    try (Asked about = Asked.open(source);
        HeapDatabase database = HeapDatabase.open(about.source(), about.session(), limits);
        Answer answer = database.query(asked)) {
      write(answer, chosen);
    }
    return 0;
  }

  private void write(Answer answer, Results.Format chosen) {
    if (output == null) {
      Results.write(answer, chosen, System.out);
    } else {
      Results.write(answer, chosen, output);
    }
  }
}
