package org.heapatlas.model;

import java.util.List;
import java.util.Optional;

/** A call stack, innermost frame first; {@code cut} when outer frames are missing. */
public record Stack(List<StackFrame> frames, boolean cut) {
  public static final Stack EMPTY = new Stack(List.of(), false);

  /** The innermost frame that is no plumbing of allocators: who wanted the memory. */
  public Optional<StackFrame> caller() {
    return frames.stream().skip(plumbing()).findFirst();
  }

  /**
   * Who wanted the memory, readable, with what it called for that, a container or the program's own
   * wrapper; where it has no name, with the first caller that has one. Empty when no stack was
   * recorded.
   */
  public Optional<String> owner() {
    int at = plumbing();
    return caller()
        .map(
            caller ->
                at == 0 || AllocatorFrames.isAllocator(frames.get(at - 1))
                    ? caller.name()
                    : caller.name() + " via " + frames.get(at - 1).name())
        .map(owner -> owner + named().map(caller -> " under " + caller.name()).orElse(""));
  }

  /** The first caller with a name, when the very first has none. */
  private Optional<StackFrame> named() {
    List<StackFrame> callers = callers();
    return callers.isEmpty() || !callers.getFirst().function().isEmpty()
        ? Optional.empty()
        : callers.stream().filter(frame -> !frame.function().isEmpty()).findFirst();
  }

  /** The owner and where it stands in the source. */
  public Optional<String> described() {
    return owner().flatMap(owner -> caller().map(caller -> owner + "  " + caller.place()));
  }

  /**
   * How many of the innermost frames are plumbing; 0 when all are, for then the first is as good as
   * any.
   */
  private int plumbing() {
    int at = 0;
    while (at < frames.size() && AllocatorFrames.isPlumbing(frames.get(at))) {
      at++;
    }
    return at == frames.size() ? 0 : at;
  }

  /** The frames from the caller outwards, as whoever wants to tell callers apart needs them. */
  public List<StackFrame> callers() {
    return frames.subList(plumbing(), frames.size());
  }
}
