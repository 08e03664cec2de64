package org.heapatlas.session;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Stack;
import org.heapatlas.model.WatchedProcess;

/** Findings of the fake heap's process. */
public final class FakeFinding {
  private static final long ANY_SIZE = 40;

  private FakeFinding() {}

  public static Finding doubleFree(long id, long size) {
    return of(id, 5, size, Finding.Severity.ERROR, OptionalLong.empty());
  }

  /** Live, or where no recording has its event. */
  public static Finding at(long nanos, long id, Finding.Severity severity) {
    return of(id, nanos, ANY_SIZE, severity, OptionalLong.empty());
  }

  /** Of an event of a recording. */
  public static Finding recorded(long position, long nanos, long id) {
    return of(id, nanos, ANY_SIZE, Finding.Severity.ERROR, OptionalLong.of(position));
  }

  private static Finding of(
      long id, long nanos, long size, Finding.Severity severity, OptionalLong position) {
    return new Finding(
        id,
        "double-free",
        severity,
        1,
        "",
        FakeHeap.process(WatchedProcess.State.RUNNING).id(),
        4711,
        "main",
        nanos,
        nanos,
        "double-free " + id,
        "it happened",
        "a test",
        FakeHeap.BASE,
        0,
        Optional.of(
            new Finding.Block(
                FakeHeap.BASE, size, "", "", 1, 4711, Stack.EMPTY, 0, Optional.empty())),
        Stack.EMPTY,
        0,
        List.of(),
        List.of(),
        position);
  }
}
