package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;

/**
 * Blocks of a window that were released, as far as that is known: of a live process those that were
 * seen there before, of a recording the latest releases before where it stands. Main entry: in.
 * Called by {@link MemorySpans}.
 */
final class ReleasedBlocks {
  static final int MOST = 256;
  private static final Set<HeapEvent.Kind> RELEASES =
      Set.of(
          HeapEvent.Kind.RELEASE,
          HeapEvent.Kind.RELEASE_DELETE,
          HeapEvent.Kind.RELEASE_DELETE_ARRAY,
          HeapEvent.Kind.RELEASE_MOVED,
          HeapEvent.Kind.RELEASE_SAMPLED,
          HeapEvent.Kind.RELEASE_IN_GAP,
          HeapEvent.Kind.OVERWRITTEN);

  /** {@code site} allocated it; {@code nanos}: when it was released, where that was recorded. */
  record Released(long address, long size, long site, OptionalLong nanos) {}

  private record Question(long process, Address.Range window, long position) {}

  /** {@code more}: there are older ones. */
  private record Recorded(List<Released> blocks, boolean more) {}

  private final Session session;
  private final LongReading<Question, Recorded> reading;
  private final Map<Long, Released> known = new LinkedHashMap<>();
  private List<Allocation> before = List.of();
  private Address.Range shown = Address.Range.ALL;
  private String left = "";

  ReleasedBlocks(Session session) {
    this.session = session;
    HeapSource source = session.source();
    this.reading = new LongReading<>((question, course) -> recorded(source, question, course));
  }

  void forget() {
    known.clear();
    before = List.of();
  }

  void close() {
    reading.stop();
  }

  /** Those on which no live block lies. */
  List<Released> in(WatchedProcess process, Address.Range window, List<Allocation> live) {
    if (!process.isReplayed()) {
      left = "";
      return seen(window, live);
    }
    long position = session.cursor(process.id()).timeline().position();
    LongReading.State<Recorded> state = reading.of(new Question(process.id(), window, position));
    left = left(state);
    return state.result() == null
        ? List.of()
        : state.result().blocks().stream().filter(block -> isFree(block, live)).toList();
  }

  private static String left(LongReading.State<Recorded> state) {
    if (!state.why().isEmpty()) {
      return "which blocks were released here is not known: " + state.why();
    }
    if (state.reading()) {
      return "blocks that were released here are still being looked for";
    }
    return state.result() != null && state.result().more()
        ? String.format(
            Locale.ROOT,
            "only the latest %,d releases here were looked at; there may be more",
            MOST)
        : "";
  }

  /** What the last answer leaves out, in words, or nothing. */
  String left() {
    return left;
  }

  private List<Released> seen(Address.Range window, List<Allocation> live) {
    for (Allocation block : before) {
      boolean watched =
          overlaps(block.address(), block.size(), shown)
              && overlaps(block.address(), block.size(), window);
      if (watched && live.stream().noneMatch(each -> same(each, block))) {
        known.put(
            block.address(),
            new Released(block.address(), block.size(), block.site(), OptionalLong.empty()));
      }
    }
    known.values().removeIf(block -> !isFree(block, live));
    while (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
    before = live;
    shown = window;
    return known.values().stream()
        .filter(block -> overlaps(block.address(), block.size(), window))
        .toList();
  }

  private static boolean same(Allocation one, Allocation other) {
    return one.address() == other.address() && one.time() == other.time();
  }

  private static boolean isFree(Released block, List<Allocation> live) {
    return live.stream()
        .noneMatch(
            each ->
                overlaps(
                    each.address(),
                    each.size(),
                    new Address.Range(block.address(), block.address() + block.size())));
  }

  private static boolean overlaps(long address, long size, Address.Range range) {
    return address < range.to() && range.from() < address + size;
  }

  /**
   * The newest release of a place is the one that counts. A search that was cut for its time goes
   * on from where it came to.
   */
  private static Recorded recorded(
      HeapSource source, Question question, LongReading.Course<Recorded> course) {
    EventSearch.Filter releases =
        new EventSearch.Filter(Optional.of(question.window()), RELEASES, Set.of(), List.of());
    List<Released> all = new ArrayList<>();
    int found = 0;
    long from = question.position();
    EventSearch.Match match;
    do {
      EventSearch search =
          new EventSearch(from, true, OptionalLong.empty(), releases, MOST - found);
      match = source.search(question.process(), search);
      List<HeapEvent> events = match.events().toList();
      events.forEach(event -> add(event, all));
      found += events.size();
      from = match.searchedTo();
      course.soFar(new Recorded(List.copyOf(all), false), 0);
    } while (match.cut() && found < MOST);
    boolean more = found >= MOST && mayHaveMore(source, question.process(), from, releases);
    return new Recorded(List.copyOf(all), more);
  }

  /** Also where the search for an older one was cut for its time. */
  private static boolean mayHaveMore(
      HeapSource source, long process, long from, EventSearch.Filter releases) {
    EventSearch older = new EventSearch(from, true, OptionalLong.empty(), releases);
    EventSearch.Match match = source.search(process, older);
    return match.event().isPresent() || match.cut();
  }

  private static void add(HeapEvent event, List<Released> all) {
    Address.Range range = new Address.Range(event.address(), event.address() + event.size());
    if (all.stream().noneMatch(each -> overlaps(each.address(), each.size(), range))) {
      OptionalLong nanos = OptionalLong.of(event.nanos());
      all.add(new Released(event.address(), event.size(), event.allocatedBy(), nanos));
    }
  }
}
