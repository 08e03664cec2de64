package org.heapatlas.dap.handler;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import org.eclipse.lsp4j.debug.ReadMemoryArguments;
import org.eclipse.lsp4j.debug.ReadMemoryResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.MemoryReference;
import org.heapatlas.model.Address;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Problem;

/** Bytes of a live process, up to the first that cannot be read. */
public final class ReadMemory implements Handler<ReadMemoryArguments> {
  private static final int MOST = 16 << 20;
  private static final int PART = 1 << 20;

  @Override
  public Object handle(DapSession session, ReadMemoryArguments arguments) {
    int count = arguments.getCount();
    if (count < 0 || count > MOST) {
      throw Problem.usedWrongly(
          "%d bytes were asked for; at most 16 MiB are read at once".formatted(count));
    }
    Debuggee debuggee = session.debuggee();
    MemoryReference reference = MemoryReference.parse(debuggee, arguments.getMemoryReference());
    long offset = arguments.getOffset() == null ? 0 : arguments.getOffset();
    long address = reference.address() + offset;
    ReadMemoryResponse response = new ReadMemoryResponse();
    response.setAddress(Address.text(address));
    if (count > 0) {
      byte[] data = read(debuggee, reference.process().id(), address, count);
      response.setData(Base64.getEncoder().encodeToString(data));
      response.setUnreadableBytes(count - data.length);
    }
    return response;
  }

  /** In parts, so that no answer of the collector is larger than what it sends at once. */
  private static byte[] read(Debuggee debuggee, long process, long address, int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(Math.min(count, PART));
    while (all.size() < count) {
      int wanted = Math.min(PART, count - all.size());
      MemoryContent part = debuggee.source().readMemory(process, address + all.size(), wanted);
      all.writeBytes(part.data());
      if (part.data().length < wanted) {
        break;
      }
    }
    return all.toByteArray();
  }
}
