package org.heapatlas.dap.handler;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.lsp4j.debug.SourcePresentationHint;
import org.heapatlas.dap.References;
import org.heapatlas.model.StackFrame;
import org.junit.jupiter.api.Test;

/** What a client may open of a frame, and what it passes over. */
class StackTraceTest {
  @Test
  void aFileBelowAnUnknownFolderIsInTheFramesNameAndCannotBeOpened() {
    var shown =
        StackTrace.shown(frame("sysdeps/nptl/libc_start_call_main.h"), new References(), 1, 1);
    assertThat(shown.getSource()).isNull();
    assertThat(shown.getName()).isEqualTo("main (sysdeps/nptl/libc_start_call_main.h:58)");
  }

  @Test
  void aFileThatIsNotOnThisMachineIsPassedOver() {
    var shown = StackTrace.shown(frame("/build/elsewhere/main.c"), new References(), 1, 1);
    assertThat(shown.getSource().getPath()).isEqualTo("/build/elsewhere/main.c");
    assertThat(shown.getSource().getPresentationHint())
        .isEqualTo(SourcePresentationHint.DEEMPHASIZE);
    assertThat(shown.getName()).isEqualTo("main");
  }

  private static StackFrame frame(String file) {
    return new StackFrame(0x1000, "main", file, 58, "/usr/bin/program", 0x1000, false);
  }
}
