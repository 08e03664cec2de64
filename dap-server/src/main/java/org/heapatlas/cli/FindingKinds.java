package org.heapatlas.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Problem;

/** The kinds of findings that make a command fail; all, where no kinds are named. */
record FindingKinds(Set<String> kinds) {
  static final FindingKinds NONE = new FindingKinds(Set.of());
  static final String WHAT =
      "Exit status 3 when there is a finding of these kinds, as double-free,invalid-free; or any.";
  private static final int CONDITION_HELD = 3;

  /** {@code text} may be null: none. */
  static FindingKinds parse(String text) {
    if (text == null) {
      return NONE;
    }
    Set<String> named =
        Arrays.stream(text.split(",")).map(String::strip).collect(Collectors.toSet());
    for (String kind : named) {
      if (!kind.equals("any") && !Finding.KINDS.contains(kind)) {
        throw Problem.usedWrongly(
            "there is no kind of finding '%s'; there are any, %s"
                .formatted(kind, String.join(", ", Finding.KINDS)));
      }
    }
    return new FindingKinds(named);
  }

  /** The exit status of a command that has seen these, and would else end with that one. */
  int status(List<Finding> findings, int otherwise) {
    boolean held =
        findings.stream()
            .anyMatch(finding -> kinds.contains("any") || kinds.contains(finding.kind()));
    return held ? CONDITION_HELD : otherwise;
  }
}
