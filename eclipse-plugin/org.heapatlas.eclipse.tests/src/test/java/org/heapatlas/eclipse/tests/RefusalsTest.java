package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.debug.core.model.IThread;
import org.eclipse.jface.dialogs.ErrorDialog;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.dap.DapVariable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an adapter refuses is told, and nothing looks as if it had been done. Else the tests'
 * harness has the workbench show no errors.
 */
class RefusalsTest {
  private StubAdapter adapter;

  @BeforeEach
  void start() throws Exception {
    ErrorDialog.AUTOMATED_MODE = false;
    adapter = StubAdapter.start("stub");
    Until.holds("both threads stand", this::bothStand);
  }

  @AfterEach
  void end() throws Exception {
    adapter.close();
    ErrorDialog.AUTOMATED_MODE = true;
  }

  private boolean bothStand() throws Exception {
    IThread[] threads = adapter.target().getThreads();
    return threads.length == 2 && Arrays.stream(threads).allMatch(IThread::isSuspended);
  }

  private DapVariable count() throws Exception {
    DapThread main = Launches.standing(adapter.target());
    DapVariable locals =
        Until.done("scopes", Until.done("frames", main.frames()).get(0).variables()).get(0);
    return locals.getName().equals("count")
        ? locals
        : Until.done("locals", locals.value().children()).get(0);
  }

  /** The platform's views change values on the user interface's thread, which does not wait. */
  @Test
  void aRefusedChangeOfAVariableIsShown() throws Exception {
    DapVariable count = count();
    count.setValue("42");
    Shells.closedThatSays("Changing count: " + StubAdapter.REFUSAL);
    assertEquals("41", count.getValue().getValueString());
  }

  @Test
  void aRefusedChangeOfMemoryIsShown() throws Exception {
    IMemoryBlockExtension block = adapter.target().getExtendedMemoryBlock("0x1000", null);
    block.setValue(BigInteger.ZERO, new byte[] {1});
    Shells.closedThatSays("Writing memory: " + StubAdapter.REFUSAL);
  }

  /** A thread that waits is told by the exception alone. */
  @Test
  void aRefusedChangeOnAThreadThatWaitsIsThrown() throws Exception {
    DapVariable count = count();
    AssertionError refused =
        assertThrows(
            AssertionError.class,
            () ->
                Until.called(
                    "a change",
                    () -> {
                      count.setValue("42");
                      return count;
                    }));
    assertTrue(refused.getMessage().contains(StubAdapter.REFUSAL), refused.getMessage());
  }

  @Test
  void afterARefusedResumeEveryThreadStandsAgain() throws Exception {
    StringBuffer said = new StringBuffer();
    adapter
        .target()
        .getProcess()
        .getStreamsProxy()
        .getErrorStreamMonitor()
        .addListener((text, monitor) -> said.append(text));
    DapThread main = (DapThread) adapter.target().getThreads()[0];
    main.resume();
    Until.holds("it is refused", () -> said.toString().contains(StubAdapter.REFUSAL));
    Until.holds("both threads stand", this::bothStand);
    assertEquals("pause", main.description());
    assertEquals(List.of("", "pause"), descriptions());
  }

  private List<String> descriptions() throws Exception {
    return Arrays.stream(adapter.target().getThreads())
        .map(thread -> ((DapThread) thread).description())
        .sorted()
        .toList();
  }
}
