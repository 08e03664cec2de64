package org.heapatlas.collector;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Capability;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.Found;
import org.heapatlas.model.Gap;
import org.heapatlas.model.Label;
import org.heapatlas.model.LabelPage;
import org.heapatlas.model.LoadedModule;
import org.heapatlas.model.Losses;
import org.heapatlas.model.Mode;
import org.heapatlas.model.PoolBlock;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.Region;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Resident;
import org.heapatlas.model.Series;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Summary;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.proto.FindReply;
import org.heapatlas.proto.LabelKind;
import org.heapatlas.proto.LabelsReply;
import org.heapatlas.proto.ModuleInfo;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.RegionsReply;
import org.heapatlas.proto.SeriesReply;
import org.heapatlas.proto.SitesReply;
import org.heapatlas.proto.ThreadInfo;
import org.heapatlas.proto.TilesReply;

/**
 * The messages of proto/collector.proto as the model's records. A value from a newer collector
 * falls back, never throws.
 */
final class FromWire {
  private FromWire() {}

  static WatchedProcess process(ProcessInfo info) {
    return new WatchedProcess(
        info.getProcess(),
        "",
        info.getPid(),
        info.getParentPid(),
        info.getSession(),
        info.getExecutable(),
        List.copyOf(info.getArgumentsList()),
        switch (info.getState()) {
          case STOPPED -> WatchedProcess.State.STOPPED;
          case ENDED -> WatchedProcess.State.ENDED;
          case REPLAYED -> WatchedProcess.State.REPLAYED;
          case RUNNING, UNRECOGNIZED -> WatchedProcess.State.RUNNING;
        },
        mode(info.getMode()),
        info.getStartRealNanos(),
        info.getAllocator(),
        List.copyOf(info.getNoticesList()));
  }

  static Mode mode(org.heapatlas.proto.Mode mode) {
    return switch (mode) {
      case OFF -> Mode.OFF;
      case SAMPLED -> Mode.SAMPLED;
      case FULL, UNRECOGNIZED -> Mode.FULL;
      case FULL_NO_STACKS -> Mode.FULL_NO_STACKS;
    };
  }

  static org.heapatlas.proto.Mode wire(Mode mode) {
    return org.heapatlas.proto.Mode.valueOf(mode.name());
  }

  static Coverage coverage(org.heapatlas.proto.Coverage wire) {
    return new Coverage(
        mode(wire.getMode()),
        wire.getEvents(),
        wire.getLost(),
        wire.getGapsList().stream()
            .map(gap -> new Gap(gap.getFrom(), gap.getTo(), gap.getEvents()))
            .toList(),
        wire.getUnresolvedFrames(),
        wire.getCutStacks(),
        wire.getUnknownFrees(),
        wire.getBeforeAttachBytes(),
        wire.getExact(),
        wire.getStandardErrorBytes(),
        wire.getMapSince(),
        wire.getOffSince(),
        wire.getFolding(),
        losses(wire.getLosses()));
  }

  private static Losses losses(org.heapatlas.proto.Losses wire) {
    return new Losses(
        wire.getFoldedInGaps(),
        wire.getDamagedRecords(),
        wire.getRefusedByTable(),
        wire.getDroppedByRuntime(),
        wire.getSkippedBesideHeap());
  }

  static Summary summary(org.heapatlas.proto.Summary wire) {
    return new Summary(
        process(wire.getProcess()),
        wire.getAllocations(),
        wire.getReleases(),
        wire.getLiveBytes(),
        wire.getLiveAllocations(),
        wire.getPeakBytes(),
        wire.getPeakTime(),
        coverage(wire.getCoverage()),
        wire.getSitesList().stream().map(FromWire::site).toList(),
        wire.getNow(),
        wire.getRssBytes(),
        wire.getPssBytes(),
        wire.getMappedBytes(),
        wire.getSessionProcesses());
  }

  static Stack stack(org.heapatlas.proto.Stack wire) {
    return new Stack(wire.getFramesList().stream().map(FromWire::frame).toList(), wire.getCut());
  }

  private static StackFrame frame(org.heapatlas.proto.Frame wire) {
    return new StackFrame(
        wire.getPc(),
        wire.getFunction(),
        wire.getFile(),
        wire.getLine(),
        wire.getModule(),
        wire.getModuleOffset(),
        wire.getInlined());
  }

  private static Site site(org.heapatlas.proto.Site wire) {
    return new Site(
        wire.getId(),
        wire.getLiveBytes(),
        wire.getLiveAllocations(),
        wire.getTotalBytes(),
        wire.getTotalAllocations(),
        wire.getAllocationsPerSecond(),
        stack(wire.getStack()));
  }

  static SitePage sites(SitesReply wire) {
    return new SitePage(
        wire.getSitesList().stream().map(FromWire::site).toList(),
        wire.getTotal(),
        wire.getNow(),
        coverage(wire.getCoverage()));
  }

  static LabelPage labels(LabelsReply wire) {
    return new LabelPage(
        wire.getLabelsList().stream()
            .filter(label -> label.getKind() != LabelKind.UNRECOGNIZED)
            .map(FromWire::label)
            .toList(),
        wire.getLiveBytes(),
        wire.getLiveAllocations(),
        wire.getNow(),
        coverage(wire.getCoverage()));
  }

  private static Label label(org.heapatlas.proto.Label wire) {
    return new Label(
        new Label.Name(Label.Kind.valueOf(wire.getKind().name()), wire.getName()),
        wire.getLiveBytes(),
        wire.getLiveAllocations(),
        wire.getTotalBytes(),
        wire.getTotalAllocations(),
        wire.getPeakBytes(),
        wire.getAllocationsPerSecond(),
        wire.getHeldBytes(),
        wire.getUnknownReleases());
  }

  static RegionMap regions(RegionsReply wire) {
    return new RegionMap(
        wire.getRegionsList().stream().map(FromWire::region).toList(),
        wire.getNow(),
        coverage(wire.getCoverage()));
  }

  private static Region region(org.heapatlas.proto.Region wire) {
    return new Region(
        wire.getFrom(),
        wire.getTo(),
        wire.getKind(),
        wire.getName(),
        wire.getLiveBytes(),
        wire.getLiveAllocations(),
        new Resident(wire.getRssBytes(), wire.getPssBytes(), List.copyOf(wire.getNumaPagesList())));
  }

  static Tiles tiles(TilesReply wire) {
    return new Tiles(
        wire.getFrom(),
        wire.getTo(),
        wire.getTileBytes(),
        ints(wire.getIndexList()),
        longs(wire.getLiveBytesList()),
        ints(wire.getLiveAllocationsList()),
        ints(wire.getAllocationsList()),
        wire.getNow(),
        coverage(wire.getCoverage()));
  }

  static Series series(SeriesReply wire) {
    return new Series(
        longs(wire.getTimeList()),
        longs(wire.getLiveBytesList()),
        longs(wire.getLiveAllocationsList()),
        doubles(wire.getAllocationsPerSecondList()),
        doubles(wire.getReleasesPerSecondList()),
        longs(wire.getRssBytesList()),
        wire.getThreadsList().stream().mapToInt(Integer::intValue).toArray(),
        wire.getNow(),
        coverage(wire.getCoverage()));
  }

  static ProgramThread thread(ThreadInfo wire) {
    return new ProgramThread(
        wire.getTid(),
        wire.getName(),
        wire.getRunning(),
        wire.getEvents(),
        wire.getAllocatedBytes(),
        wire.getLastAllocation());
  }

  static LoadedModule module(ModuleInfo wire) {
    return new LoadedModule(
        wire.getFrom(),
        wire.getTo(),
        wire.getPath(),
        wire.getBuildId(),
        wire.getHasSymbols(),
        wire.getHasLines(),
        wire.getLoaded());
  }

  static Found found(FindReply wire) {
    return new Found(
        wire.getFound() && wire.hasAllocation()
            ? Optional.of(allocation(wire.getAllocation()))
            : Optional.empty(),
        wire.hasBefore() ? Optional.of(allocation(wire.getBefore())) : Optional.empty(),
        wire.hasAfter() ? Optional.of(allocation(wire.getAfter())) : Optional.empty(),
        wire.hasRegion() ? Optional.of(region(wire.getRegion())) : Optional.empty(),
        wire.getPoolBlocksList().stream()
            .map(block -> new PoolBlock(block.getPool(), block.getAddress(), block.getSize()))
            .toList());
  }

  static Allocation allocation(org.heapatlas.proto.Allocation wire) {
    return new Allocation(
        wire.getAddress(),
        wire.getSize(),
        wire.getTime(),
        wire.getTid(),
        wire.getSite(),
        labelsOf(wire),
        stack(wire.getStack()));
  }

  private static Map<Label.Kind, String> labelsOf(org.heapatlas.proto.Allocation wire) {
    Map<Label.Kind, String> labels = new EnumMap<>(Label.Kind.class);
    labels.put(Label.Kind.TAG, wire.getTag());
    labels.put(Label.Kind.TENANT, wire.getTenant());
    labels.put(Label.Kind.OBJECT_TYPE, wire.getObjectType());
    labels.put(Label.Kind.ARENA, wire.getArena());
    labels.values().removeIf(String::isEmpty);
    return labels;
  }

  static Capability capability(org.heapatlas.proto.Capability wire) {
    return new Capability(wire.getName(), wire.getState(), wire.getWhy(), wire.getUsedInstead());
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
