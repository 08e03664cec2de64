package org.heapatlas.eclipse.dap;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.debug.DisassembleArguments;
import org.eclipse.lsp4j.debug.DisassembledInstruction;

/** The machine instructions around a frame's next one, where the adapter disassembles. */
public final class Disassembly {
  private Disassembly() {}

  /**
   * An instruction.
   *
   * @param bytes in hexadecimal, as the adapter writes them; empty where it does not
   * @param symbol of the function that begins here; empty elsewhere
   */
  public record Instruction(BigInteger address, String bytes, String text, String symbol) {}

  public static boolean isOffered(DapTarget target) {
    return DapTarget.offers(target.capabilities().getSupportsDisassembleRequest());
  }

  /**
   * Reads instructions.
   *
   * @param from of the first one, counted from the frame's next one, which is 0
   */
  public static CompletableFuture<List<Instruction>> around(DapFrame frame, int from, int count) {
    if (frame.instructionReference() == null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException(
              "The adapter does not say where '%s' stands.".formatted(frame.getName())));
    }
    DisassembleArguments arguments = new DisassembleArguments();
    arguments.setMemoryReference(frame.instructionReference());
    arguments.setInstructionOffset(from);
    arguments.setInstructionCount(count);
    arguments.setResolveSymbols(true);
    return frame
        .server()
        .disassemble(arguments)
        .thenApply(
            answer ->
                Arrays.stream(answer.getInstructions()).map(Disassembly::instruction).toList());
  }

  private static Instruction instruction(DisassembledInstruction read) {
    return new Instruction(
        DapMemory.address(read.getAddress()).orElse(BigInteger.ZERO),
        Objects.toString(read.getInstructionBytes(), ""),
        read.getInstruction(),
        Objects.toString(read.getSymbol(), ""));
  }
}
