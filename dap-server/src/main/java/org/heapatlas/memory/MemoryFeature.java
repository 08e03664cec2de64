package org.heapatlas.memory;

import java.util.List;
import org.heapatlas.view.Feature;
import org.heapatlas.view.ViewDefinition;

/** The views of the heap. Found by its entry in META-INF/services. */
public final class MemoryFeature implements Feature {
  @Override
  public List<ViewDefinition> views() {
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
            "memory.sites", "Call sites", "table", "Who allocated what is live", CallSites::new),
        new MemoryView(
            "memory.series",
            "Over time",
            "chart",
            "Live bytes and rates over time",
            HeapSeries::new),
        new MemoryView(
            "memory.tags",
            "Tags",
            "table",
            "What memory is for, as the program says: tags, tenants, object types, arenas",
            Labels::carried,
            List.of(Labels.KIND_PARAMETER)),
        new MemoryView(
            "memory.pools",
            "Pools",
            "table",
            "The program's own allocators: what they hold and use",
            Labels::pools));
  }
}
