package org.heapatlas.eclipse.dap;

import java.math.BigInteger;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.core.runtime.PlatformObject;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.core.model.IMemoryBlock;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.debug.core.model.IMemoryBlockRetrieval;
import org.eclipse.debug.core.model.MemoryByte;
import org.eclipse.lsp4j.debug.ReadMemoryArguments;
import org.eclipse.lsp4j.debug.ReadMemoryResponse;
import org.eclipse.lsp4j.debug.WriteMemoryArguments;

/** Memory at an address, in bytes, as the Memory view reads it: in jobs, which wait. */
final class DapMemory extends PlatformObject implements IMemoryBlockExtension {
  private static final int ADDRESS_BYTES = 8;

  private final DapTarget target;
  private final String expression;
  private final BigInteger base;

  DapMemory(DapTarget target, String expression, BigInteger base) {
    this.target = target;
    this.expression = expression;
    this.base = base;
  }

  /** Of an address as it is written, or of an expression that the adapter evaluates. */
  static DapMemory at(DapTarget target, String expression, Object context) throws DebugException {
    if (!target.supportsStorageRetrieval()) {
      throw Dap.exception(
          expression, new UnsupportedOperationException("This debug adapter reads no memory."));
    }
    Optional<BigInteger> literal = address(expression);
    if (literal.isPresent()) {
      return new DapMemory(target, expression, literal.get());
    }
    if (!(context instanceof DapFrame frame)) {
      throw Dap.exception(
          expression,
          new IllegalArgumentException("Select a stack frame, or type an address 0x…."));
    }
    BigInteger address =
        Waiting.forAnswer(
            frame.evaluate(expression, "watch").thenApply(DapMemory::addressOf), null, expression);
    if (address == null) {
      throw Dap.exception(
          expression, new IllegalStateException("The user interface's thread cannot wait for it."));
    }
    return new DapMemory(target, expression, address);
  }

  private static BigInteger addressOf(org.eclipse.lsp4j.debug.EvaluateResponse answer) {
    return address(answer.getMemoryReference())
        .or(() -> address(answer.getResult()))
        .orElseThrow(
            () ->
                new IllegalArgumentException("'%s' has no address.".formatted(answer.getResult())));
  }

  /** Of the first word, {@code 0x…} or decimal; empty where it is neither. */
  static Optional<BigInteger> address(String written) {
    String word = Objects.toString(written, "").strip().split("\\s", 2)[0];
    if (word.matches("0[xX][0-9a-fA-F]+")) {
      return Optional.of(new BigInteger(word.substring(2), 16));
    }
    return word.matches("\\d+") ? Optional.of(new BigInteger(word)) : Optional.empty();
  }

  /** The bytes of the program have changed: all blocks of the target are read again. */
  static void changed(DapTarget target) {
    for (IMemoryBlock block :
        DebugPlugin.getDefault()
            .getMemoryBlockManager()
            .getMemoryBlocks((IMemoryBlockRetrieval) target)) {
      DebugPlugin.getDefault()
          .fireDebugEventSet(
              new DebugEvent[] {new DebugEvent(block, DebugEvent.CHANGE, DebugEvent.CONTENT)});
    }
  }

  @Override
  public MemoryByte[] getBytesFromAddress(BigInteger address, long units) throws DebugException {
    return Waiting.forAnswer(read(address, units), unreadable(units), "Reading memory");
  }

  @Override
  public MemoryByte[] getBytesFromOffset(BigInteger offset, long units) throws DebugException {
    return getBytesFromAddress(base.add(offset), units);
  }

  private CompletableFuture<MemoryByte[]> read(BigInteger address, long units) {
    ReadMemoryArguments arguments = new ReadMemoryArguments();
    arguments.setMemoryReference("0x" + address.toString(16));
    arguments.setCount(Math.toIntExact(units));
    return target.server().readMemory(arguments).thenApply(answer -> bytes(answer, address, units));
  }

  private MemoryByte[] bytes(ReadMemoryResponse answer, BigInteger from, long units) {
    MemoryByte[] bytes = unreadable(units);
    if (answer == null || answer.getData() == null) {
      return bytes;
    }
    byte[] read = Base64.getDecoder().decode(answer.getData());
    int start =
        address(answer.getAddress()).map(first -> first.subtract(from).intValueExact()).orElse(0);
    for (int i = 0; i < read.length && start + i < bytes.length; i++) {
      bytes[start + i] = new MemoryByte(read[i], flags());
    }
    return bytes;
  }

  private byte flags() {
    int writable = supportsValueModification() ? MemoryByte.WRITABLE : 0;
    return (byte) (MemoryByte.READABLE | MemoryByte.ENDIANESS_KNOWN | writable);
  }

  private static MemoryByte[] unreadable(long units) {
    MemoryByte[] bytes = new MemoryByte[Math.toIntExact(units)];
    java.util.Arrays.setAll(bytes, i -> new MemoryByte((byte) 0, (byte) 0));
    return bytes;
  }

  @Override
  public void setValue(BigInteger offset, byte[] bytes) throws DebugException {
    WriteMemoryArguments arguments = new WriteMemoryArguments();
    arguments.setMemoryReference("0x" + base.add(offset).toString(16));
    arguments.setData(Base64.getEncoder().encodeToString(bytes));
    Waiting.forChange(
        target.server().writeMemory(arguments).thenRun(() -> changed(target)), "Writing memory");
  }

  @Override
  public boolean supportsValueModification() {
    return DapTarget.offers(target.capabilities().getSupportsWriteMemoryRequest());
  }

  @Override
  public String getExpression() {
    return expression;
  }

  @Override
  public BigInteger getBigBaseAddress() {
    return base;
  }

  @Override
  public BigInteger getMemoryBlockStartAddress() {
    return null;
  }

  @Override
  public BigInteger getMemoryBlockEndAddress() {
    return null;
  }

  @Override
  public BigInteger getBigLength() {
    return BigInteger.valueOf(-1);
  }

  @Override
  public int getAddressSize() {
    return ADDRESS_BYTES;
  }

  @Override
  public int getAddressableSize() {
    return 1;
  }

  @Override
  public boolean supportBaseAddressModification() {
    return false;
  }

  @Override
  public void setBaseAddress(BigInteger address) {
    throw new UnsupportedOperationException("Add a monitor at the other address.");
  }

  @Override
  public boolean supportsChangeManagement() {
    return false;
  }

  @Override
  public void connect(Object client) {
    // Blocks are read when a view asks, and hold nothing meanwhile.
  }

  @Override
  public void disconnect(Object client) {
    // As in connect.
  }

  @Override
  public Object[] getConnections() {
    return new Object[0];
  }

  @Override
  public void dispose() {
    // As in connect.
  }

  @Override
  public IMemoryBlockRetrieval getMemoryBlockRetrieval() {
    return target;
  }

  @Override
  public long getStartAddress() {
    return base.longValue();
  }

  @Override
  public long getLength() {
    return 0;
  }

  @Override
  public byte[] getBytes() {
    return new byte[0];
  }

  @Override
  public void setValue(long offset, byte[] bytes) throws DebugException {
    setValue(BigInteger.valueOf(offset), bytes);
  }

  @Override
  public IDebugTarget getDebugTarget() {
    return target;
  }

  @Override
  public String getModelIdentifier() {
    return Dap.MODEL;
  }

  @Override
  public ILaunch getLaunch() {
    return target.getLaunch();
  }

  @Override
  public <T> T getAdapter(Class<T> type) {
    if (type == IMemoryBlockRetrieval.class) {
      return type.cast(target);
    }
    return type == IDebugTarget.class ? type.cast(target) : super.getAdapter(type);
  }
}
