package org.heapatlas.recording;

import static org.heapatlas.recording.Column.flag;
import static org.heapatlas.recording.Column.integer;
import static org.heapatlas.recording.Column.real;
import static org.heapatlas.recording.Column.text;
import static org.heapatlas.recording.ObjectRows.row;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Series;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/** The tables of what is now: of a live session this moment, of a replayed one where it stands. */
final class StateTables {
  private static final int PAGE = 1000;
  private static final int POINTS = 10_000;

  private StateTables() {}

  static final HeapTable PROCESSES =
      new HeapTable(
          "heap_processes",
          0,
          List.of(
              integer("process"),
              text("node"),
              integer("pid"),
              integer("parent_pid"),
              text("executable"),
              text("arguments"),
              text("state"),
              text("mode"),
              integer("started"),
              text("allocator"),
              integer("allocations"),
              integer("releases"),
              integer("live_bytes"),
              integer("live_allocations"),
              integer("peak_bytes"),
              integer("peak_time"),
              integer("lost_events"),
              flag("exact")),
          scan ->
              ObjectRows.ofProcesses(
                  scan, process -> Stream.<Object[]>of(process(process, summary(scan, process)))));

  private static Object[] process(WatchedProcess process, Summary summary) {
    return row(
        process.id(),
        process.node(),
        process.pid(),
        process.parentPid(),
        process.executable(),
        String.join(" ", process.arguments()),
        process.state().name().toLowerCase(Locale.ROOT),
        summary.coverage().mode().text(),
        process.startRealNanos(),
        process.allocator(),
        summary.allocations(),
        summary.releases(),
        summary.liveBytes(),
        summary.liveAllocations(),
        summary.peakBytes(),
        summary.peakTime(),
        summary.coverage().lost(),
        summary.coverage().exact());
  }

  static final HeapTable SITES =
      new HeapTable(
          "heap_sites",
          0,
          List.of(
              integer("process"),
              integer("site"),
              text("function"),
              text("file"),
              integer("line"),
              text("module"),
              integer("live_bytes"),
              integer("live_allocations"),
              integer("total_bytes"),
              integer("total_allocations"),
              real("allocations_per_second")),
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process -> sites(scan.source(), process).map(site -> site(process.id(), site))));

  private static Object[] site(long process, Site site) {
    StackFrame caller = site.stack().caller().orElse(null);
    return row(
        process,
        site.id(),
        site.stack().owner().orElse(null),
        caller == null || caller.file().isEmpty() ? null : caller.file(),
        caller == null || caller.line() == 0 ? null : caller.line(),
        caller == null ? null : caller.module(),
        site.liveBytes(),
        site.liveAllocations(),
        site.totalBytes(),
        site.totalAllocations(),
        site.allocationsPerSecond());
  }

  private static Stream<Site> sites(HeapSource source, WatchedProcess process) {
    return IntStream.iterate(0, offset -> offset + PAGE)
        .mapToObj(offset -> page(source, process, offset).sites())
        .takeWhile(sites -> !sites.isEmpty())
        .flatMap(List::stream);
  }

  private static SitePage page(HeapSource source, WatchedProcess process, int offset) {
    return source.sites(
        process.id(), new HeapSource.SiteQuery(Site.Order.TOTAL_BYTES, PAGE, offset, ""));
  }

  private static final List<Column> FRAME_COLUMNS =
      List.of(
          integer("process"),
          integer("site"),
          integer("depth"),
          text("function"),
          text("file"),
          integer("line"),
          text("module"),
          integer("module_offset"),
          flag("inlined"));

  static final HeapTable FRAMES =
      new HeapTable(
          "heap_frames",
          0,
          FRAME_COLUMNS,
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process ->
                      sites(scan.source(), process)
                          .flatMap(site -> frames(process.id(), site.id(), site.stack()))));

  /** Parameter: the site. */
  static final HeapTable STACK =
      new HeapTable(
          "heap_stack",
          1,
          FRAME_COLUMNS,
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process -> {
                    long site = scan.bound(0);
                    return scan.source().stacks(process.id(), List.of(site)).stream()
                        .flatMap(stack -> frames(process.id(), site, stack));
                  }));

  private static Stream<Object[]> frames(long process, long site, Stack stack) {
    return IntStream.range(0, stack.frames().size())
        .mapToObj(
            depth -> {
              StackFrame frame = stack.frames().get(depth);
              return row(
                  process,
                  site,
                  depth,
                  frame.title(),
                  frame.file().isEmpty() ? null : frame.file(),
                  frame.line() == 0 ? null : frame.line(),
                  frame.module(),
                  frame.moduleOffset(),
                  frame.inlined());
            });
  }

  static final HeapTable THREADS =
      new HeapTable(
          "heap_threads",
          0,
          List.of(
              integer("process"),
              integer("thread"),
              text("name"),
              flag("running"),
              integer("events"),
              integer("allocated_bytes")),
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process ->
                      scan.source().threads(process.id()).stream()
                          .map(
                              thread ->
                                  row(
                                      process.id(),
                                      thread.tid(),
                                      thread.name(),
                                      thread.running(),
                                      thread.events(),
                                      thread.allocatedBytes()))));

  static final HeapTable REGIONS =
      new HeapTable(
          "heap_regions",
          0,
          List.of(
              integer("process"),
              integer("begin_address"),
              integer("end_address"),
              text("kind"),
              text("name"),
              integer("live_bytes"),
              integer("live_allocations"),
              integer("rss_bytes"),
              integer("pss_bytes")),
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process ->
                      scan.source().regions(process.id()).regions().stream()
                          .map(
                              region ->
                                  row(
                                      process.id(),
                                      region.from(),
                                      region.to(),
                                      region.kind(),
                                      region.name(),
                                      region.liveBytes(),
                                      region.liveAllocations(),
                                      region.resident().rssBytes(),
                                      region.resident().pssBytes()))));

  static final HeapTable LABELS =
      new HeapTable(
          "heap_labels",
          0,
          List.of(
              integer("process"),
              text("kind"),
              text("name"),
              integer("live_bytes"),
              integer("live_allocations"),
              integer("total_bytes"),
              integer("total_allocations"),
              integer("peak_bytes")),
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process ->
                      scan.source().labels(process.id()).labels().stream()
                          .map(
                              label ->
                                  row(
                                      process.id(),
                                      label.name().kind().id(),
                                      label.name().text(),
                                      label.liveBytes(),
                                      label.liveAllocations(),
                                      label.totalBytes(),
                                      label.totalAllocations(),
                                      label.peakBytes()))));

  static final HeapTable METRICS =
      new HeapTable(
          "heap_metrics",
          0,
          List.of(
              integer("process"),
              integer("time"),
              integer("live_bytes"),
              integer("live_allocations"),
              real("allocations_per_second"),
              real("releases_per_second"),
              integer("rss_bytes")),
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process ->
                      points(
                          process.id(),
                          scan.source().series(process.id(), 0, Long.MAX_VALUE, POINTS))));

  private static Stream<Object[]> points(long process, Series series) {
    return IntStream.range(0, series.time().length)
        .mapToObj(
            at ->
                row(
                    process,
                    series.time()[at],
                    series.liveBytes()[at],
                    series.liveAllocations()[at],
                    series.allocationsPerSecond()[at],
                    series.releasesPerSecond()[at],
                    series.rssBytes()[at]));
  }

  static final HeapTable GAPS =
      new HeapTable(
          "heap_gaps",
          0,
          List.of(
              integer("process"), integer("begin_time"), integer("end_time"), integer("events")),
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process ->
                      summary(scan, process).coverage().gaps().stream()
                          .map(gap -> row(process.id(), gap.from(), gap.to(), gap.events()))));

  static final HeapTable FINDINGS =
      new HeapTable(
          "heap_findings",
          0,
          List.of(
              text("id"),
              text("kind"),
              text("severity"),
              real("confidence"),
              text("node"),
              integer("process"),
              integer("thread"),
              integer("begin_time"),
              integer("end_time"),
              text("title"),
              text("explanation"),
              text("mechanism"),
              integer("address"),
              integer("block_offset"),
              integer("block_address"),
              integer("block_size"),
              integer("allocated_by"),
              integer("released_by"),
              integer("site"),
              integer("position")),
          scan ->
              ObjectRows.ofProcesses(
                  scan,
                  process ->
                      scan.source().findings(process.session()).stream()
                          .filter(finding -> finding.process() == process.id())
                          .map(StateTables::finding)));

  /** Of the machine of a live session; of a recording, of that on which it was made. */
  static final HeapTable CAPABILITIES =
      new HeapTable(
          "heap_capabilities",
          0,
          List.of(text("name"), text("state"), text("why"), text("used_instead")),
          scan ->
              ObjectRows.of(
                  scan,
                  scan.source().capabilities().stream()
                      .map(
                          each ->
                              row(
                                  each.name(),
                                  each.state(),
                                  each.why(),
                                  each.usedInstead().isEmpty() ? null : each.usedInstead()))));

  /** Of the nodes whose clock is known against that of the server which watches, or recorded. */
  static final HeapTable CLOCKS =
      new HeapTable(
          "heap_clocks",
          0,
          List.of(text("node"), integer("clock_offset"), integer("clock_error")),
          scan ->
              ObjectRows.of(
                  scan,
                  scan.source().clocks().stream()
                      .map(each -> row(each.node(), each.clock().offset(), each.clock().error()))));

  private static Object[] finding(Finding finding) {
    Finding.Block block = finding.block().orElse(null);
    return row(
        finding.process() + "." + finding.id(),
        finding.kind(),
        finding.severity().text(),
        finding.confidence(),
        finding.node(),
        finding.process(),
        finding.tid() == 0 ? null : finding.tid(),
        finding.from(),
        finding.to(),
        finding.title(),
        finding.explanation(),
        finding.mechanism(),
        finding.address(),
        block == null ? null : finding.offset(),
        block == null ? null : block.address(),
        block == null || block.size() == 0 ? null : block.size(),
        block == null ? null : block.allocatedSite(),
        block == null ? null : block.freed().map(Finding.Release::site).orElse(null),
        finding.site(),
        finding.position().isPresent() ? finding.position().getAsLong() : null);
  }

  private static Summary summary(HeapTable.Scan scan, WatchedProcess process) {
    return scan.source().summarize(process.id(), 0, false);
  }

  static final List<HeapTable> ALL =
      List.of(
          PROCESSES,
          SITES,
          FRAMES,
          STACK,
          THREADS,
          REGIONS,
          LABELS,
          METRICS,
          GAPS,
          FINDINGS,
          CAPABILITIES,
          CLOCKS);
}
