package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.heapatlas.model.Address;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Region;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.Hex;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;
import org.heapatlas.view.ViewDescription;

/**
 * The bytes of a process at an address: the one that was gone to here, or that was chosen last in
 * another view. Of a live process they are read anew for each frame; of a recording they are what
 * it kept.
 */
final class MemoryBytes implements MemoryView.ProcessView {
  static final String VIEW = "memory.bytes";
  static final ViewDescription.Parameter ADDRESS =
      new ViewDescription.Parameter("address", "address", List.of(), List.of());

  private static final String NOTHING =
      "Nothing is allocated yet; the first block's bytes show here, or those of an address that you"
          + " choose.";
  private static final String GONE =
      "The program has ended, and its memory with it. Type 'capture 0x…' into the debug console"
          + " while a program is recorded, and a replay shows those bytes.";
  private static final String UNREADABLE =
      "No page is mapped there, or the program itself may not read it.";
  private static final String NOT_KEPT =
      "The recording kept no bytes there before this instant; 'capture 0x…' in the debug console"
          + " keeps them while it is made.";
  private static final String NOT_LIVE =
      "what a recording kept cannot be searched or changed; start the program for that";
  private static final long CHANGE_SHOWN_NANOS = 2_000_000_000;
  private static final int SNAPSHOT_REACH = 512 << 10;
  private static final int MOST_WRITTEN = 4096;
  private static final Pattern DIGITS = Pattern.compile("([0-9a-fA-F]{2})+");
  private static final int ROW_PIXELS = 20;
  private static final int NARROW_PIXELS = 560;

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final MemoryCursor cursor = new MemoryCursor();
  private final ByteChanges changes = new ByteChanges();
  private final MemorySpans spans;
  private final PointerWords pointers;
  private final LongReading<ByteSearch.Question, ByteSearch> searching;
  private ByteSearch.Question question;
  private String note = "";
  private String compared = "";
  private String wanted;
  private long process;
  private OptionalLong chosen = OptionalLong.empty();
  private long position;
  private long moves;

  MemoryBytes(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.spans = new MemorySpans(session);
    this.pointers = new PointerWords(source);
    this.searching = new LongReading<>((asked, course) -> ByteSearch.read(source, asked, course));
    this.wanted = options.parameter("address");
    cursor.size(
        options.viewport().width() < NARROW_PIXELS ? 8 : 16,
        options.viewport().height() / ROW_PIXELS);
  }

  @Override
  public Frame frame(WatchedProcess shown) {
    if (shown.state() == WatchedProcess.State.ENDED) {
      return Frame.empty(view.widget(), view.title(), GONE);
    }
    RegionMap map = source.regions(shown.id());
    if (!place(shown, map.regions())) {
      return frame(shown, map, NOTHING, null);
    }
    LongReading.State<ByteSearch> search = question == null ? null : searching.of(question);
    if (search != null && !search.reading()) {
      land(search, shown);
    }
    Frame frame = frame(shown, map, null, hex(shown, map));
    return search != null && search.reading() ? frame.reading("searched", search.done()) : frame;
  }

  private Frame frame(WatchedProcess shown, RegionMap map, String empty, Hex hex) {
    Frame.Coverage coverage = Frame.Coverage.of(map.coverage());
    String left = hex == null ? "" : spans.left();
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(map.now(), shown),
        left.isEmpty() ? coverage : coverage.and(left),
        null,
        List.of(),
        null,
        actions(shown),
        empty,
        null,
        hex);
  }

  private List<Frame.Action> actions(WatchedProcess shown) {
    List<Frame.Action> actions = new ArrayList<>();
    actions.add(new Frame.Action("go", "Go to", "byte"));
    actions.add(new Frame.Action("show", "Bring into sight", "byte"));
    actions.add(new Frame.Action("scroll", "Scroll", "byte"));
    actions.add(new Frame.Action("follow", "Follow the pointer", "byte"));
    if (cursor.leadsBack()) {
      actions.add(new Frame.Action("back", "Back", "byte"));
    }
    if (cursor.leadsForward()) {
      actions.add(new Frame.Action("forward", "Forward", "byte"));
    }
    if (!shown.isReplayed()) {
      actions.add(new Frame.Action("search", "Search", "byte"));
    }
    if (question != null) {
      actions.add(new Frame.Action("stop", "Stop", "frame"));
    }
    if (!shown.isReplayed()) {
      actions.add(new Frame.Action("write", "Write", "byte"));
    }
    actions.add(new Frame.Action("history", "Its history", "byte", AddressHistory.VIEW));
    actions.add(Questions.on("byte"));
    actions.add(new Frame.Action("snapshot", "Snapshot", "frame"));
    if (changes.isCompared()) {
      actions.add(new Frame.Action("uncompare", "End comparison", "frame"));
    }
    return actions;
  }

  /** Where to look: as asked for, as chosen in another view, or at the first block there is. */
  private boolean place(WatchedProcess shown, List<Region> regions) {
    if (process != shown.id()) {
      process = shown.id();
      spans.forget();
      pointers.forget();
      changes.forget();
      searching.stop();
      question = null;
      note = "";
    }
    OptionalLong elsewhere = session.address(shown.id());
    if (elsewhere.isPresent() && !elsewhere.equals(chosen)) {
      cursor.go(elsewhere.getAsLong());
    }
    chosen = elsewhere;
    if (!wanted.isEmpty()) {
      cursor.go(MemoryCursor.place(wanted, 0));
      wanted = "";
      share(shown);
    }
    if (!cursor.isPlaced()) {
      firstBlock(shown, regions).ifPresent(cursor::go);
    }
    return cursor.isPlaced();
  }

  /**
   * A place that the user went to is what the other views tell of, and what a next one opens at.
   */
  private void share(WatchedProcess shown) {
    chosen = OptionalLong.of(cursor.at());
    session.lookAt(shown.id(), cursor.at());
  }

  private OptionalLong firstBlock(WatchedProcess shown, List<Region> regions) {
    Optional<Region> largest =
        regions.stream()
            .filter(region -> region.liveAllocations() > 0)
            .max(Comparator.comparingLong(Region::liveBytes));
    return largest.stream()
        .flatMap(region -> source.allocations(shown.id(), region.from(), region.to(), 1).stream())
        .mapToLong(block -> block.address())
        .findFirst();
  }

  private void land(LongReading.State<ByteSearch> search, WatchedProcess shown) {
    ByteSearch result = search.result();
    if (result == null) {
      note = search.why().isEmpty() ? "the search was stopped" : search.why();
    } else {
      note = result.words(question.wanted());
      if (result.found().isPresent()) {
        cursor.go(result.found().getAsLong());
        share(shown);
      }
    }
    question = null;
  }

  private Hex hex(WatchedProcess shown, RegionMap map) {
    ByteWindow window = read(shown, cursor.from(), cursor.length());
    Address.Range range = new Address.Range(window.from(), window.from() + window.length());
    Region around =
        map.regions().stream()
            .filter(region -> region.from() <= cursor.at() && cursor.at() < region.to())
            .findFirst()
            .orElse(null);
    List<Hex.Run> changed =
        ByteWindow.runs(
            shown.isReplayed()
                ? changes.in(window, moves(shown), 1)
                : changes.in(window, System.nanoTime(), CHANGE_SHOWN_NANOS));
    List<Hex.Run> unreadable = window.unreadable();
    String why = shown.isReplayed() ? NOT_KEPT : UNREADABLE;
    return new Hex(
        Address.text(window.from()),
        cursor.columns(),
        Base64.getEncoder().encodeToString(window.bytes()),
        unreadable,
        unreadable.isEmpty() ? "" : why,
        changed,
        comparedWith(shown),
        spans.in(shown, range, map.regions()),
        pointers.in(shown.id(), window, map.regions()),
        Address.text(cursor.at()),
        cursor.visit(),
        around == null ? "" : Inspection.named(around),
        around == null ? "" : Address.text(around.from()),
        around == null ? "" : Address.text(around.to()),
        note,
        MemoryView.subject(shown));
  }

  private ByteWindow read(WatchedProcess shown, long from, int length) {
    int step = shown.isReplayed() ? ByteWindow.KEPT_FROM : ByteWindow.PAGE;
    return ByteWindow.read(source, shown.id(), from, length, step);
  }

  /** How often the recording has been moved, for a change shows until it is moved again. */
  private long moves(WatchedProcess shown) {
    long now = session.cursor(shown.id()).timeline().position();
    if (now != position) {
      position = now;
      moves++;
      pointers.forget();
    }
    return moves;
  }

  private String comparedWith(WatchedProcess shown) {
    if (changes.isCompared()) {
      return compared;
    }
    return shown.isReplayed() ? "by the last move in time" : "in the last 2 s";
  }

  @Override
  public String act(OpenView.Act act, WatchedProcess shown) {
    switch (act.action()) {
      case "follow" -> follow(MemoryCursor.place(act.target(), cursor.at()), shown);
      case "search" -> search(act, shown);
      case "write" -> {
        return write(act, shown);
      }
      case "snapshot" -> takeSnapshot(shown);
      case Questions.ACTION -> {
        long at = MemoryCursor.place(act.target(), cursor.at());
        session.ask(Questions.ofRange(shown.id(), new Address.Range(at, at + 1)));
      }
      case "history" -> {
        cursor.show(MemoryCursor.place(act.target(), cursor.at()));
        share(shown);
      }
      default -> {
        long visit = cursor.visit();
        String answer = act(act);
        if (cursor.visit() != visit) {
          share(shown);
        }
        return answer;
      }
    }
    return "";
  }

  @Override
  public String act(OpenView.Act act) {
    note = "";
    switch (act.action()) {
      case "go" -> {
        long base = act.argument("at").isEmpty() ? cursor.at() : Address.parse(act.argument("at"));
        cursor.go(MemoryCursor.place(act.target(), base));
      }
      case "show" -> cursor.show(MemoryCursor.place(act.target(), cursor.at()));
      case "scroll" ->
          cursor.scroll(act.number("rows", 0), MemoryCursor.place(act.target(), cursor.at()));
      case "window" -> cursor.size(act.number("columns", 16), act.number("rows", 24));
      case "back" -> note = cursor.back() ? "" : "there is no place to go back to";
      case "forward" -> note = cursor.forward() ? "" : "there is no place to go forward to";
      case "stop" -> searching.stop();
      case "uncompare" -> changes.compareWith(null);
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  private void follow(long at, WatchedProcess shown) {
    ByteWindow word = read(shown, at, Long.BYTES);
    if (!word.isReadable(0, Long.BYTES)) {
      throw Problem.failed("the 8 bytes at %s cannot be read".formatted(Address.text(at)));
    }
    cursor.show(at);
    cursor.go(word.word(0));
    share(shown);
    note = "";
  }

  private void search(OpenView.Act act, WatchedProcess shown) {
    if (shown.isReplayed()) {
      throw Problem.usedWrongly(NOT_LIVE);
    }
    long from = MemoryCursor.place(act.target(), cursor.at());
    String bytes = ByteSearch.parse(act.argument("text"));
    searching.again();
    cursor.show(from);
    question = new ByteSearch.Question(shown.id(), bytes, from + 1, System.nanoTime());
    note = "";
  }

  private String write(OpenView.Act act, WatchedProcess shown) {
    if (shown.isReplayed()) {
      throw Problem.usedWrongly(NOT_LIVE);
    }
    if (shown.id() != process) {
      throw Problem.usedWrongly(
          "nothing was written: the view shows %s by now; look, and confirm it once more"
              .formatted(MemoryView.subject(shown)));
    }
    long at = MemoryCursor.place(act.target(), cursor.at());
    byte[] bytes = digits(act.argument("bytes"));
    source.writeMemory(shown.id(), at, bytes);
    cursor.show(at);
    return "%d %s written at %s of %s"
        .formatted(
            bytes.length,
            bytes.length == 1 ? "byte was" : "bytes were",
            Address.text(at),
            MemoryView.subject(shown));
  }

  private static byte[] digits(String text) {
    if (text.length() > 2 * MOST_WRITTEN || !DIGITS.matcher(text).matches()) {
      throw Problem.usedWrongly(
          "what is to be written is 1 to %d bytes, each of two hexadecimal digits"
              .formatted(MOST_WRITTEN));
    }
    return HexFormat.of().parseHex(text);
  }

  /** Of the window, and of a live process also of what lies around it. */
  private void takeSnapshot(WatchedProcess shown) {
    long from = cursor.from();
    long to = from + cursor.length();
    Optional<Region> around = source.find(shown.id(), cursor.at()).region();
    if (around.isPresent() && !shown.isReplayed()) {
      from = Math.min(from, Math.max(around.get().from(), from - SNAPSHOT_REACH));
      to = Math.max(to, Math.min(around.get().to(), to + SNAPSHOT_REACH));
    }
    changes.compareWith(read(shown, from, Math.toIntExact(to - from)));
    long now = source.summarize(shown.id(), 0, false).now();
    compared = "since the snapshot at %.3f s".formatted(now / 1e9);
    note = "";
  }

  @Override
  public void close() {
    searching.stop();
    spans.close();
  }
}
