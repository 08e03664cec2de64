package org.heapatlas.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Losses;
import org.heapatlas.model.Site;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;

/**
 * A session's end, for people and for programs; the fields are those of the documentation, and all
 * are always there.
 */
final class Summaries {
  private static final int MOST_FINDINGS = 5;

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
      List<FindingJson> findings,
      String recording) {}

  record CoverageJson(
      String mode,
      long unresolvedFrames,
      long beforeAttachBytes,
      @JsonUnwrapped Losses losses,
      List<String> notices) {}

  record SiteJson(long bytes, long allocations, List<FrameJson> frames) {}

  record FrameJson(String function, String file, int line) {}

  /** {@code recording} is the folder, null where nothing is recorded. */
  static Json json(
      Summary summary,
      List<Finding> findings,
      Integer exitStatus,
      Long cpuNanos,
      String recording) {
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
            summary.coverage().beforeAttachBytes(),
            summary.coverage().losses(),
            notices(summary)),
        summary.sites().stream().map(Summaries::site).toList(),
        findings.stream().map(FindingJson::of).toList(),
        recording);
  }

  /** What a reader of the figures must know, a sentence each. */
  private static List<String> notices(Summary summary) {
    return Stream.concat(summary.coverage().span().stream(), summary.process().notices().stream())
        .toList();
  }

  private static SiteJson site(Site site) {
    return new SiteJson(
        site.liveBytes(),
        site.liveAllocations(),
        site.stack().frames().stream().map(Summaries::frame).toList());
  }

  static FrameJson frame(StackFrame frame) {
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
    if (summary.coverage().lost() > 0) {
      text.append(line("   lost     %s", summary.coverage().lossWords()));
    }
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
    notices(summary).forEach(notice -> text.append("   note     ").append(notice).append('\n'));
    List<Site> live = summary.sites().stream().filter(site -> site.liveBytes() > 0).toList();
    if (!live.isEmpty()) {
      text.append("   the call sites with the most live bytes:\n");
      live.forEach(site -> text.append(siteText(site)));
    }
    return text.toString().stripTrailing();
  }

  /** A line for each of the first findings, and where it happened. */
  static String text(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    if (!findings.isEmpty()) {
      text.append(line("   findings %,d", findings.size()));
    }
    for (Finding finding : findings.stream().limit(MOST_FINDINGS).toList()) {
      text.append(
          line(
              "   %-8s %s in %s",
              finding.severity().text(),
              finding.title(),
              finding.stack().described().orElse("(no stack was recorded)")));
      text.append("            ").append(finding.explanation()).append('\n');
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
    String where = site.stack().described().orElse("(no stack was recorded)");
    return line("   %10s in %,9d  %s", Bytes.text(site.liveBytes()), site.liveAllocations(), where);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
