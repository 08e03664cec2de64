package org.heapatlas.session;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Capability;
import org.heapatlas.model.EventColumns;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Found;
import org.heapatlas.model.Label;
import org.heapatlas.model.LabelPage;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.LoadedModule;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Moment;
import org.heapatlas.model.NodeClock;
import org.heapatlas.model.NodeHealth;
import org.heapatlas.model.Problem;
import org.heapatlas.model.ProcessSignal;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Series;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Summary;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;

/**
 * What answers questions about heaps: a node's collector, or one that replays a recording. Every
 * call blocks, may be made from any thread, and throws a {@link org.heapatlas.model.Problem} with
 * one sentence when it cannot answer.
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

  /**
   * Calls for each finding of the session, the known ones first, until the answer is closed; of a
   * recording, for all that were raised while it was made.
   */
  Subscription watchFindings(String session, Consumer<Finding> onFinding);

  /** Those that are known once all is read that the programs have written. */
  List<Finding> findings(String session);

  Summary summarize(long process, int topSites, boolean waitForEnd);

  SitePage sites(long process, SiteQuery query);

  LabelPage labels(long process);

  RegionMap regions(long process);

  /** {@code tileBytes} is a power of two of at least 16, and {@code from} a multiple of it. */
  Tiles tiles(long process, long from, long to, long tileBytes);

  Series series(long process, long from, long to, int points);

  /**
   * The whole time, also what lies behind the instant at which a replayed process stands; its gaps
   * are those of the whole time too.
   */
  Series course(long process, int points);

  List<ProgramThread> threads(long process);

  List<LoadedModule> modules(long process);

  Found find(long process, long address);

  /** Those that start in [from, to), in address order, the first {@code limit}; without stacks. */
  List<Allocation> allocations(long process, long from, long to, int limit);

  /** Of a replayed process: what of its memory was kept last before where it stands. */
  MemoryContent readMemory(long process, long address, long count);

  /** Reads it, and has it in the recording, which there must be. */
  MemoryContent keepMemory(long process, long address, long count);

  /** All of it, into a process that is live, or a Problem that says how much. */
  void writeMemory(long process, long address, byte[] data);

  Stack threadStack(long process, int tid);

  /** In force as soon as the program allocates next. {@code sampleMean}: bytes; 0 leaves it. */
  void setMode(long process, Mode mode, long sampleMean);

  void signal(long process, ProcessSignal signal);

  WatchedProcess attach(int pid, Mode mode, String session);

  void detach(long process);

  List<Capability> capabilities();

  /**
   * How far the nodes' clocks are ahead of the one that their instants are put on, of those for
   * which that is known; of a recording, where it stands.
   */
  default List<NodeClock> clocks() {
    return List.of();
  }

  /** The nodes, each asked now whether it answers; a silent one takes as long as its time limit. */
  default List<NodeHealth> nodes(String session) {
    return List.of(health("", session));
  }

  /** Of this source, as the node with that address. */
  default NodeHealth health(String node, String session) {
    try {
      processes(session);
      return new NodeHealth(node, "");
    } catch (Problem silent) {
      return new NodeHealth(node, silent.getMessage());
    }
  }

  /** The call stacks of sites, in their order; an empty one where none is known. */
  List<Stack> stacks(long process, List<Long> sites);

  /**
   * From now on, what the session's processes do is kept in a folder that is made on their node, or
   * here when there are several; also of those that it starts later. {@code program} is the command
   * line, for people.
   */
  RecordingStatus record(
      String session, Path folder, RecordingStatus.Limits limits, String program);

  /** Seals what was recorded; the session goes on. */
  RecordingStatus stopRecording(String session);

  RecordingStatus recordingOf(String session);

  /** What can be asked of a recorded process's past; of a live one, up to what is safe on disk. */
  Timeline timeline(long process);

  /** A replayed process stands there from now on: all other questions are answered as of then. */
  Timeline seek(long process, Moment moment);

  EventSearch.Match search(long process, EventSearch search);

  /** The processes of a session that are known now, by age. */
  List<WatchedProcess> processes(String session);

  /** Events of a recorded process, in order. */
  Parts<EventColumns> events(long process, EventColumns.Query query);

  /**
   * Allocations of a recorded process in the order of their release, those that are live at the end
   * of what can be asked last.
   */
  Parts<LifetimeColumns> lifetimes(long process, LifetimeColumns.Query query);

  @Override
  void close();

  /**
   * An answer that comes in parts. Closing it, from any thread, ends the question, and {@code next}
   * then throws.
   */
  interface Parts<T> extends AutoCloseable {
    /** Waits for the next part; nothing at the end. */
    Optional<T> next();

    @Override
    void close();
  }

  /** Ends what it stands for; closing twice does no harm. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
