package org.heapatlas.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The nearest events that fit, at most {@code most}, from a position on, or before it when {@code
 * backward}; {@code until} is the position at which to give up.
 */
public record EventSearch(
    long from, boolean backward, OptionalLong until, Filter filter, int most) {
  /** The nearest one. */
  public EventSearch(long from, boolean backward, OptionalLong until, Filter filter) {
    this(from, backward, until, filter, 1);
  }

  /**
   * What an event must be, all of it at once: its block overlaps {@code covers}; its kind, thread
   * and the places that its stack passes are one of these, where there are any. Without kinds: what
   * allocates or releases on the heap.
   */
  public record Filter(
      Optional<Address.Range> covers,
      Set<HeapEvent.Kind> kinds,
      Set<Integer> tids,
      List<CodePlace> places) {
    public static final Filter HEAP = new Filter(Optional.empty(), Set.of(), Set.of(), List.of());

    public Filter covering(Address.Range range) {
      return new Filter(Optional.of(range), kinds, tids, places);
    }

    public Filter ofThread(int tid) {
      return new Filter(covers, kinds, Set.of(tid), places);
    }

    public Filter passing(List<CodePlace> any) {
      return new Filter(covers, kinds, tids, List.copyOf(any));
    }
  }

  /** A line of the file whose path ends so, or a function; the other is empty, or 0. */
  public record CodePlace(String file, int line, String function) {
    public static CodePlace line(String file, int line) {
      return new CodePlace(file, line, "");
    }

    public static CodePlace function(String name) {
      return new CodePlace("", 0, name);
    }
  }

  /**
   * What a search has come to. {@code searchedTo} is from where it may go on; when {@code cut}, its
   * time was over. {@code places} are the indices of the places that {@code event} passes; {@code
   * more} are the events behind it, where more than one was wanted.
   */
  public record Match(
      Optional<HeapEvent> event,
      long searchedTo,
      boolean cut,
      List<Integer> places,
      List<HeapEvent> more) {

    /** In the search's direction. */
    public Stream<HeapEvent> events() {
      return Stream.concat(event.stream(), more.stream());
    }
  }
}
