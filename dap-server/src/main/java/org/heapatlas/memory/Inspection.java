package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Found;
import org.heapatlas.model.PoolBlock;
import org.heapatlas.model.Region;
import org.heapatlas.model.Resident;
import org.heapatlas.model.Stack;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.HeatMap.Detail;
import org.heapatlas.view.HeatMap.Fact;
import org.heapatlas.view.HeatMap.Part;
import org.heapatlas.view.Table;

/**
 * What lies at a place of the map that the user chose: one allocation with its owner, or a range
 * with the call sites that hold most of it. Main entries: choose, detail. Called by the heap map
 * for each frame; asks the collector again at most once a second.
 */
final class Inspection {
  private static final long FRESH_NANOS = 1_000_000_000;
  private static final int MOST_ALLOCATIONS = 4096;
  private static final int MOST_OWNERS = 8;

  private final HeapSource source;
  private Address.Range chosen;
  private Detail detail;
  private OptionalLong allocation = OptionalLong.empty();
  private long asked;

  Inspection(HeapSource source) {
    this.source = source;
  }

  void choose(Address.Range range) {
    end();
    chosen = range;
  }

  void end() {
    chosen = null;
    detail = null;
    allocation = OptionalLong.empty();
  }

  /** The address of the single allocation that is inspected, as of the last frame. */
  OptionalLong allocation() {
    return allocation;
  }

  /** Of what was chosen, or null when nothing is. */
  Detail detail(WatchedProcess process, long now) {
    if (chosen == null) {
      return null;
    }
    if (detail == null || System.nanoTime() - asked > FRESH_NANOS) {
      detail = look(process, now);
      asked = System.nanoTime();
    }
    return detail;
  }

  private Detail look(WatchedProcess process, long now) {
    Found first = source.find(process.id(), chosen.from());
    List<Allocation> inside =
        source.allocations(process.id(), chosen.from(), chosen.to(), MOST_ALLOCATIONS);
    List<Allocation> all = new ArrayList<>();
    first.allocation().filter(reaching -> reaching.address() < chosen.from()).ifPresent(all::add);
    all.addAll(inside);
    allocation = OptionalLong.empty();
    if (all.size() > 1) {
      return rangeDetail(process, first, all);
    }
    if (all.isEmpty()) {
      return emptyDetail(first);
    }
    allocation = OptionalLong.of(all.getFirst().address());
    return allocationDetail(source.find(process.id(), allocation.getAsLong()), now);
  }

  private Detail emptyDetail(Found found) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Range", chosen.toString()));
    facts.addAll(region(found));
    return new Detail(
        "No live allocation here",
        Address.text(chosen.from()),
        Address.text(chosen.to()),
        facts,
        "Nearest",
        neighbours(found),
        List.of());
  }

  private Detail allocationDetail(Found found, long now) {
    if (found.allocation().isEmpty()) {
      return emptyDetail(found);
    }
    Allocation block = found.allocation().get();
    long end = block.address() + block.size();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Address", Address.text(block.address()) + " – " + Address.text(end)));
    facts.add(new Fact("Size", "%s asked for".formatted(exactly(block.size()))));
    facts.add(new Fact("Age", age(now - block.time())));
    facts.add(new Fact("Thread", Integer.toString(block.tid())));
    block.labels().forEach((kind, text) -> facts.add(new Fact(kind.title(), text)));
    found.poolBlocks().forEach(taken -> facts.add(new Fact("Pool", pooled(taken))));
    facts.addAll(region(found));
    return new Detail(
        "Allocation of " + Bytes.text(block.size()) + " by " + owner(block.stack()),
        Address.text(block.address()),
        Address.text(Math.max(end, block.address() + 1)),
        facts,
        "Neighbours",
        neighbours(found),
        lines(block.stack()));
  }

  private static String pooled(PoolBlock taken) {
    return "%s, %s at %s"
        .formatted(taken.pool(), exactly(taken.size()), Address.text(taken.address()));
  }

  /** The sites that hold most of the range, each with its first allocation as the way in. */
  private Detail rangeDetail(WatchedProcess process, Found first, List<Allocation> all) {
    long bytes = all.stream().mapToLong(this::within).sum();
    boolean more = all.size() >= MOST_ALLOCATIONS;
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Range", chosen + ", " + Bytes.text(chosen.length())));
    facts.add(
        new Fact(
            "Allocations",
            String.format(Locale.ROOT, more ? "the first %,d of more" : "%,d", all.size())));
    facts.add(
        new Fact(
            "Live",
            String.format(
                Locale.ROOT,
                "%s (%.0f %% of the range)",
                Bytes.text(bytes),
                100.0 * bytes / chosen.length())));
    facts.addAll(region(first));
    return new Detail(
        "Who holds this range",
        Address.text(chosen.from()),
        Address.text(chosen.to()),
        facts,
        "Call sites with the most bytes",
        owners(process, all),
        List.of());
  }

  private long within(Allocation block) {
    long end = Math.min(block.address() + block.size(), chosen.to());
    return Math.max(0, end - Math.max(block.address(), chosen.from()));
  }

  private List<Part> owners(WatchedProcess process, List<Allocation> all) {
    Map<Long, List<Allocation>> bySite = new LinkedHashMap<>();
    all.forEach(
        block -> bySite.computeIfAbsent(block.site(), site -> new ArrayList<>()).add(block));
    return bySite.values().stream()
        .sorted(Comparator.comparingLong((List<Allocation> blocks) -> -bytes(blocks)))
        .limit(MOST_OWNERS)
        .map(blocks -> owner(process, blocks))
        .toList();
  }

  private long bytes(List<Allocation> blocks) {
    return blocks.stream().mapToLong(this::within).sum();
  }

  private Part owner(WatchedProcess process, List<Allocation> blocks) {
    long address = blocks.getFirst().address();
    String name =
        source
            .find(process.id(), address)
            .allocation()
            .map(block -> owner(block.stack()))
            .orElse("(released meanwhile)");
    String count =
        blocks.size() == 1
            ? "1 allocation"
            : String.format(Locale.ROOT, "%,d allocations", blocks.size());
    return new Part(name, Bytes.text(bytes(blocks)) + " in " + count, Address.text(address));
  }

  private List<Part> neighbours(Found found) {
    List<Part> parts = new ArrayList<>();
    found.before().ifPresent(block -> parts.add(neighbour("before", block)));
    found.after().ifPresent(block -> parts.add(neighbour("after", block)));
    return parts;
  }

  private static Part neighbour(String where, Allocation block) {
    return new Part(
        where + ": " + owner(block.stack()),
        Bytes.text(block.size()) + " at " + Address.text(block.address()),
        Address.text(block.address()));
  }

  /** The whole region around the place, of which the kernel says what is in memory. */
  private static List<Fact> region(Found found) {
    if (found.region().isEmpty()) {
      return List.of();
    }
    Region region = found.region().get();
    Resident resident = region.resident();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Region", named(region)));
    facts.add(new Fact("Resident (RSS)", inRegion(resident.rssBytes(), region)));
    facts.add(new Fact("Proportional (PSS)", inRegion(resident.pssBytes(), region)));
    if (!resident.nodes().isEmpty()) {
      facts.add(new Fact("NUMA pages", resident.nodes()));
    }
    return facts;
  }

  private static String inRegion(long bytes, Region region) {
    return "%s of the region's %s".formatted(Bytes.text(bytes), Bytes.text(region.length()));
  }

  static String named(Region region) {
    String range = Address.text(region.from()) + "-" + Address.text(region.to());
    return region.name().isEmpty() || region.name().equals("[" + region.kind() + "]")
        ? region.kind() + ", " + range
        : region.name() + ", " + region.kind() + ", " + range;
  }

  /** Who wanted the memory; a program without symbols still has its modules. */
  private static String owner(Stack stack) {
    return stack.owner().orElse("(no stack)");
  }

  private static List<Table.StackLine> lines(Stack stack) {
    return stack.frames().stream()
        .map(
            frame -> new Table.StackLine(frame.title(), frame.file(), frame.line(), frame.module()))
        .toList();
  }

  private static String exactly(long bytes) {
    return bytes < 1024
        ? bytes + " B"
        : String.format(Locale.ROOT, "%,d B (%s)", bytes, Bytes.text(bytes));
  }

  private static String age(long nanos) {
    double seconds = Math.max(0, nanos) / 1e9;
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, "%d min %02d s", (long) seconds / 60, (long) seconds % 60);
  }
}
