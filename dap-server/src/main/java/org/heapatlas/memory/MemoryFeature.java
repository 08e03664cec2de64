package org.heapatlas.memory;

import java.util.List;
import java.util.stream.Stream;
import org.heapatlas.memory.MemoryView.Kind;
import org.heapatlas.view.Feature;
import org.heapatlas.view.ViewDefinition;

/** The views of the heap. Found by its entry in META-INF/services. */
public final class MemoryFeature implements Feature {
  static final String GROWTH = "memory.growth";

  @Override
  public List<ViewDefinition> views() {
    return Stream.of(space(), stacks(), found(), declared(), past()).flatMap(List::stream).toList();
  }

  /** The heap as a whole, and the address space. */
  private static List<ViewDefinition> space() {
    return List.of(
        new MemoryView(
            "memory.overview", "Overview", "keyFigures", "The heap in figures", Overview::new),
        new MemoryView(
            "memory.map",
            "Heap map",
            "heatmap",
            "The address space, from all regions to a page",
            HeapMap::new),
        new MemoryView(
            "memory.topology",
            "Memory in 3D",
            "scene",
            "The address space as a terrain, as high as memory is full",
            HeapTopology::new));
  }

  /** Who allocated what is live. */
  private static List<ViewDefinition> stacks() {
    return List.of(
        new MemoryView(
            "memory.sites", "Call sites", "table", "Who allocated what is live", CallSites::new),
        new MemoryView(
            "memory.flame",
            "Flame graph",
            "flameGraph",
            "Who allocated what is live, by call stack, callers on top",
            CallFlames::new),
        new MemoryView(
            "memory.callers",
            "Call graph",
            "graph",
            "Who calls whom on the way to what is live",
            CallGraphs::new));
  }

  /** What is wrong. */
  private static List<ViewDefinition> found() {
    return List.of(
        new MemoryView(
            "memory.findings",
            "Findings",
            "table",
            "What detectors found: blocks that were released twice, or wrongly",
            FoundTable::new),
        new MemoryView(
            "memory.report",
            "Report",
            "document",
            "All that is known of the chosen finding: what happened, who did it, what to do",
            FindingReport::new));
  }

  /** Over time, and as the program itself calls its memory. */
  private static List<ViewDefinition> declared() {
    return List.of(
        new MemoryView(
            "memory.series",
            "Over time",
            "chart",
            "Live bytes and rates over time",
            Kind.ofHeap(HeapSeries::new)),
        new MemoryView(
            "memory.tags",
            "Tags",
            "table",
            "What memory is for, as the program says: tags, tenants, object types, arenas",
            Kind.ofHeap(Labels::carried),
            List.of(Labels.KIND_PARAMETER)),
        new MemoryView(
            "memory.pools",
            "Pools",
            "table",
            "The program's own allocators: what they hold and use",
            Kind.ofHeap(Labels::pools)));
  }

  /** What was; and where it was seen. */
  private static List<ViewDefinition> past() {
    return List.of(
        new MemoryView(
            "memory.timeline",
            "Timeline",
            "timeline",
            "The whole session, and the instant that the other views show",
            TimeLanes::new),
        new MemoryView(
            AddressHistory.VIEW,
            "History of an address",
            "table",
            "Every allocation that ever covered an address",
            AddressHistory::new),
        new MemoryView(
            "memory.lifetimes",
            "Lifetimes",
            "table",
            "How long allocations live, by call site",
            Lifetimes::new),
        new MemoryView(
            MemoryBytes.VIEW,
            "Memory",
            "hex",
            "The bytes at an address, and whose they are",
            MemoryBytes::new,
            List.of(MemoryBytes.ADDRESS)),
        growth(),
        NodesTable.DEFINITION);
  }

  private static MemoryView growth() {
    return new MemoryView(
        GROWTH,
        "Growth",
        "table",
        "What two instants or recordings differ in, by call site, and what chance explains of it",
        SiteGrowth::new,
        SiteGrowth.PARAMETERS);
  }
}
