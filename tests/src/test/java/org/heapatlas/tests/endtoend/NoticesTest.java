package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What cannot be seen in a program with an allocator of its own is said wherever its figures are.
 */
class NoticesTest {
  private static final String GO = "Go's runtime maps its heap itself";

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/usr/bin/python3, -c, print(7), PYTHONMALLOC=malloc",
    "/usr/bin/node, -e, console.log(7), V8's own heap",
  })
  void aRunSaysItInTextAndJson(String program, String option, String script, String words)
      throws Exception {
    Product.Result result = Product.heapatlas("run", "--json", "--", program, option, script);

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.text()).startsWith("7\n");
    assertThat(result.err()).contains("   note ").containsOnlyOnce(words);
    assertThat(result.json().path("coverage").path("notices").toString()).contains(words);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/usr/bin/python3, -c, input(), PYTHONMALLOC=malloc",
    "/usr/bin/node, -e, 'require(\"fs\").readFileSync(0)', V8's own heap",
  })
  void aSessionSaysItOnceInTheConsoleAndBesideTheKeyFigures(
      String program, String option, String script, String words) throws Exception {
    Path gate = folder.resolve("gate");
    assertThat(Product.execute(List.of("mkfifo", gate.toString()), Map.of()).status()).isZero();
    String command = "exec \"$1\" \"$2\" \"$3\" <\"$4\"";
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      List<String> shell = List.of("-c", command, "sh", program, option, script, gate.toString());
      adapter.ask("launch", Map.of("program", "sh", "args", shell));
      adapter.ask("configurationDone", Map.of());
      try (var open = new java.io.FileOutputStream(gate.toFile())) {
        expectSaid(adapter, words);
        open.write('\n');
      }
      adapter.await("terminated");
      assertThat(adapter.output("important")).containsOnlyOnce(words);
      assertThat(adapter.leave()).isZero();
    }
  }

  @Test
  void anAttachedGoProgramIsSaidInTheConsoleAndBesideTheKeyFigures() throws Exception {
    try (TestNode node = TestNode.start()) {
      Process server = startEtcd(node);
      try (Adapter adapter = Adapter.start(here(node))) {
        adapter.ask("initialize", Map.of("adapterID", "tests"));
        adapter.ask("attach", Map.of("pid", server.pid()));
        adapter.ask("configurationDone", Map.of());
        expectSaid(adapter, GO);
        assertThat(adapter.leave()).isZero();
      }
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void anAttachedGoProgramIsSaidOnTheTerminal() throws Exception {
    try (TestNode node = TestNode.start()) {
      Process server = startEtcd(node);
      Path err = folder.resolve("err");
      // With Ctrl-C as a terminal gives it, also where the tests run with it ignored.
      List<String> command =
          List.of(
              "env",
              "--default-signal=INT",
              Product.root().resolve("heapatlas").toString(),
              "attach",
              Long.toString(server.pid()));
      Process attach =
          node.start(new ProcessBuilder(command).redirectError(err.toFile()), here(node));
      Await.until(
          "the page's address is said",
          () -> Files.readString(err).contains("live page at") || !attach.isAlive());
      TestNode.signal(attach.toHandle(), "INT");
      assertThat(attach.waitFor()).as(Files.readString(err)).isZero();
      assertThat(Files.readString(err)).contains("   note ").containsOnlyOnce(GO);
      assertThat(server.isAlive()).isTrue();
    }
  }

  private Process startEtcd(TestNode node) throws IOException {
    String anywhere = "http://127.0.0.1:0";
    List<String> etcd =
        List.of(
            "etcd",
            "--data-dir",
            folder.resolve("data").toString(),
            "--listen-client-urls",
            anywhere,
            "--advertise-client-urls",
            anywhere,
            "--listen-peer-urls",
            anywhere);
    return node.start(
        new ProcessBuilder(etcd)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile()),
        Map.of());
  }

  private static Map<String, String> here(TestNode node) {
    return Map.of("HEAPATLAS_DIR", node.folder().toString());
  }

  private static void expectSaid(Adapter adapter, String words) throws Exception {
    Await.until("the console says it", () -> adapter.output("important").contains(words));
    JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", "memory.overview"));
    adapter.ask("heapatlas/close", Map.of("handle", opened.path("handle").asText()));
    assertThat(opened.path("frame").path("data").toString()).contains(words);
  }
}
