package org.heapatlas.dap.handler;

import java.util.Base64;
import org.eclipse.lsp4j.debug.WriteMemoryArguments;
import org.eclipse.lsp4j.debug.WriteMemoryResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.MemoryReference;
import org.heapatlas.model.Problem;

/** Bytes into a live process, all of them or an error; a recording stays as it is. */
public final class WriteMemory implements Handler<WriteMemoryArguments> {
  private static final int MOST = 1 << 20;

  @Override
  public Object handle(DapSession session, WriteMemoryArguments arguments) {
    byte[] data = bytes(arguments.getData());
    MemoryReference reference =
        MemoryReference.parse(session.debuggee(), arguments.getMemoryReference());
    long offset = arguments.getOffset() == null ? 0 : arguments.getOffset();
    if (reference.process().isReplayed()) {
      throw Problem.usedWrongly(
          "a recording cannot be written to; start the program, or attach to it");
    }
    session
        .debuggee()
        .source()
        .writeMemory(reference.process().id(), reference.address() + offset, data);
    WriteMemoryResponse response = new WriteMemoryResponse();
    response.setBytesWritten(data.length);
    return response;
  }

  private static byte[] bytes(String base64) {
    try {
      byte[] data = Base64.getDecoder().decode(base64 == null ? "" : base64);
      if (data.length > MOST) {
        throw Problem.usedWrongly(
            "%d bytes were to be written; at most 1 MiB is written at once".formatted(data.length));
      }
      return data;
    } catch (IllegalArgumentException e) {
      throw new Problem(Problem.Kind.USED_WRONGLY, "the argument 'data' is not bytes in base64", e);
    }
  }
}
