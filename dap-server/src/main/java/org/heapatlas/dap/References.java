package org.heapatlas.dap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.lsp4j.debug.Variable;
import org.heapatlas.model.Allocation;

/**
 * What a client asks for again by number: frames of stopped threads, groups of variables, targets
 * and source files that are not here. Numbers are never used twice; those of a process's stop are
 * forgotten when it goes on. Also the allocation that was looked at last.
 */
public final class References {
  /** A frame of a stopped thread. */
  public record FrameKey(long process, int tid) {}

  /** An allocation, and in which process it is. */
  public record Located(long process, Allocation allocation) {}

  private record Group(long process, Supplier<List<Variable>> variables) {}

  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, FrameKey> frames = new ConcurrentHashMap<>();
  private final Map<Integer, Group> groups = new ConcurrentHashMap<>();
  private final Map<Integer, Long> targets = new ConcurrentHashMap<>();
  private final Map<String, Integer> missingSources = new ConcurrentHashMap<>();
  private volatile Located found;

  public int frame(FrameKey key) {
    int number = last.incrementAndGet();
    frames.put(number, key);
    return number;
  }

  /** The number of a source file that is not on this machine; the same one for its path. */
  public int missingSource(String path) {
    return missingSources.computeIfAbsent(path, unknown -> last.incrementAndGet());
  }

  public Optional<String> missingSource(int number) {
    return missingSources.entrySet().stream()
        .filter(each -> each.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public Optional<FrameKey> frame(int number) {
    return Optional.ofNullable(frames.get(number));
  }

  /** The variables are made when they are asked for. */
  public int variables(long process, Supplier<List<Variable>> group) {
    int number = last.incrementAndGet();
    groups.put(number, new Group(process, group));
    return number;
  }

  public Optional<List<Variable>> variables(int number) {
    return Optional.ofNullable(groups.get(number)).map(group -> group.variables().get());
  }

  /** A position in a recording to which a client may go. */
  public int target(long position) {
    int number = last.incrementAndGet();
    targets.put(number, position);
    return number;
  }

  public Optional<Long> target(int number) {
    return Optional.ofNullable(targets.get(number));
  }

  public void remember(long process, Allocation allocation) {
    found = new Located(process, allocation);
  }

  public Optional<Located> lastFound() {
    return Optional.ofNullable(found);
  }

  public void forget(long process) {
    frames.values().removeIf(frame -> frame.process() == process);
    groups.values().removeIf(group -> group.process() == process);
    targets.clear();
  }
}
