package org.heapatlas.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a detector has found out about a program. {@code id} counts the findings of its process;
 * {@code kind} is AddressSanitizer's name where it has one; {@code confidence} is 1 where the
 * events allow no other reading. Times are nanoseconds since the process's start. {@code position}
 * is that of the event in the process's recording, where it is recorded. Sites are stack nodes, 0
 * where they are not known.
 */
public record Finding(
    long id,
    String kind,
    Severity severity,
    double confidence,
    String node,
    long process,
    int tid,
    String thread,
    long from,
    long to,
    String title,
    String explanation,
    String mechanism,
    long address,
    long offset,
    Optional<Block> block,
    Stack stack,
    long site,
    List<Evidence> evidence,
    List<Action> actions,
    OptionalLong position) {
  /** Those that a detector is at work for. */
  public static final List<String> KINDS = List.of("double-free", "invalid-free");

  /** How bad it is. */
  public enum Severity {
    INFORMATION,
    WARNING,
    ERROR;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The block that it is about; a size of 0 is not known. When it was allocated is known to a
   * quarter of a second.
   */
  public record Block(
      long address,
      long size,
      String tag,
      String type,
      long allocatedAt,
      int allocatedTid,
      Stack allocatedBy,
      long allocatedSite,
      Optional<Release> freed) {}

  /** Who released a block before. */
  public record Release(long nanos, int tid, Stack by, long site) {}

  /** What shows it. */
  public record Evidence(String what, long nanos, long address, OptionalLong position) {}

  /** What one can do; the command is one of a debug console. */
  public record Action(String title, String risk, String command) {}

  /** As another source knows its process. */
  public Finding of(String otherNode, long otherProcess) {
    return new Finding(
        id,
        kind,
        severity,
        confidence,
        otherNode,
        otherProcess,
        tid,
        thread,
        from,
        to,
        title,
        explanation,
        mechanism,
        address,
        offset,
        block,
        stack,
        site,
        evidence,
        actions,
        position);
  }

  public Stack allocatedBy() {
    return block.map(Block::allocatedBy).orElse(Stack.EMPTY);
  }

  public Stack freedBy() {
    return block.flatMap(Block::freed).map(Release::by).orElse(Stack.EMPTY);
  }
}
