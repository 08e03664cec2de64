package org.heapatlas.memory;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.heapatlas.model.NodeClock;
import org.heapatlas.model.NodeHealth;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;
import org.heapatlas.view.Table.Column;
import org.heapatlas.view.TableState;
import org.heapatlas.view.ViewDefinition;
import org.heapatlas.view.ViewDescription;

/**
 * The nodes of a session: whether their collectors answer, what they watch, what was lost, and how
 * well their clocks are known. A node that is silent keeps whoever asks it waiting, so they are
 * asked once a second on a thread of its own, which {@link #close} ends; a frame shows what they
 * said last.
 */
final class NodesTable implements OpenView {
  static final ViewDefinition DEFINITION = new Definition();
  private static final System.Logger LOG = System.getLogger("org.heapatlas.memory");
  private static final String WIDGET = "table";
  private static final String TITLE = "Nodes";
  private static final String NONE =
      "No node has answered yet. Attach to the collectors of other machines with \"nodes\": [\"HOST:PORT\"].";
  private static final long FIRST_ANSWER_MILLIS = 2000;
  private static final long PAUSE_MILLIS = 1000;
  private static final int MOST_PROCESSES = 100;
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("node", "Node"),
          Column.text("state", "State"),
          Column.number("processes", "Processes", "count"),
          Column.bar("liveBytes", "Live bytes", "B"),
          Column.number("lost", "Lost events", "count"),
          Column.number("clockOffset", "Clock ahead", "ns"),
          Column.number("clockError", "Clock error", "ns"));

  /** NaN: the node's clock was not measured. */
  private record Line(
      String node,
      String state,
      long processes,
      long liveBytes,
      long lost,
      double clockOffset,
      double clockError) {}

  /** What they said at one time; {@code now} is the latest of their processes' clocks. */
  private record Look(List<Line> lines, long now) {}

  private static final Map<String, Comparator<Line>> ORDERS =
      Map.of(
          "node", Comparator.comparing(Line::node),
          "processes", Comparator.comparingLong(Line::processes),
          "liveBytes", Comparator.comparingLong(Line::liveBytes),
          "lost", Comparator.comparingLong(Line::lost),
          "clockOffset", Comparator.comparingDouble(Line::clockOffset),
          "clockError", Comparator.comparingDouble(Line::clockError));

  private final Session session;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);
  private volatile Look last = new Look(List.of(), 0);
  private volatile String failure = "";
  private boolean waited;
  private TableState state = new TableState("node", false, "", 0, 100);

  /** Of no single process, so it has no parameter. */
  private static final class Definition implements ViewDefinition {
    @Override
    public ViewDescription description(Collection<WatchedProcess> processes) {
      return new ViewDescription(
          "memory.nodes",
          TITLE,
          MemoryView.FEATURE,
          WIDGET,
          "The collectors of the session: whether they answer, what was lost, how their clocks stand",
          List.of(),
          0);
    }

    @Override
    public OpenView open(Session session, Options options) {
      return new NodesTable(session);
    }
  }

  private NodesTable(Session session) {
    this.session = session;
    Thread.ofVirtual().name("nodes").start(this::ask);
  }

  private void ask() {
    try {
      do {
        look();
        answered.countDown();
      } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whatever fails is shown until a look succeeds again. */
  private void look() {
    try {
      last = read();
      failure = "";
    } catch (Problem problem) {
      failure = problem.getMessage();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the nodes could not be asked", e);
      failure = "the nodes could not be asked; the server's log says why";
    }
  }

  private Look read() {
    AtomicLong now = new AtomicLong();
    Map<String, NodeClock> clocks =
        session.source().clocks().stream()
            .collect(Collectors.toMap(NodeClock::node, Function.identity(), (one, other) -> one));
    List<Line> lines =
        session.source().nodes(session.id()).stream()
            .map(health -> line(health, Optional.ofNullable(clocks.get(health.node())), now))
            .toList();
    return new Look(lines, now.get());
  }

  private Line line(NodeHealth health, Optional<NodeClock> clock, AtomicLong now) {
    List<WatchedProcess> its =
        session.processes().stream().filter(each -> each.node().equals(health.node())).toList();
    Map<WatchedProcess, Summary> summaries = health.answers() ? summaries(its) : Map.of();
    summaries.values().forEach(each -> now.accumulateAndGet(each.now(), Math::max));
    boolean replayed = its.stream().anyMatch(WatchedProcess::isReplayed);
    return new Line(
        health.node().isEmpty() ? "this machine" : health.node(),
        health.answers() ? replayed ? "replayed" : "answers" : health.problem(),
        its.stream().filter(NodesTable::lives).count(),
        its.stream()
            .filter(each -> summaries.containsKey(each) && lives(each))
            .mapToLong(each -> summaries.get(each).liveBytes())
            .sum(),
        summaries.values().stream().mapToLong(each -> each.coverage().lost()).sum(),
        clock.map(known -> (double) known.clock().offset()).orElse(Double.NaN),
        clock.map(known -> (double) known.clock().error()).orElse(Double.NaN));
  }

  /** Of those that run, and of those that ended last. */
  private Map<WatchedProcess, Summary> summaries(List<WatchedProcess> processes) {
    Map<WatchedProcess, Summary> found = new HashMap<>();
    processes.stream()
        .sorted(
            Comparator.comparing((WatchedProcess each) -> !lives(each))
                .thenComparing(Comparator.comparingLong(WatchedProcess::id).reversed()))
        .limit(MOST_PROCESSES)
        .forEach(each -> summary(each).ifPresent(its -> found.put(each, its)));
    return found;
  }

  private Optional<Summary> summary(WatchedProcess process) {
    try {
      return Optional.of(session.source().summarize(process.id(), 0, false));
    } catch (Problem gone) {
      return Optional.empty();
    }
  }

  private static boolean lives(WatchedProcess process) {
    return process.isReplayed() || process.state() != WatchedProcess.State.ENDED;
  }

  @Override
  public Frame frame() {
    awaitFirst();
    Look look = last;
    if (!failure.isEmpty()) {
      return Frame.failed(WIDGET, TITLE, failure);
    }
    if (look.lines().isEmpty()) {
      return Frame.empty(WIDGET, TITLE, NONE);
    }
    Comparator<Line> order = ORDERS.get(state.sort());
    List<Line> found =
        look.lines().stream()
            .filter(line -> line.node().contains(state.filter()))
            .sorted(state.descending() ? order.reversed() : order)
            .toList();
    List<Table.Row> rows =
        found.stream().skip(state.offset()).limit(state.rows()).map(NodesTable::row).toList();
    Optional<WatchedProcess> main = session.main();
    Frame frame = frame(main.map(each -> MemoryView.time(look.now(), each)), rows, found.size());
    return main.map(each -> MemoryView.timed(frame, session, each)).orElse(frame);
  }

  private Frame frame(Optional<Frame.Time> time, List<Table.Row> rows, int total) {
    return new Frame(
        WIDGET,
        TITLE,
        time.orElse(null),
        null,
        null,
        List.of(),
        null,
        TableState.actions("Filter by address"),
        null,
        null,
        state.table(COLUMNS, rows, total));
  }

  /** Once: all views are refreshed by one thread. */
  private void awaitFirst() {
    if (waited) {
      return;
    }
    waited = true;
    try {
      var _ = answered.await(FIRST_ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Table.Row row(Line line) {
    return new Table.Row(
        line.node(),
        List.of(
            Cell.text(line.node()),
            Cell.text(line.state()),
            Cell.number(line.processes()),
            Cell.number(line.liveBytes()),
            Cell.number(line.lost()),
            measured(line.clockOffset()),
            measured(line.clockError())),
        List.of());
  }

  private static Cell measured(double nanos) {
    return Double.isNaN(nanos) ? Cell.text("not measured") : Cell.number(nanos);
  }

  @Override
  public String act(Act act) {
    state = state.after(act, COLUMNS).orElseThrow(() -> MemoryView.unknown(act));
    return "";
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
