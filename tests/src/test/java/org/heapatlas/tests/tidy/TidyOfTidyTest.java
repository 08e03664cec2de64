package org.heapatlas.tests.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each check of {@link Tidy} can fail, and says what to do. */
class TidyOfTidyTest {
  @Test
  void aFileOverTheLimitIsRefused() {
    assertThat(Tidy.check("a.cc", Collections.nCopies(Tidy.MAX_FILE_LINES + 1, "")))
        .singleElement()
        .asString()
        .contains("split it by what it does");
    assertThat(Tidy.check("a.cc", Collections.nCopies(Tidy.MAX_FILE_LINES, ""))).isEmpty();
  }

  @Test
  void aFunctionOverTheLimitIsRefusedAndAClassIsNot() {
    assertThat(Tidy.check("a.cc", body("int f(int x) {")))
        .singleElement()
        .asString()
        .contains("a.cc:1");
    assertThat(Tidy.check("A.java", body("class A extends B<C> {"))).isEmpty();
  }

  @Test
  void bannedTextsNameTheirReplacement() {
    assertThat(Tidy.check("A.java", List.of("System.exit(1);")))
        .singleElement()
        .asString()
        .contains("return a status");
    assertThat(Tidy.check("a.ts", List.of("let x: any;")))
        .singleElement()
        .asString()
        .contains("give it a type");
    assertThat(Tidy.check("a.h", List.of("class ThingManager {")))
        .singleElement()
        .asString()
        .contains("name what it is");
    assertThat(Tidy.check("a.h", List.of("// FIX" + "ME later"))).hasSize(1);
  }

  private static List<String> body(String opening) {
    List<String> lines = new ArrayList<>(List.of(opening));
    lines.addAll(Collections.nCopies(Tidy.MAX_FUNCTION_LINES, "  x();"));
    lines.add("}");
    return lines;
  }
}
