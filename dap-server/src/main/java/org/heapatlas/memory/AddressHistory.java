package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.heapatlas.model.Address;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;
import org.heapatlas.view.Table.Column;
import org.heapatlas.view.TableState;
import org.heapatlas.view.ViewDefinition;

/**
 * Every allocation that ever covered an address: the one that was looked at last in any view, or
 * the one that was typed.
 */
final class AddressHistory implements MemoryView.ProcessView {
  static final String VIEW = "memory.history";
  private static final String CHOOSE =
      "Choose an allocation in the heap map, or type an address to see all that ever lay there.";
  private static final String NOBODY = "No allocation that was recorded ever covered this address.";
  private static final String RECORD =
      "%s. The past of an address is known of what is recorded:\n"
          + "    ./heapatlas record -o FOLDER -- PROGRAM";
  private static final Set<String> ON_ROWS = Set.of("begin", "end", "bytes", Questions.ACTION);
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("allocatedBy", "Allocated by ← its callers"),
          new Column("begin", "From", "ns", "right", false, false),
          new Column("lifetime", "Lifetime", "ns", "right", false, true),
          new Column("size", "Size", "B", "right", false, false),
          Column.text("thread", "Threads"),
          Column.text("releasedBy", "Released by ← its callers"));

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final LongReading<Lives.Question, Lives> reading;
  private TableState state = TableState.by("begin");

  AddressHistory(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.reading = new LongReading<>((question, course) -> Lives.read(source, question, course));
  }

  @Override
  public Frame frame(WatchedProcess process) {
    Summary summary = source.summarize(process.id(), 0, false);
    if (!state.filter().isBlank() && typed().isEmpty()) {
      return frame(
          process,
          summary,
          view.title(),
          "'%s' is no address; write it as 0x…".formatted(state.filter()));
    }
    OptionalLong address = typed().isPresent() ? typed() : session.address(process.id());
    if (address.isEmpty()) {
      return frame(process, summary, view.title(), CHOOSE);
    }
    String title = "History of " + Address.text(address.getAsLong());
    LongReading.State<Lives> read =
        reading.of(new Lives.Question(process.id(), address.getAsLong()));
    if (!read.why().isEmpty()) {
      return frame(process, summary, title, RECORD.formatted(read.why()));
    }
    Lives lives = read.result();
    if (lives == null || lives.all().isEmpty()) {
      Frame none = frame(process, summary, title, read.reading() ? "Reading…" : NOBODY);
      return read.reading() ? none.reading("back through the recording", read.done()) : none;
    }
    Frame frame = frame(process, summary, title, lives);
    return read.reading() ? frame.reading("back through the recording", read.done()) : frame;
  }

  private OptionalLong typed() {
    try {
      return state.filter().isBlank()
          ? OptionalLong.empty()
          : OptionalLong.of(Address.parse(state.filter().strip()));
    } catch (Problem notYetTyped) {
      return OptionalLong.empty();
    }
  }

  private Frame frame(WatchedProcess process, Summary summary, String title, String empty) {
    return frame(process, summary, title, empty, null, state.table(COLUMNS, List.of(), 0));
  }

  private Frame frame(WatchedProcess process, Summary summary, String title, Lives lives) {
    long position =
        process.isReplayed() ? session.cursor(process.id()).timeline().position() : Long.MAX_VALUE;
    List<Table.Row> rows =
        lives.all().stream()
            .skip(state.offset())
            .limit(state.rows())
            .map(life -> row(life, lives))
            .toList();
    Frame.Selection here =
        lives.all().stream()
            .filter(life -> life.liveAt(position))
            .findFirst()
            .map(AddressHistory::selection)
            .orElse(null);
    String shown = lives.more() ? title + ", the newest " + lives.all().size() : title;
    return frame(
        process, summary, shown, null, here, state.table(COLUMNS, rows, lives.all().size()));
  }

  private static Frame.Selection selection(Lives.Life life) {
    HeapEvent block = life.either();
    return new Frame.Selection(
        Address.text(block.address()), Address.text(block.address() + block.size()), life.id());
  }

  private Frame frame(
      WatchedProcess process,
      Summary summary,
      String title,
      String empty,
      Frame.Selection selection,
      Table table) {
    return new Frame(
        view.widget(),
        title,
        MemoryView.time(summary.now(), process),
        Frame.Coverage.of(summary.coverage()),
        null,
        List.of(),
        selection,
        actions(process),
        empty,
        null,
        table);
  }

  private List<Frame.Action> actions(WatchedProcess process) {
    List<Frame.Action> actions = new ArrayList<>(TableState.actions("Address, 0x…"));
    actions.add(new Frame.Action("bytes", "Show its bytes", "row", MemoryBytes.VIEW));
    actions.add(Questions.on("row"));
    if (process.isReplayed()) {
      actions.add(new Frame.Action("begin", "Go to its allocation", "row"));
      actions.add(new Frame.Action("end", "Go to its release", "row"));
    } else {
      actions.add(new Frame.Action("again", "Read again", "frame"));
    }
    return actions;
  }

  private static Table.Row row(Lives.Life life, Lives lives) {
    Optional<HeapEvent> begin = life.begin();
    Optional<HeapEvent> end = life.end();
    List<Table.StackLine> detail = new ArrayList<>();
    begin.ifPresent(event -> detail.addAll(told("Allocated", event, lives)));
    end.ifPresent(event -> detail.addAll(told("Released", event, lives)));
    return new Table.Row(
        life.id(),
        List.of(
            Cell.text(
                begin
                    .map(event -> SiteWords.name(lives.stack(event)))
                    .orElse("(before the recording)")),
            begin.map(event -> Cell.number(event.nanos())).orElse(Cell.text("before")),
            lifetime(life),
            Cell.number(life.either().size()),
            Cell.text(threads(life)),
            Cell.text(end.map(event -> SiteWords.name(lives.stack(event))).orElse("still live"))),
        detail);
  }

  private static Cell lifetime(Lives.Life life) {
    if (life.end().isEmpty()) {
      return Cell.text("still live");
    }
    return life.begin()
        .map(begin -> Cell.number(life.end().get().nanos() - begin.nanos()))
        .orElse(Cell.text("not known"));
  }

  private static String threads(Lives.Life life) {
    String begin = life.begin().map(event -> Integer.toString(event.tid())).orElse("?");
    String end = life.end().map(event -> Integer.toString(event.tid())).orElse(begin);
    return begin.equals(end) ? begin : begin + " → " + end;
  }

  private static List<Table.StackLine> told(String what, HeapEvent event, Lives lives) {
    List<Table.StackLine> lines = new ArrayList<>();
    lines.add(
        new Table.StackLine(
            String.format(
                Locale.ROOT,
                "%s at %.6f s by thread %d, event %,d: %s at %s",
                what,
                event.nanos() / 1e9,
                event.tid(),
                event.position(),
                event.kind().text(),
                Address.text(event.address())),
            "",
            0,
            ""));
    lines.addAll(SiteWords.lines(lives.stack(event)));
    return lines;
  }

  @Override
  public String act(OpenView.Act act) {
    if (act.action().equals("again")) {
      reading.again();
    } else {
      state = state.after(act, COLUMNS).orElseThrow(() -> MemoryView.unknown(act));
    }
    return "";
  }

  @Override
  public String act(OpenView.Act act, WatchedProcess process) {
    if (!ON_ROWS.contains(act.action())) {
      return act(act);
    }
    OptionalLong address = typed().isPresent() ? typed() : session.address(process.id());
    Lives lives =
        address.isEmpty()
            ? null
            : reading.of(new Lives.Question(process.id(), address.getAsLong())).result();
    Lives.Life life =
        lives == null
            ? null
            : lives.all().stream()
                .filter(each -> each.id().equals(act.target()))
                .findFirst()
                .orElse(null);
    if (life == null) {
      throw Problem.notFound("no allocation '%s' is in this history".formatted(act.target()));
    }
    if (act.action().equals(Questions.ACTION)) {
      HeapEvent block = life.either();
      session.ask(
          Questions.ofRange(
              process.id(),
              new Address.Range(block.address(), block.address() + Math.max(1, block.size()))));
      return "";
    }
    if (act.action().equals("bytes")) {
      session.lookAt(process.id(), life.either().address());
      return "";
    }
    Optional<HeapEvent> event = act.action().equals("begin") ? life.begin() : life.end();
    session.travel(
        process.id(),
        event
            .<Moment>map(there -> new Moment.Position(there.position()))
            .orElse(act.action().equals("begin") ? Moment.BEGINNING : Moment.END));
    return "";
  }

  @Override
  public void close() {
    reading.stop();
  }
}
