package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Region;
import org.heapatlas.model.Stack;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Hex;

/**
 * What lies in a window of memory: live blocks, released ones, what is the allocator's own between
 * them, and mappings without blocks. Main entry: in. Called by the view of the bytes for each
 * frame. Spans are in address order; those of mappings do not overlap those of blocks.
 */
final class MemorySpans {
  private static final int MOST_BLOCKS = 512;
  private static final int MOST_OWNERS = 10_000;

  private final HeapSource source;
  private final ReleasedBlocks released;
  private final Map<Long, String> owners = new HashMap<>();

  MemorySpans(Session session) {
    this.source = session.source();
    this.released = new ReleasedBlocks(session);
  }

  /** Another process has other blocks and other sites. */
  void forget() {
    released.forget();
    owners.clear();
  }

  void close() {
    released.close();
  }

  List<Hex.Span> in(WatchedProcess process, Address.Range window, List<Region> regions) {
    List<Allocation> live = live(process, window);
    List<ReleasedBlocks.Released> gone = released.in(process, window, live);
    learn(
        process,
        Stream.concat(
                live.stream().map(Allocation::site),
                gone.stream().map(ReleasedBlocks.Released::site))
            .toList());
    List<Hex.Span> blocks =
        Stream.concat(live.stream().map(this::live), gone.stream().map(this::gone))
            .sorted(Comparator.comparingLong(span -> Address.parse(span.from())))
            .toList();
    List<Hex.Span> all = new ArrayList<>();
    long at = window.from();
    for (Hex.Span block : blocks) {
      between(at, Address.parse(block.from()), regions, all);
      all.add(block);
      at = Math.max(at, Address.parse(block.to()));
    }
    between(at, window.to(), regions, all);
    return List.copyOf(all);
  }

  /** What the last spans leave out, in words, or nothing. */
  String left() {
    return released.left();
  }

  /** Also the one that begins before the window. */
  private List<Allocation> live(WatchedProcess process, Address.Range window) {
    List<Allocation> all = new ArrayList<>();
    source
        .find(process.id(), window.from())
        .allocation()
        .filter(block -> block.address() < window.from())
        .ifPresent(all::add);
    all.addAll(source.allocations(process.id(), window.from(), window.to(), MOST_BLOCKS));
    return all;
  }

  private void learn(WatchedProcess process, List<Long> sites) {
    if (owners.size() > MOST_OWNERS) {
      owners.clear();
    }
    List<Long> unknown =
        sites.stream().filter(site -> site != 0 && !owners.containsKey(site)).distinct().toList();
    if (unknown.isEmpty()) {
      return;
    }
    List<Stack> stacks = source.stacks(process.id(), unknown);
    for (int i = 0; i < unknown.size(); i++) {
      Stack stack = i < stacks.size() ? stacks.get(i) : Stack.EMPTY;
      owners.put(unknown.get(i), SiteWords.owner(stack));
    }
  }

  private String owner(long site) {
    return owners.getOrDefault(site, SiteWords.owner(Stack.EMPTY));
  }

  private Hex.Span live(Allocation block) {
    String labels =
        block.labels().entrySet().stream()
            .map(label -> ", %s %s".formatted(label.getKey().title(), label.getValue()))
            .collect(Collectors.joining());
    return span(
        block.address(),
        block.size(),
        "live",
        owner(block.site()),
        String.format(
            Locale.ROOT,
            "allocated at %.6f s by thread %d%s",
            block.time() / 1e9,
            block.tid(),
            labels));
  }

  private Hex.Span gone(ReleasedBlocks.Released block) {
    String when =
        block.nanos().isPresent()
            ? String.format(Locale.ROOT, "released at %.6f s", block.nanos().getAsLong() / 1e9)
            : "released while it was looked at";
    return span(block.address(), block.size(), "freed", owner(block.site()), when);
  }

  private static Hex.Span span(long address, long size, String kind, String owner, String text) {
    return new Hex.Span(
        Address.text(address), Address.text(address + Math.max(1, size)), kind, owner, size, text);
  }

  /** Where no block is known, the mapping says what it is. */
  private static void between(long from, long to, List<Region> regions, List<Hex.Span> all) {
    long at = from;
    while (at < to) {
      long here = at;
      Region region =
          regions.stream()
              .filter(each -> each.from() <= here && here < each.to())
              .findFirst()
              .orElse(null);
      long end =
          region == null
              ? regions.stream()
                  .mapToLong(Region::from)
                  .filter(begin -> begin > here)
                  .min()
                  .orElse(to)
              : region.to();
      end = Math.min(to, end);
      all.add(ofRegion(region, at, end));
      at = end;
    }
  }

  private static Hex.Span ofRegion(Region region, long from, long to) {
    if (region == null) {
      return span(from, to - from, "unmapped", "Not mapped", "");
    }
    return region.liveAllocations() > 0
        ? span(from, to - from, "outside", "No block", "a block's header, or free, or not recorded")
        : span(from, to - from, "region", name(region), region.kind());
  }

  static String name(Region region) {
    return region.name().isEmpty()
        ? region.kind()
        : region.name().substring(region.name().lastIndexOf('/') + 1);
  }
}
