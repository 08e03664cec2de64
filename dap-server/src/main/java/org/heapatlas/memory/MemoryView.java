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
    ProcessView of(MemoryView view, Session session, Options options);

    /** Of a view that needs nothing of the session but its heaps. */
    static Kind ofHeap(HeapKind kind) {
      return (view, session, options) -> kind.of(view, session.source(), options);
    }
  }

  /** As {@link Kind}, of the heap alone. */
  interface HeapKind {
    ProcessView of(MemoryView view, HeapSource source, Options options);
  }

  /** A view of one process; the frame is made from its figures now. */
  interface ProcessView {
    Frame frame(WatchedProcess process);

    String act(OpenView.Act act);

    /** What goes on behind it ends. */
    default void close() {}

    /** The same, of a view whose actions are about the process that it shows. */
    default String act(OpenView.Act act, WatchedProcess process) {
      return act(act);
    }
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
    ProcessView view = kind.of(this, session, options);
    String wanted = options.parameter("process");
    if (!wanted.isEmpty()) {
      processId(wanted);
    }
    return new OpenView() {
      @Override
      public Frame frame() {
        return shown(session, wanted)
            .map(process -> timed(view.frame(process), session, process))
            .orElseGet(() -> Frame.empty(widget, title, NO_PROCESS));
      }

      @Override
      public String act(Act act) {
        Optional<WatchedProcess> process = shown(session, wanted);
        return process.isPresent() ? view.act(act, process.get()) : view.act(act);
      }

      @Override
      public void close() {
        view.close();
      }
    };
  }

  /** The process asked for, or the one that the session is about. */
  private static Optional<WatchedProcess> shown(Session session, String wanted) {
    return wanted.isEmpty() ? session.main() : session.process(processId(wanted));
  }

  private static String named(WatchedProcess process) {
    return subject(process) + (ended(process) ? ", ended" : "");
  }

  /** What a view is about, for its title. */
  static String subject(WatchedProcess process) {
    return process.title() + (process.isReplayed() ? ", replayed" : "");
  }

  private static boolean ended(WatchedProcess process) {
    return process.state() == WatchedProcess.State.ENDED;
  }

  /** How the program ended, and where a replayed one stands, is the session's to know. */
  static Frame timed(Frame frame, Session session, WatchedProcess process) {
    return switch (process.state()) {
      case RUNNING, STOPPED -> frame;
      case ENDED -> session.endOf(process).map(ProgramEnd::text).map(frame::ended).orElse(frame);
      case REPLAYED ->
          frame.replayed(session.cursor(process.id()), session.player().pace(process.id()));
    };
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

  static Frame.Time time(long now, WatchedProcess process) {
    return Frame.Time.live(now, !ended(process));
  }
}
