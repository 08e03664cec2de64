package org.heapatlas.recording.export;

import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.session.HeapSource;

/**
 * All allocations and releases of one process as heaptrack's interpreted text, version 1: lines of
 * a letter and hexadecimal numbers, which name strings, code, stacks and blocks by the order in
 * which these were told. The database must be over that process alone.
 */
final class Heaptrack {
  private static final long NANOS_A_STAMP = 1_000_000;
  private static final int STACKS_REMEMBERED = 100_000;

  private record Node(long parent, long code) {}

  private record Block(long size, long stack) {}

  private final HeapSource source;
  private final WatchedProcess process;
  private final Writer out;
  private final Map<String, Long> strings = new HashMap<>();
  private final Map<StackFrame, Long> code = new HashMap<>();
  private final Map<Node, Long> nodes = new HashMap<>();
  private final Map<Long, Long> stacks = new HashMap<>();
  private final Map<Block, Long> blocks = new HashMap<>();
  private long stamp = -1;

  private Heaptrack(HeapSource source, WatchedProcess process, Writer out) {
    this.source = source;
    this.process = process;
    this.out = out;
  }

  static void write(HeapDatabase database, HeapSource source, WatchedProcess process, Writer out)
      throws IOException {
    Heaptrack file = new Heaptrack(source, process, out);
    out.write("v 10100 1\nX " + oneLine(String.join(" ", process.arguments())) + "\n");
    try (Answer events =
        database.query("SELECT time, kind, size, site, allocated_by FROM events")) {
      while (events.next()) {
        file.event(events);
      }
    }
  }

  private void event(Answer event) throws IOException {
    long now = (Long) event.value(0) / NANOS_A_STAMP;
    if (now > stamp) {
      stamp = now;
      line("c", now);
    }
    String kind = (String) event.value(1);
    boolean release = kind.startsWith("release") || kind.equals("overwritten");
    Object site = event.value(release ? 4 : 3);
    long block = block((Long) event.value(2), site == null ? 0 : (Long) site);
    line(release ? "-" : "+", block);
  }

  private long block(long size, long site) throws IOException {
    Block wanted = new Block(size, stack(site));
    Long known = blocks.get(wanted);
    if (known != null) {
      return known;
    }
    line("a", size, wanted.stack());
    blocks.put(wanted, (long) blocks.size());
    return blocks.size() - 1L;
  }

  private long stack(long site) throws IOException {
    Long known = stacks.get(site);
    if (known != null) {
      return known;
    }
    if (stacks.size() >= STACKS_REMEMBERED) {
      throw Problem.failed(
          "the recording has more than %,d call stacks, which this format is not made for; choose parquet"
              .formatted(STACKS_REMEMBERED));
    }
    Stack resolved =
        site == 0
            ? Stack.EMPTY
            : source.stacks(process.id(), List.of(site)).stream().findFirst().orElse(Stack.EMPTY);
    long node = 0;
    for (StackFrame frame : Paths.inwards(resolved)) {
      node = node(new Node(node, code(frame)));
    }
    stacks.put(site, node);
    return node;
  }

  private long node(Node node) throws IOException {
    Long known = nodes.get(node);
    if (known != null) {
      return known;
    }
    line("t", node.code(), node.parent());
    nodes.put(node, nodes.size() + 1L);
    return nodes.size();
  }

  private long code(StackFrame frame) throws IOException {
    Long known = code.get(frame);
    if (known != null) {
      return known;
    }
    line(
        "i",
        frame.pc(),
        string(frame.module()),
        string(frame.title()),
        string(frame.file()),
        frame.line());
    code.put(frame, code.size() + 1L);
    return code.size();
  }

  /** 0 is none. */
  private long string(String text) throws IOException {
    if (text.isEmpty()) {
      return 0;
    }
    Long known = strings.get(text);
    if (known != null) {
      return known;
    }
    out.write("s " + oneLine(text) + "\n");
    strings.put(text, strings.size() + 1L);
    return strings.size();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }

  private void line(String letter, long... numbers) throws IOException {
    StringBuilder text = new StringBuilder(letter);
    for (long number : numbers) {
      text.append(' ').append(Long.toHexString(number));
    }
    out.write(text.append('\n').toString());
  }
}
