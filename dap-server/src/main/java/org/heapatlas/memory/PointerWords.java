package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Region;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.Hex;

/**
 * The words of a window that are addresses of mapped memory, with what they point into. Main entry:
 * in. Called by the view of the bytes for each frame; asks the collector for a block at most once a
 * second.
 */
final class PointerWords {
  private static final long FRESH_NANOS = 1_000_000_000;
  private static final int MOST_BLOCKS = 128;

  private final HeapSource source;
  private final Map<Long, String> known = new HashMap<>();
  private long since;

  PointerWords(HeapSource source) {
    this.source = source;
  }

  /** What was known is of another process, or of another instant. */
  void forget() {
    known.clear();
  }

  List<Hex.Pointer> in(long process, ByteWindow window, List<Region> regions) {
    if (System.nanoTime() - since > FRESH_NANOS) {
      known.clear();
      since = System.nanoTime();
    }
    List<Hex.Pointer> pointers = new ArrayList<>();
    int first = (int) (-window.from() & (Long.BYTES - 1));
    for (int at = first; at + Long.BYTES <= window.length(); at += Long.BYTES) {
      if (!window.isReadable(at, Long.BYTES)) {
        continue;
      }
      long target = window.word(at);
      Optional<Region> region =
          regions.stream().filter(each -> each.from() <= target && target < each.to()).findFirst();
      if (region.isPresent()) {
        pointers.add(
            new Hex.Pointer(at, Address.text(target), into(process, target, region.get())));
      }
    }
    return List.copyOf(pointers);
  }

  private String into(long process, long target, Region region) {
    if (region.liveAllocations() == 0 || known.size() >= MOST_BLOCKS) {
      return known.getOrDefault(target, words(target, region));
    }
    return known.computeIfAbsent(
        target,
        address ->
            source
                .find(process, address)
                .allocation()
                .map(block -> words(address, block))
                .orElseGet(() -> "no block of " + words(address, region)));
  }

  private static String words(long target, Allocation block) {
    String named = "%s by %s".formatted(Bytes.text(block.size()), SiteWords.owner(block.stack()));
    return behind(named, target - block.address());
  }

  private static String words(long target, Region region) {
    return behind(MemorySpans.name(region), target - region.from());
  }

  private static String behind(String what, long offset) {
    return offset == 0 ? what : what + " + 0x" + Long.toHexString(offset);
  }
}
