package org.heapatlas.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Site;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;

/**
 * A session's end, for people and for programs; the fields are those of the documentation, and all
 * are always there.
 */
final class Summaries {
  private Summaries() {}

  /**
   * The summary object. {@code exitStatus} and {@code programCpuNanos} are null where we did not
   * start the program.
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Json(
      Integer exitStatus,
      Long programCpuNanos,
      long events,
      long lost,
      long gaps,
      long peakBytes,
      long liveBytes,
      long liveAllocations,
      CoverageJson coverage,
      List<SiteJson> sites,
      List<String> findings,
      String recording) {}

  record CoverageJson(String mode, long unresolvedFrames, long beforeAttachBytes) {}

  record SiteJson(long bytes, long allocations, List<FrameJson> frames) {}

  record FrameJson(String function, String file, int line) {}

  static Json json(Summary summary, Integer exitStatus, Long cpuNanos) {
    return new Json(
        exitStatus,
        cpuNanos,
        summary.allocations() + summary.releases(),
        summary.coverage().lost(),
        summary.coverage().gaps().size(),
        summary.peakBytes(),
        summary.liveBytes(),
        summary.liveAllocations(),
        new CoverageJson(
            summary.coverage().mode().text(),
            summary.coverage().unresolvedFrames(),
            summary.coverage().beforeAttachBytes()),
        summary.sites().stream().map(Summaries::site).toList(),
        List.of(),
        null);
  }

  private static SiteJson site(Site site) {
    return new SiteJson(
        site.liveBytes(),
        site.liveAllocations(),
        site.stack().frames().stream().map(Summaries::frame).toList());
  }

  private static FrameJson frame(StackFrame frame) {
    return new FrameJson(frame.title(), frame.file(), frame.line());
  }

  /** {@code program} is what the user calls it. */
  static String text(Summary summary, String program) {
    StringBuilder text = new StringBuilder();
    String name = program.substring(program.lastIndexOf('/') + 1);
    text.append(
        "── %s[%d], %s\n"
            .formatted(name, summary.process().pid(), summary.coverage().mode().text()));
    text.append(
        line(
            "   events   %,d (%,d allocations, %,d releases), %,d lost, %d gaps",
            summary.allocations() + summary.releases(),
            summary.allocations(),
            summary.releases(),
            summary.coverage().lost(),
            summary.coverage().gaps().size()));
    text.append(
        line(
            "   peak     %s after %.1f s",
            Bytes.text(summary.peakBytes()), summary.peakTime() / 1e9));
    text.append(
        line(
            "   live     %s in %,d allocations",
            Bytes.text(summary.liveBytes()), summary.liveAllocations()));
    if (summary.coverage().unresolvedFrames() > 0 || summary.coverage().beforeAttachBytes() > 0) {
      text.append(
          line(
              "   coverage %,d frames unresolved, %s allocated before attaching",
              summary.coverage().unresolvedFrames(),
              Bytes.text(summary.coverage().beforeAttachBytes())));
    }
    Stream.concat(summary.coverage().span().stream(), summary.process().notices().stream())
        .forEach(notice -> text.append("   note     ").append(notice).append('\n'));
    List<Site> live = summary.sites().stream().filter(site -> site.liveBytes() > 0).toList();
    if (!live.isEmpty()) {
      text.append("   the call sites with the most live bytes:\n");
      live.forEach(site -> text.append(siteText(site)));
    }
    return text.toString().stripTrailing();
  }

  /** One line for a process beside the first. */
  static String brief(WatchedProcess process, Summary summary) {
    return String.format(
        Locale.ROOT,
        "── %s: %,d events, peak %s, live %s in %,d allocations",
        process.title(),
        summary.allocations() + summary.releases(),
        Bytes.text(summary.peakBytes()),
        Bytes.text(summary.liveBytes()),
        summary.liveAllocations());
  }

  private static String siteText(Site site) {
    String where =
        site.caller()
            .map(frame -> frame.title() + "  " + frame.place())
            .orElse("(no stack was recorded)");
    return line("   %10s in %,9d  %s", Bytes.text(site.liveBytes()), site.liveAllocations(), where);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
