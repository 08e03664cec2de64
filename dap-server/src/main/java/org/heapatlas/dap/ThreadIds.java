package org.heapatlas.dap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The numbers under which a client knows the threads of all processes; a thread keeps its number.
 */
public final class ThreadIds {
  /**
   * A thread of a process, by the collector's number of the process and the system's number of the
   * thread.
   */
  public record Key(long process, int tid) {}

  private final Map<Key, Integer> numbers = new ConcurrentHashMap<>();
  private final Map<Integer, Key> keys = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  public int of(long process, int tid) {
    return numbers.computeIfAbsent(
        new Key(process, tid),
        key -> {
          int number = last.incrementAndGet();
          keys.put(number, key);
          return number;
        });
  }

  /** The numbers of a process's threads, as far as they were given out. */
  public List<Integer> of(long process) {
    return numbers.entrySet().stream()
        .filter(entry -> entry.getKey().process() == process)
        .map(Map.Entry::getValue)
        .sorted()
        .toList();
  }

  public Optional<Key> find(int number) {
    return Optional.ofNullable(keys.get(number));
  }
}
