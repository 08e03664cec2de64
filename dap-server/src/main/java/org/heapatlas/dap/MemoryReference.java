package org.heapatlas.dap;

import org.heapatlas.model.Address;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;

/**
 * A place in the memory of one of the processes, as clients hand it back to us: {@code 0xADDRESS}
 * in the main process, {@code 0xADDRESS@PROCESS} in another one.
 */
public record MemoryReference(WatchedProcess process, long address) {
  public static String text(Debuggee debuggee, long process, long address) {
    String main = Address.text(address);
    return process == debuggee.mainProcess().id() ? main : main + "@" + process;
  }

  public static MemoryReference parse(Debuggee debuggee, String text) {
    if (text == null) {
      throw Problem.usedWrongly("the argument 'memoryReference' is missing");
    }
    int at = text.indexOf('@');
    if (at < 0) {
      return new MemoryReference(debuggee.mainProcess(), Address.parse(text));
    }
    WatchedProcess process =
        debuggee
            .session()
            .process(Address.parse(text.substring(at + 1)))
            .orElseThrow(() -> Problem.notFound("the process of '%s' is gone".formatted(text)));
    return new MemoryReference(process, Address.parse(text.substring(0, at)));
  }
}
