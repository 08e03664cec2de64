package org.heapatlas.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Stack;
import org.heapatlas.view.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas findings: what the detectors found in a recording, or in a live session until now. */
@Command(
    name = "findings",
    description = "Lists what the detectors found in a recording, or in a live session until now.",
    mixinStandardHelpOptions = true)
final class Findings implements Callable<Integer> {
  @Option(
      names = "--json",
      description = "Prints them as one JSON object, the last line of stdout.")
  private boolean json;

  @Option(names = "--fail-on", paramLabel = "KINDS", description = FindingKinds.WHAT)
  private String failOn;

  @Parameters(paramLabel = "FOLDER|PID", description = Asked.WHAT)
  private String source;

  private record All(List<FindingJson> findings) {}

  @Override
  public Integer call() {
    FindingKinds kinds = FindingKinds.parse(failOn);
    try (Asked about = Asked.open(source)) {
      List<Finding> findings = about.source().findings(about.session());
      if (json) {
        System.out.println(Json.write(new All(findings.stream().map(FindingJson::of).toList())));
      } else if (findings.isEmpty()) {
        System.out.println("no findings");
      } else {
        findings.forEach(finding -> System.out.print(text(finding)));
      }
      return kinds.status(findings, 0);
    }
  }

  private static String text(Finding finding) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s (%s, confidence %.1f) after %.6f s%s\n  %s\n"
            .formatted(
                finding.title(),
                finding.severity().text(),
                finding.confidence(),
                finding.from() / 1e9,
                finding.position().isPresent()
                    ? ", event %,d".formatted(finding.position().getAsLong())
                    : "",
                finding.explanation()));
    text.append(stack("released here", finding.stack()));
    text.append(stack("released before", finding.freedBy()));
    text.append(stack("allocated", finding.allocatedBy()));
    return text.append('\n').toString();
  }

  private static String stack(String what, Stack stack) {
    if (stack.frames().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("  ").append(what).append(":\n");
    stack
        .frames()
        .forEach(
            frame ->
                text.append("    ")
                    .append(frame.title())
                    .append("  ")
                    .append(frame.place())
                    .append('\n'));
    return text.toString();
  }
}
