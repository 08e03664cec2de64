package org.heapatlas.eclipse.dap;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IWatchpoint;
import org.eclipse.lsp4j.debug.DataBreakpointAccessType;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.DataBreakpointInfoResponse;

/**
 * Memory that is watched: a span of addresses, or what a variable is. The adapter's name of it is
 * kept only where the adapter says that it means the same in a later session; the address is kept
 * in any case.
 */
public final class DapWatchpoint extends WorkspaceBreakpoint implements IWatchpoint {
  private static final String MARKER = Dap.MODEL + ".watchpoint";
  private static final String ADDRESS = Dap.MODEL + ".address";
  private static final String BYTES = Dap.MODEL + ".bytes";
  private static final String DATA = Dap.MODEL + ".data";
  private static final String READ = Dap.MODEL + ".read";
  private static final String WRITE = Dap.MODEL + ".write";

  /** For the platform, which restores it from its marker. */
  public DapWatchpoint() {}

  /** Watches bytes from an address on for writes. */
  public static DapWatchpoint at(BigInteger address, int bytes) throws DebugException {
    String hex = "0x" + address.toString(16);
    DapWatchpoint watchpoint = new DapWatchpoint();
    watchpoint.create(
        MARKER,
        Map.of(
            ADDRESS,
            hex,
            BYTES,
            bytes,
            WRITE,
            true,
            READ,
            false,
            IMarker.MESSAGE,
            "%s, %d bytes".formatted(hex, bytes)));
    return watchpoint;
  }

  /**
   * Watches a variable for writes; failed, with the adapter's reason, where it cannot be watched.
   */
  public static CompletableFuture<DapWatchpoint> on(DapVariable variable) {
    DataBreakpointInfoArguments arguments = new DataBreakpointInfoArguments();
    arguments.setVariablesReference(variable.container() == 0 ? null : variable.container());
    arguments.setName(
        variable.expression().filter(none -> variable.container() == 0).orElse(variable.getName()));
    arguments.setFrameId(variable.container() == 0 ? variable.frame().id() : null);
    return variable
        .server()
        .dataBreakpointInfo(arguments)
        .thenApply(offer -> create(variable, offer));
  }

  private static DapWatchpoint create(DapVariable variable, DataBreakpointInfoResponse offer) {
    if (offer.getDataId() == null) {
      throw new IllegalArgumentException(offer.getDescription());
    }
    Map<String, Object> attributes = new HashMap<>();
    attributes.put(DATA, offer.getDataId());
    attributes.put(WRITE, true);
    attributes.put(READ, false);
    attributes.put(IMarker.MESSAGE, offer.getDescription());
    attributes.put(PERSISTED, DapTarget.offers(offer.getCanPersist()));
    variable.address().ifPresent(address -> attributes.put(ADDRESS, "0x" + address.toString(16)));
    DapWatchpoint watchpoint = new DapWatchpoint();
    try {
      watchpoint.create(MARKER, attributes);
    } catch (DebugException e) {
      throw new IllegalStateException(Dap.message(e), e);
    }
    return watchpoint;
  }

  /** In words. */
  public String description() {
    return text(IMarker.MESSAGE);
  }

  /** The first byte; empty of a variable whose adapter does not say. */
  public Optional<BigInteger> address() {
    return DapMemory.address(text(ADDRESS));
  }

  /** How many bytes; 0 of a variable. */
  public int bytes() {
    IMarker marker = getMarker();
    return marker == null ? 0 : marker.getAttribute(BYTES, 0);
  }

  Optional<String> data() {
    return Optional.of(text(DATA)).filter(data -> !data.isEmpty());
  }

  DataBreakpointAccessType accessType() {
    if (isRead() && isWrite()) {
      return DataBreakpointAccessType.READ_WRITE;
    }
    return isRead() ? DataBreakpointAccessType.READ : DataBreakpointAccessType.WRITE;
  }

  private boolean isRead() {
    IMarker marker = getMarker();
    return marker != null && marker.getAttribute(READ, false);
  }

  private boolean isWrite() {
    IMarker marker = getMarker();
    return marker != null && marker.getAttribute(WRITE, true);
  }

  @Override
  public boolean isAccess() {
    return isRead();
  }

  @Override
  public void setAccess(boolean access) throws CoreException {
    setAttribute(READ, access);
  }

  @Override
  public boolean isModification() {
    return isWrite();
  }

  @Override
  public void setModification(boolean modification) throws CoreException {
    setAttribute(WRITE, modification);
  }

  @Override
  public boolean supportsAccess() {
    return true;
  }

  @Override
  public boolean supportsModification() {
    return true;
  }
}
