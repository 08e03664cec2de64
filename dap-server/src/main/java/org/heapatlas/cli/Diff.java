package org.heapatlas.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Instant;
import org.heapatlas.model.StackFrame;
import org.heapatlas.recording.Growth;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.recording.Profile;
import org.heapatlas.view.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas diff: what two recordings differ in, by call site. */
@Command(
    name = "diff",
    description =
        "Compares what was live in two recordings, or at two instants of one, by call stack, most growth first.",
    mixinStandardHelpOptions = true)
final class Diff implements Callable<Integer> {
  @Option(names = "--at-a", paramLabel = "TIME", description = "When in A; its end by default.")
  private String atA = "end";

  @Option(names = "--at-b", paramLabel = "TIME", description = "When in B; its end by default.")
  private String atB = "end";

  @Option(names = "--limit", paramLabel = "N", description = "How many rows, 20 by default.")
  private int limit = 20;

  @Option(
      names = "--json",
      description = "Prints one JSON object, the last line of stdout, with all rows.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "A", description = "The folder of a recording.")
  private String a;

  @Parameters(index = "1", paramLabel = "B", description = "The folder of another, or the same.")
  private String b;

  record Difference(long bytesA, long bytesB, List<Row> sites) {}

  record Row(
      long grownBytes,
      long grownAllocations,
      long bytesA,
      long bytesB,
      long allocationsA,
      long allocationsB,
      long noiseBytes,
      boolean exceedsNoise,
      List<Frame> frames) {}

  record Frame(String function, String file, int line) {}

  @Override
  public Integer call() {
    Signals.interrupt(Thread.currentThread());
    Profile before = profile(a, Instant.nanos(atA));
    Profile after = profile(b, Instant.nanos(atB));
    List<Growth> all = Growth.between(before, after);
    if (json) {
      System.out.println(
          Json.write(
              new Difference(before.bytes(), after.bytes(), all.stream().map(Diff::row).toList())));
    } else {
      print(before, after, all);
    }
    return 0;
  }

  private static Profile profile(String folder, long nanos) {
    try (Asked about = Asked.open(folder);
        HeapDatabase database =
            HeapDatabase.open(about.source(), about.session(), HeapDatabase.Limits.PATIENT)) {
      return Profile.liveAt(database, about.source(), nanos);
    }
  }

  private static Row row(Growth growth) {
    return new Row(
        growth.bytes(),
        growth.allocations(),
        growth.bytesBefore(),
        growth.bytesAfter(),
        growth.allocationsBefore(),
        growth.allocationsAfter(),
        Math.round(growth.noise()),
        growth.exceedsNoise(),
        growth.stack().frames().stream().map(Diff::frame).toList());
  }

  private static Frame frame(StackFrame frame) {
    return new Frame(frame.title(), frame.file(), frame.line());
  }

  private void print(Profile before, Profile after, List<Growth> all) {
    System.out.printf(
        "A %s in %,d allocations, B %s in %,d; ± is what chance explains%n",
        Bytes.text(before.bytes()),
        before.allocations(),
        Bytes.text(after.bytes()),
        after.allocations());
    all.stream().filter(growth -> growth.bytes() != 0).limit(limit).forEach(Diff::print);
  }

  private static void print(Growth growth) {
    System.out.printf(
        Locale.ROOT,
        "%12s ± %-10s %+,12d allocations  %s%s%n",
        (growth.bytes() > 0 ? "+" : "") + Bytes.text(growth.bytes()),
        Bytes.text(growth.noise()),
        growth.allocations(),
        growth.stack().described().orElse("(no stack)"),
        growth.exceedsNoise() ? "" : "  (within chance)");
  }
}
