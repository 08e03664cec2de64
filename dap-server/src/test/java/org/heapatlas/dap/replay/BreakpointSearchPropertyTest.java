package org.heapatlas.dap.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.heapatlas.model.Address;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.session.FakeHeap;

/** The search for breakpoints, against looking at one event after the other. */
class BreakpointSearchPropertyTest {
  private static final long PROCESS = 7;
  private static final int PLACES = 5;
  private static final int BLOCKS = 6;

  private final BreakpointTable table = new BreakpointTable();

  /** A number below PLACES is a line, another one a block. */
  private EventBreakpoint breakpoint(int target, boolean even) {
    EventBreakpoint.Target made =
        target < PLACES
            ? EventBreakpoint.Code.line("/src/file.c", target + 1)
            : new EventBreakpoint.Data(PROCESS, range(target - PLACES));
    return table.make(made, new EventBreakpoint.Wishes(even ? "size == 32" : "", "", ""));
  }

  private static Address.Range range(int block) {
    return new Address.Range(FakeHeap.BASE + block * 64L, FakeHeap.BASE + block * 64L + 1);
  }

  private static boolean isAt(EventBreakpoint breakpoint, HeapEvent event) {
    boolean hit =
        switch (breakpoint.target()) {
          case EventBreakpoint.Code code -> code.place().line() == event.site();
          case EventBreakpoint.Data data ->
              event.address() <= data.range().from()
                  && data.range().from() < event.address() + event.size();
          case EventBreakpoint.Raised _ -> false;
        };
    return hit && (breakpoint.condition().isEmpty() || event.size() == 32);
  }

  @Property
  void everyStopIsFoundInItsOrder(
      @ForAll @NotEmpty @Size(max = 60) List<@IntRange(max = BLOCKS * PLACES * 2 - 1) Integer> past,
      @ForAll @NotEmpty @Size(max = 4) List<@IntRange(max = PLACES + BLOCKS - 1) Integer> targets,
      @ForAll boolean backward,
      @ForAll @IntRange(min = 1, max = 20) int patience) {
    FakeHeap heap = new FakeHeap();
    List<HeapEvent> events = new ArrayList<>();
    for (int each : past) {
      events.add(
          heap.past.add(
              HeapEvent.Kind.ALLOCATE,
              FakeHeap.BASE + each % BLOCKS * 64L,
              each >= BLOCKS * PLACES ? 32 : 16,
              4711,
              each / BLOCKS % PLACES + 1));
    }
    heap.past.patience = patience;
    List<EventBreakpoint> breakpoints =
        targets.stream().map(target -> breakpoint(target, target % 2 == 0)).toList();

    List<List<Integer>> found = new ArrayList<>();
    List<Long> at = new ArrayList<>();
    Explorer explorer = new Explorer(heap, PROCESS, () -> false);
    long from = backward ? events.size() : 0;
    for (Optional<BreakpointSearch.Stop> stop = next(explorer, breakpoints, backward, from);
        stop.isPresent();
        stop = next(explorer, breakpoints, backward, from)) {
      long position = stop.get().event().position();
      at.add(position);
      found.add(stop.get().breakpoints().stream().map(EventBreakpoint::id).sorted().toList());
      from = backward ? position : position + 1;
    }

    List<HeapEvent> path = backward ? events.reversed() : events;
    List<HeapEvent> expected =
        path.stream()
            .filter(event -> breakpoints.stream().anyMatch(each -> isAt(each, event)))
            .toList();
    assertThat(at).isEqualTo(expected.stream().map(HeapEvent::position).toList());
    assertThat(found)
        .isEqualTo(
            expected.stream()
                .map(
                    event ->
                        breakpoints.stream()
                            .filter(each -> isAt(each, event))
                            .map(EventBreakpoint::id)
                            .toList())
                .toList());
  }

  private static Optional<BreakpointSearch.Stop> next(
      Explorer explorer, List<EventBreakpoint> breakpoints, boolean backward, long from) {
    return new BreakpointSearch(explorer, PROCESS, breakpoints, List.of(), backward, text -> {})
        .run(from, position -> {});
  }

  /**
   * A condition that never holds lets a search pass all hits, each exactly once; also when it goes
   * stretch by stretch, as where a recording is played.
   */
  @Property
  void whatDoesNotStopIsPassedOnce(
      @ForAll @NotEmpty @Size(max = 40) List<@IntRange(max = BLOCKS - 1) Integer> past,
      @ForAll boolean backward,
      @ForAll @IntRange(min = 1, max = 50) int stretch) {
    FakeHeap heap = new FakeHeap();
    past.forEach(
        block -> heap.past.add(HeapEvent.Kind.ALLOCATE, FakeHeap.BASE + block * 64L, 16, 4711, 1));
    List<EventBreakpoint> breakpoints =
        List.of(
            table.make(
                EventBreakpoint.Code.line("/src/file.c", 1),
                new EventBreakpoint.Wishes("", "", "x")),
            table.make(
                new EventBreakpoint.Data(PROCESS, range(0)),
                new EventBreakpoint.Wishes("size > 16", "", "")));
    List<Long> passed = new ArrayList<>();
    Explorer explorer = new Explorer(heap, PROCESS, () -> false);
    for (int done = 0; done < past.size(); done += stretch) {
      int to = Math.min(done + stretch, past.size());
      OptionalLong until = OptionalLong.of(backward ? past.size() - to : to);
      assertThat(
              new BreakpointSearch(explorer, PROCESS, breakpoints, List.of(), backward, text -> {})
                  .run(backward ? past.size() - done : done, until, passed::add))
          .isEmpty();
    }
    List<Long> all = LongStream.range(0, past.size()).boxed().toList();
    assertThat(passed).isEqualTo(backward ? all.reversed() : all);
  }
}
