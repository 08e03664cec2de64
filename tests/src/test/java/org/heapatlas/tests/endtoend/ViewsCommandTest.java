package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What front ends can show of a recording is on the command line too, as data. */
class ViewsCommandTest {
  @TempDir static Path folder;
  private static String recording;

  @BeforeAll
  static void record() throws Exception {
    recording = folder.resolve("sqlite").toString();
    String sql = "create table t(x); insert into t values (hex(randomblob(100000)));";
    assertThat(
            Product.heapatlas("record", "-o", recording, "--", "sqlite3", ":memory:", sql).status())
        .isZero();
  }

  private static JsonNode opened(String... options) throws Exception {
    String[] words = new String[options.length + 2];
    words[0] = "views";
    System.arraycopy(options, 0, words, 1, options.length);
    words[words.length - 1] = recording;
    return Product.heapatlas(words).json();
  }

  private static JsonNode figures(String at) throws Exception {
    return opened("--open", "memory.overview", "--at", at).path("data").path("figures");
  }

  @Test
  void everyViewThatIsListedOpens() throws Exception {
    JsonNode views = opened("--json").path("views");
    assertThat(views.size()).isGreaterThan(5);
    for (JsonNode view : views) {
      JsonNode frame = opened("--open", view.path("id").asText());
      assertThat(frame.path("widget").asText()).isEqualTo(view.path("widget").asText());
      assertThat(frame.path("error").asText()).as(view.path("id").asText()).isEmpty();
      assertThat(frame.hasNonNull("data") || frame.hasNonNull("empty")).isTrue();
    }
  }

  @Test
  void aViewIsPrintedAsOfAnInstant() throws Exception {
    assertThat(figures("end")).isNotEqualTo(figures("100"));
    assertThat(figures("100")).isEqualTo(figures("100"));
  }

  @Test
  void aViewThatThereIsNotIsSaid() throws Exception {
    Product.Result result = Product.heapatlas("views", "--open", "memory.nothing", recording);
    assertThat(result.status()).isNotZero();
    assertThat(result.err()).contains("there is no view 'memory.nothing'");
  }

  @Test
  void aSizeThatIsNoneIsSaid() throws Exception {
    Product.Result result = Product.heapatlas("views", "--size", "large", recording);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("--size wants WIDTHxHEIGHT");
  }
}
