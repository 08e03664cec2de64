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
 * What a client asks for again by number: frames of stopped threads and groups of variables.
 * Numbers are never used twice; those of a stop are forgotten when the program goes on. Also the
 * allocation that was looked at last.
 */
public final class References {
  /** A frame of a stopped thread. */
  public record FrameKey(long process, int tid) {}

  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, FrameKey> frames = new ConcurrentHashMap<>();
  private final Map<Integer, Supplier<List<Variable>>> variables = new ConcurrentHashMap<>();
  private volatile Allocation found;

  public int frame(FrameKey key) {
    int number = last.incrementAndGet();
    frames.put(number, key);
    return number;
  }

  public Optional<FrameKey> frame(int number) {
    return Optional.ofNullable(frames.get(number));
  }

  public int variables(Supplier<List<Variable>> group) {
    int number = last.incrementAndGet();
    variables.put(number, group);
    return number;
  }

  public Optional<List<Variable>> variables(int number) {
    return Optional.ofNullable(variables.get(number)).map(Supplier::get);
  }

  public void remember(Allocation allocation) {
    found = allocation;
  }

  public Optional<Allocation> lastFound() {
    return Optional.ofNullable(found);
  }

  public void forget() {
    frames.clear();
    variables.clear();
  }
}
