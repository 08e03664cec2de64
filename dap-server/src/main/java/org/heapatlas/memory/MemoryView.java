package org.heapatlas.memory;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.heapatlas.model.Address;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.ProgramEnd;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;
import org.heapatlas.view.ViewDescription;

/**
 * What the views of this feature share: which process they show, and what they show before there is
 * one.
 */
record MemoryView(
    String id,
    String title,
    String widget,
    String text,
    Kind kind,
    List<ViewDescription.Parameter> parameters)
    implements ViewDefinition {
  static final String FEATURE = "memory";
  private static final String NO_PROCESS =
      "No program has appeared yet; start one, or attach to one.";

  MemoryView(String id, String title, String widget, String text, Kind kind) {
    this(id, title, widget, text, kind, List.of());
  }

  /** Makes the view of one process. */
  interface Kind {
    ProcessView of(MemoryView view, HeapSource source, Options options);
  }

  /** A view of one process; the frame is made from its figures now. */
  interface ProcessView {
    Frame frame(WatchedProcess process);

    String act(OpenView.Act act);
  }

  @Override
  public ViewDescription description(Collection<WatchedProcess> processes) {
    return new ViewDescription(
        id,
        title,
        FEATURE,
        widget,
        text,
        Stream.concat(Stream.of(processParameter(processes)), parameters.stream()).toList(),
        0);
  }

  private static ViewDescription.Parameter processParameter(Collection<WatchedProcess> processes) {
    return new ViewDescription.Parameter(
        "process",
        "process",
        processes.stream().map(process -> Long.toString(process.id())).toList(),
        processes.stream().map(MemoryView::named).toList());
  }

  @Override
  public OpenView open(Session session, Options options) {
    ProcessView view = kind.of(this, session.source(), options);
    String wanted = options.parameter("process");
    if (!wanted.isEmpty()) {
      processId(wanted);
    }
    return new OpenView() {
      @Override
      public Frame frame() {
        return shown(session, wanted)
            .map(process -> endSaid(view.frame(process), session, process))
            .orElseGet(() -> Frame.empty(widget, title, NO_PROCESS));
      }

      @Override
      public String act(Act act) {
        return view.act(act);
      }
    };
  }

  /** The process asked for, or the one that the session is about. */
  private static Optional<WatchedProcess> shown(Session session, String wanted) {
    return wanted.isEmpty() ? session.main() : session.process(processId(wanted));
  }

  private static String named(WatchedProcess process) {
    return process.title() + (ended(process) ? ", ended" : "");
  }

  private static boolean ended(WatchedProcess process) {
    return process.state() == WatchedProcess.State.ENDED;
  }

  private static Frame endSaid(Frame frame, Session session, WatchedProcess process) {
    return ended(process)
        ? session.endOf(process).map(ProgramEnd::text).map(frame::ended).orElse(frame)
        : frame;
  }

  private static long processId(String text) {
    try {
      return Address.parse(text);
    } catch (Problem e) {
      throw new Problem(
          Problem.Kind.USED_WRONGLY, "'%s' is not the number of a process".formatted(text), e);
    }
  }

  /** What a view answers to an action that it does not have. */
  static Problem unknown(OpenView.Act act) {
    return Problem.usedWrongly(
        "this view has no action '%s'; its frame lists them".formatted(act.action()));
  }

  /** A number among an action's arguments, or what holds without it. */
  static long number(OpenView.Act act, String name, long otherwise) {
    try {
      String text = act.argument(name);
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Problem(
          Problem.Kind.USED_WRONGLY,
          "the argument '%s' of the action '%s' is no number".formatted(name, act.action()),
          e);
    }
  }

  static Frame.Time time(long now, WatchedProcess process) {
    return Frame.Time.live(now, !ended(process));
  }
}
