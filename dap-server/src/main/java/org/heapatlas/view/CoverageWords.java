package org.heapatlas.view;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Coverage;

/** What figures stand on, in one sentence. Called for every frame. */
final class CoverageWords {
  private CoverageWords() {}

  static String of(Coverage coverage) {
    return Stream.of(
            seen(coverage),
            before(coverage),
            lost(coverage),
            number(coverage.cutStacks(), "stack was cut", "stacks were cut"),
            number(coverage.unresolvedFrames(), "frame has no name", "frames have no name"))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String seen(Coverage coverage) {
    String events = String.format(Locale.ROOT, "%,d events", coverage.events());
    return switch (coverage.mode()) {
      case FULL -> "every allocation and release with its call stack: " + events;
      case FULL_NO_STACKS -> "every allocation and release, without call stacks: " + events;
      case SAMPLED ->
          "a sample by bytes, scaled to the whole, ± %s: %s"
              .formatted(Bytes.text(coverage.standardErrorBytes()), events);
      case OFF ->
          coverage.offSince() == 0
              ? "recording is off"
              : "recording is off since %s, and figures are as they were then: %s"
                  .formatted(Coverage.seconds(coverage.offSince()), events);
    };
  }

  private static String before(Coverage coverage) {
    return coverage.mapSince() == 0
        ? ""
        : "the map began anew after %s, and blocks from before are not in it"
            .formatted(Coverage.seconds(coverage.mapSince()));
  }

  private static String lost(Coverage coverage) {
    if (coverage.lost() == 0) {
      return coverage.folding() ? "the newest are being folded together" : "none lost";
    }
    return String.format(
        Locale.ROOT,
        "%,d lost in detail (%s); the map is %s",
        coverage.lost(),
        coverage.lossWords(),
        coverage.exact()
            ? "exact"
            : coverage.folding() ? "not exact before the gap is over" : "not exact");
  }

  private static String number(long count, String one, String more) {
    return count == 0 ? "" : String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : more);
  }
}
