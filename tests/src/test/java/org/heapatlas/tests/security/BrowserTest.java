package org.heapatlas.tests.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.heapatlas.tests.endtoend.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of other origins, in a real browser, reach neither the gateway nor the debug adapter. */
class BrowserTest {
  @TempDir Path folder;

  @Test
  void aPageOfAnotherOriginOpensNothingAndStartsNothing() throws Exception {
    Path victim = folder.resolve("started");
    Map<String, String> here = Map.of("HEAPATLAS_DIR", "/dev/shm/heapatlas-browser-test");
    try (Background program = Background.heapatlas(here, "run", "--", "sleep", "300");
        Background adapter = Background.heapatlas(here, "dap", "--port", "0")) {
      String page = program.await("live page at (\\S+)");
      String port = adapter.await("listens on 127.0.0.1:(\\d+)");
      String attacker = Product.root().resolve("tests/programs/attacker.mjs").toString();
      Product.Result attack =
          Product.execute(List.of("node", attacker, page, port, victim.toString()), Map.of());
      assertThat(attack.status()).as(attack.err()).isZero();
      assertThat(attack.json().path("own").asText()).isEqualTo("open");
      assertThat(attack.json().path("wrongToken").asText()).isEqualTo("closed");
      assertThat(attack.json().path("foreign").asText()).isEqualTo("closed");
      assertThat(attack.json().path("rebound").asText()).isEqualTo("closed");

      assertThat(launched(Integer.parseInt(port), victim)).contains("\"success\":true");
      assertThat(victim).as("a real client starts it").exists();
      Files.delete(victim);
      Product.execute(List.of("node", attacker, page, port, victim.toString()), Map.of());
      assertThat(launched(Integer.parseInt(port), folder.resolve("after"))).contains("true");
      assertThat(victim).as("the page started nothing").doesNotExist();
    }
  }

  /** What the adapter answers to a client that launches 'touch' and disconnects after its end. */
  private static String launched(int port, Path file) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      send(
          out,
          "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"adapterID\":\"x\"}}");
      send(
          out,
          "{\"seq\":2,\"type\":\"request\",\"command\":\"launch\",\"arguments\":{\"program\":\"/usr/bin/touch\",\"args\":[\"%s\"]}}"
              .formatted(file));
      ByteArrayOutputStream answers = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      byte[] chunk = new byte[4096];
      socket.setSoTimeout(60_000);
      while (!answers.toString(StandardCharsets.UTF_8).contains("\"terminated\"")) {
        int read = in.read(chunk);
        if (read < 0) {
          break;
        }
        answers.write(chunk, 0, read);
      }
      return answers.toString(StandardCharsets.UTF_8);
    }
  }

  private static void send(OutputStream out, String body) throws Exception {
    out.write(
        "Content-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body)
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
