package org.heapatlas.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Template;
import org.heapatlas.session.Session;
import org.heapatlas.view.Feature;
import org.heapatlas.view.Frame;
import org.heapatlas.view.Json;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;
import org.heapatlas.view.ViewDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas views: what front ends can show of a recording or a live session, as data. */
@Command(
    name = "views",
    description =
        "Lists the views of a recording or a live session, or prints the frame of one as front ends get it.",
    mixinStandardHelpOptions = true)
final class Views implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4})x(\\d{1,4})");
  private static final long LOOK_MILLIS = 50;

  @Option(names = "--open", paramLabel = "ID", description = "Prints this view's frame.")
  private String open;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "As it was at a time such as 12.5s, or before the event of a number; of a recording, whose end it is else.")
  private String at;

  @Option(names = "--set", paramLabel = "NAME=VALUE", description = "Sets a view's parameter.")
  private List<String> set = List.of();

  @Option(
      names = "--size",
      paramLabel = "WIDTHxHEIGHT",
      description = "The room that the view has, in pixels; 1200x600 by default.")
  private String size = "1200x600";

  @Option(names = "--json", description = "Lists them as one JSON object; a frame always is one.")
  private boolean json;

  @Parameters(paramLabel = "FOLDER|PID", description = Asked.WHAT)
  private String source;

  @Override
  public Integer call() throws InterruptedException {
    ViewDefinition.Viewport viewport = viewport(size);
    Map<String, String> parameters = Template.assignments(set);
    try (Asked about = Asked.open(source);
        Session session = new Session(about.session(), about.source())) {
      WatchedProcess program = session.awaitRecorded();
      if (at != null) {
        seek(session, program);
      }
      if (open == null) {
        list(session);
      } else {
        ViewDefinition view = named(open);
        OpenView opened = view.open(session, new ViewDefinition.Options(parameters, viewport));
        try {
          System.out.println(Json.write(whole(opened)));
        } finally {
          opened.close();
        }
      }
    }
    return 0;
  }

  private void seek(Session session, WatchedProcess program) {
    if (!program.isReplayed()) {
      throw Problem.usedWrongly("--at wants a recording; a live session is always now");
    }
    session.seek(program.id(), Moment.parse(at));
  }

  private void list(Session session) {
    List<ViewDescription> views =
        Feature.allViews().stream().map(each -> each.description(session.choices())).toList();
    if (json) {
      System.out.println(Json.write(Map.of("views", views)));
      return;
    }
    views.forEach(
        view -> System.out.printf("%-20s %s: %s%n", view.id(), view.title(), view.description()));
  }

  private static ViewDefinition named(String id) {
    return ViewDefinition.named(id, Feature.allViews())
        .orElseThrow(
            () ->
                Problem.notFound(
                    "there is no view '%s'; without --open they are listed".formatted(id)));
  }

  /** What takes long to read comes in parts: the frame that has all. */
  private static Frame whole(OpenView view) throws InterruptedException {
    Frame frame = view.frame();
    while (frame.progress() != null) {
      Thread.sleep(LOOK_MILLIS);
      frame = view.frame();
    }
    return frame;
  }

  private static ViewDefinition.Viewport viewport(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw Problem.usedWrongly(
          "--size wants WIDTHxHEIGHT such as 1200x600, not '%s'".formatted(text));
    }
    return new ViewDefinition.Viewport(
        Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
  }
}
