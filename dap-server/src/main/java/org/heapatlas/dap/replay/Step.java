package org.heapatlas.dap.replay;

import java.util.List;
import java.util.Optional;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Timeline;

/** The ways to go by one step; an event is an allocation or release of the heap. */
public enum Step {
  /** To the next event of the same thread. */
  NEXT,
  /** To the next event, whichever thread's. */
  INTO,
  /** To the next event of the same thread behind the return of the function that it is in. */
  OUT,
  /** To the event of the same thread before. */
  BACK;

  boolean isBackward() {
    return this == BACK;
  }

  Optional<HeapEvent> from(Timeline now, int tid, Explorer explorer) {
    EventSearch.Filter own = EventSearch.Filter.HEAP.ofThread(tid);
    long next = now.position() + 1;
    return switch (this) {
      case NEXT -> explorer.next(next, false, own);
      case INTO -> explorer.next(next, false, EventSearch.Filter.HEAP);
      case BACK -> explorer.next(now.position(), true, own);
      case OUT -> out(now, own, explorer);
    };
  }

  private static Optional<HeapEvent> out(Timeline now, EventSearch.Filter own, Explorer explorer) {
    Optional<HeapEvent> here =
        now.event()
            .filter(event -> own.tids().contains(event.tid()))
            .or(() -> explorer.next(now.position(), true, own));
    List<StackFrame> inside = here.map(explorer::stack).orElse(Stack.EMPTY).callers();
    Optional<HeapEvent> event = explorer.next(now.position() + 1, false, own);
    while (event.isPresent() && isWithin(inside, explorer.stack(event.get()))) {
      event = explorer.next(event.get().position() + 1, false, own);
    }
    return event;
  }

  /**
   * Whether a stack is still in the function of these frames: it has the same frames outside of it,
   * and the function inside of them.
   */
  private static boolean isWithin(List<StackFrame> function, Stack stack) {
    int outside = function.size() - 1;
    int inside = stack.frames().size() - outside - 1;
    if (outside < 0 || inside < 0) {
      return false;
    }
    for (int i = 1; i <= outside; i++) {
      if (stack.frames().get(inside + i).pc() != function.get(i).pc()) {
        return false;
      }
    }
    return stack.frames().get(inside).title().equals(function.getFirst().title());
  }
}
