package org.heapatlas.recording;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;

/**
 * What two profiles differ in, by call stack. Runs lie at other addresses each time, so a frame is
 * its function, file and line, or its module and offset. {@code noise} is how far two runs of the
 * same program differ by chance, at two standard errors, where blocks come independently of each
 * other.
 */
public record Growth(
    Stack stack,
    long bytesBefore,
    long bytesAfter,
    long allocationsBefore,
    long allocationsAfter,
    double noise) {
  private static final double STANDARD_ERRORS = 2;

  public long bytes() {
    return bytesAfter - bytesBefore;
  }

  public long allocations() {
    return allocationsAfter - allocationsBefore;
  }

  public boolean exceedsNoise() {
    return Math.abs(bytes()) > noise;
  }

  /** The most growth first; equal stacks of several processes are one. */
  public static List<Growth> between(Profile before, Profile after) {
    Map<String, Sum> sums = new LinkedHashMap<>();
    before.entries().forEach(entry -> sum(sums, entry).before(entry));
    after.entries().forEach(entry -> sum(sums, entry).after(entry));
    List<Growth> all = new ArrayList<>();
    sums.values().forEach(sum -> all.add(sum.growth()));
    all.sort(Comparator.comparingLong(Growth::bytes).reversed());
    return all;
  }

  private static Sum sum(Map<String, Sum> sums, Profile.Entry entry) {
    return sums.computeIfAbsent(identity(entry.stack()), stack -> new Sum(entry.stack()));
  }

  private static String identity(Stack stack) {
    return stack.frames().stream().map(Growth::identity).collect(Collectors.joining("\n"));
  }

  private static String identity(StackFrame frame) {
    return frame.function().isEmpty()
        ? frame.module() + "+" + frame.moduleOffset()
        : frame.function() + " " + frame.file() + ":" + frame.line();
  }

  /** The figures of one stack as they are added up. */
  private static final class Sum {
    private final Stack stack;
    private long bytesBefore;
    private long bytesAfter;
    private long allocationsBefore;
    private long allocationsAfter;
    private double squares;

    Sum(Stack stack) {
      this.stack = stack;
    }

    void before(Profile.Entry entry) {
      bytesBefore += entry.bytes();
      allocationsBefore += entry.allocations();
      squares += entry.squares();
    }

    void after(Profile.Entry entry) {
      bytesAfter += entry.bytes();
      allocationsAfter += entry.allocations();
      squares += entry.squares();
    }

    /** The count of independent blocks has itself as variance; each brings its size squared. */
    Growth growth() {
      return new Growth(
          stack,
          bytesBefore,
          bytesAfter,
          allocationsBefore,
          allocationsAfter,
          STANDARD_ERRORS * Math.sqrt(squares));
    }
  }
}
