package org.heapatlas.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What of a mapping is in memory: RSS counts a page that others share whole, PSS divides it by
 * their number. {@code numaPages} are base pages of 4 KiB on each node of the machine; empty where
 * there are none, or nothing is known of it.
 */
public record Resident(long rssBytes, long pssBytes, List<Long> numaPages) {
  public static final Resident NONE = new Resident(0, 0, List.of());

  public Resident plus(Resident other) {
    List<Long> pages = new ArrayList<>();
    for (int node = 0; node < Math.max(numaPages.size(), other.numaPages.size()); node++) {
      pages.add(onNode(node) + other.onNode(node));
    }
    return new Resident(rssBytes + other.rssBytes, pssBytes + other.pssBytes, List.copyOf(pages));
  }

  private long onNode(int node) {
    return node < numaPages.size() ? numaPages.get(node) : 0;
  }

  /** The pages of each node in words; empty where there is one node only. */
  public String nodes() {
    return numaPages.size() < 2
        ? ""
        : IntStream.range(0, numaPages.size())
            .mapToObj(node -> String.format(Locale.ROOT, "node %d %,d", node, numaPages.get(node)))
            .collect(Collectors.joining(" · "));
  }
}
