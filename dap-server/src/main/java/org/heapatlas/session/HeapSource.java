package org.heapatlas.session;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Capability;
import org.heapatlas.model.Found;
import org.heapatlas.model.Label;
import org.heapatlas.model.LabelPage;
import org.heapatlas.model.LoadedModule;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Mode;
import org.heapatlas.model.ProcessSignal;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Series;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Summary;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.WatchedProcess;

/**
 * What answers questions about heaps: a node's collector now, a recording later. Every call blocks,
 * may be made from any thread, and throws a {@link org.heapatlas.model.Problem} with one sentence
 * when it cannot answer.
 */
public interface HeapSource extends AutoCloseable {
  /**
   * Which sites, in which order, and which window of them; ascending: the least first. With a label
   * only what carries it counts.
   */
  record SiteQuery(
      Site.Order order,
      boolean ascending,
      int limit,
      int offset,
      String functionContains,
      Optional<Label.Name> label) {
    public SiteQuery(Site.Order order, int limit, int offset, String functionContains) {
      this(order, false, limit, offset, functionContains, Optional.empty());
    }
  }

  /**
   * Calls for each process of the session, the known ones first, until the answer is closed; and
   * with one sentence when the source is lost for a while, which then goes on by itself.
   */
  Subscription watchProcesses(
      String session, Consumer<WatchedProcess> onProcess, Consumer<String> onNotice);

  Summary summarize(long process, int topSites, boolean waitForEnd);

  SitePage sites(long process, SiteQuery query);

  LabelPage labels(long process);

  RegionMap regions(long process);

  /** {@code tileBytes} is a power of two of at least 16, and {@code from} a multiple of it. */
  Tiles tiles(long process, long from, long to, long tileBytes);

  Series series(long process, long from, long to, int points);

  List<ProgramThread> threads(long process);

  List<LoadedModule> modules(long process);

  Found find(long process, long address);

  /** Those that start in [from, to), in address order, the first {@code limit}; without stacks. */
  List<Allocation> allocations(long process, long from, long to, int limit);

  MemoryContent readMemory(long process, long address, long count);

  Stack threadStack(long process, int tid);

  /** In force as soon as the program allocates next. {@code sampleMean}: bytes; 0 leaves it. */
  void setMode(long process, Mode mode, long sampleMean);

  void signal(long process, ProcessSignal signal);

  WatchedProcess attach(int pid, Mode mode, String session);

  void detach(long process);

  List<Capability> capabilities();

  @Override
  void close();

  /** Ends what it stands for; closing twice does no harm. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
