package org.heapatlas.tests.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.heapatlas.tests.endtoend.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector on a port lets in who has a certificate of its CA, and nobody else. */
class CertificatesTest {
  @TempDir Path folder;

  @Test
  void onlyCertificatesOfOneCaGoTogether() throws Exception {
    Path ours = made("ours");
    Path strangers = made("strangers");
    Path mixed = made("mixed");
    Files.copy(
        ours.resolve("ca.crt"), mixed.resolve("ca.crt"), StandardCopyOption.REPLACE_EXISTING);
    String address = "127.0.0.1:" + freePort();
    String node = folder.resolve("node").toString();
    try (Background collector =
            Background.heapatlas(
                Map.of(), "collector", "--dir", node, "--listen", address, "--tls", ours.toString());
        Background program = watched(node)) {
      program.await("live page at (\\S+)");
      try (Background friend =
          Background.heapatlas(
              Map.of(), "attach", "--nodes", address, "--tls", ours.toString())) {
        assertThat(friend.await("sees (\\S+)")).startsWith("sleep[");
      }
      Product.Result stranger = attach(address, strangers);
      assertThat(stranger.status()).isEqualTo(1);
      assertThat(stranger.err()).contains(address).contains("certificate").doesNotContain("\tat ");
      Product.Result unknown = attach(address, mixed);
      assertThat(unknown.status()).isEqualTo(1);
      assertThat(unknown.err()).contains(address).contains("certificate").doesNotContain("\tat ");
      assertThat(collector.isAlive()).isTrue();
    }
    Product.Result nobody = attach("127.0.0.1:" + freePort(), ours);
    assertThat(nobody.status()).isEqualTo(1);
    assertThat(nobody.err()).contains("cannot be reached");
  }

  /** Only once the collector serves the folder, for otherwise another one would be started. */
  private static Background watched(String node) throws Exception {
    for (int i = 0; i < 1200 && !Files.exists(Path.of(node, "collector.sock")); i++) {
      Thread.sleep(50);
    }
    return Background.heapatlas(Map.of("HEAPATLAS_DIR", node), "run", "--", "sleep", "300");
  }

  private Path made(String name) throws Exception {
    Path made = folder.resolve(name);
    Product.Result result = Product.heapatlas("collector", "--init-tls", made.toString());
    assertThat(result.status()).as(result.err()).isZero();
    return made;
  }

  private static Product.Result attach(String address, Path certificates) throws Exception {
    return Product.heapatlas("attach", "--nodes", address, "--tls", certificates.toString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
