package org.heapatlas.dap.handler;

import java.util.Base64;
import org.eclipse.lsp4j.debug.ReadMemoryArguments;
import org.eclipse.lsp4j.debug.ReadMemoryResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Address;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Problem;

/** Bytes of the live process; a memory reference is an address. */
public final class ReadMemory implements Handler<ReadMemoryArguments> {
  private static final int MOST = 16 << 20;

  @Override
  public Object handle(DapSession session, ReadMemoryArguments arguments) {
    if (arguments.getCount() < 0 || arguments.getCount() > MOST) {
      throw Problem.usedWrongly(
          "%d bytes were asked for; at most 16 MiB are read at once"
              .formatted(arguments.getCount()));
    }
    Debuggee debuggee = session.debuggee();
    long offset = arguments.getOffset() == null ? 0 : arguments.getOffset();
    long address = Address.parse(arguments.getMemoryReference()) + offset;
    ReadMemoryResponse response = new ReadMemoryResponse();
    response.setAddress(Address.text(address));
    if (arguments.getCount() > 0) {
      MemoryContent content =
          debuggee.source().readMemory(debuggee.mainProcess().id(), address, arguments.getCount());
      response.setData(Base64.getEncoder().encodeToString(content.data()));
      response.setUnreadableBytes((int) content.unreadable());
    }
    return response;
  }
}
