package org.heapatlas.tests.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.heapatlas.proto.CollectorGrpc;
import org.heapatlas.proto.HelloRequest;
import org.heapatlas.tests.endtoend.Adapter;
import org.heapatlas.tests.endtoend.Await;
import org.heapatlas.tests.endtoend.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A collector on a port lets in who has a certificate of its CA, and nobody else; who is refused
 * hears why.
 */
class CertificatesTest {
  private static final String PAST = "20200101000000Z";
  private static final String YESTERYEAR = "20210101000000Z";
  private static final String LATER = "20400101000000Z";
  private static final String FUTURE = "20410101000000Z";

  @TempDir Path folder;

  @Test
  void onlyCertificatesOfOneCaGoTogether() throws Exception {
    Path ours = made("ours");
    Path strangers = made("strangers");
    Path mixed = made("mixed");
    Files.copy(
        ours.resolve("ca.crt"), mixed.resolve("ca.crt"), StandardCopyOption.REPLACE_EXISTING);
    String address = "127.0.0.1:" + freePort();
    Path node = folder.resolve("node");
    try (Background collector = Background.collector(node, address, ours);
        Background program = watched(node)) {
      program.await("live page at (\\S+)");
      try (Background friend =
          Background.heapatlas(Map.of(), "attach", "--nodes", address, "--tls", ours.toString())) {
        assertThat(friend.await("sees (\\S+)")).startsWith("sleep[");
      }
      refused(address, strangers, address + " shows a certificate that is not of our CA");
      refused(address, mixed, "client.crt' is not of the CA in ca.crt");
      refusedInASession(address, strangers, "is not of our CA");
      assertThat(collector.isAlive()).isTrue();
    }
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource({
    PAST + "," + YESTERYEAR + ", IP:127.0.0.1, has expired",
    LATER + "," + FUTURE + ", IP:127.0.0.1, is not valid yet",
    PAST + "," + FUTURE + ", DNS:elsewhere, is not for this name"
  })
  void aCollectorsCertificateIsRefusedByWhatIsWrongWithIt(
      String from, String to, String name, String why) throws Exception {
    Authority ours = Authority.made(folder.resolve("ours"));
    String address = "127.0.0.1:" + freePort();
    try (Background collector =
        Background.collector(
            folder.resolve("node"), address, ours.with("server", from, to, name))) {
      awaitListening(address);
      refused(address, ours.folder(), address + " shows a certificate that " + why);
      refusedInASession(address, ours.folder(), why);
      assertThat(collector.isAlive()).isTrue();
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    PAST + "," + YESTERYEAR + ", has expired",
    LATER + "," + FUTURE + ", is not valid yet"
  })
  void ourOwnCertificateIsRefusedHereAndByTheCollector(String from, String to, String why)
      throws Exception {
    Authority ours = Authority.made(folder.resolve("ours"));
    Path client = ours.with("client", from, to, "DNS:client");
    String address = "127.0.0.1:" + freePort();
    try (Background collector =
        Background.collector(folder.resolve("node"), address, ours.folder())) {
      awaitListening(address);
      refused(address, client, "client.crt' " + why);
      assertThat(isGreeted(address, ours.folder())).as("with a good certificate").isTrue();
      assertThat(isGreeted(address, client)).as("with this one").isFalse();
      assertThat(collector.isAlive()).isTrue();
    }
  }

  @Test
  void aPortOnWhichAnotherCollectorListensIsNotShared() throws Exception {
    Path ours = made("ours");
    String address = "127.0.0.1:" + freePort();
    try (Background collector = Background.collector(folder.resolve("node"), address, ours)) {
      awaitListening(address);
      Product.Result second =
          Product.heapatlas(
              "collector",
              "--dir",
              folder.resolve("other").toString(),
              "--listen",
              address,
              "--tls",
              ours.toString());
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err().strip().lines()).as(second.err()).hasSize(1);
      assertThat(second.err()).contains(address).contains("in use").contains("--listen");
      assertThat(collector.isAlive()).isTrue();
    }
  }

  private static void refused(String address, Path certificates, String words) throws Exception {
    Product.Result result =
        Product.heapatlas("attach", "--nodes", address, "--tls", certificates.toString());
    assertThat(result.status()).as(result.err()).isEqualTo(1);
    assertThat(result.err().strip().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).contains(words).doesNotContain("Exception");
  }

  private static void refusedInASession(String address, Path certificates, String words)
      throws Exception {
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      Map<String, Object> arguments =
          Map.of("nodes", List.of(address), "tls", certificates.toString());
      assertThat(adapter.refusal("attach", arguments)).contains(words).doesNotContain("Exception");
    }
  }

  /** Whether the collector answers a client that does not look at its own certificate first. */
  private static boolean isGreeted(String address, Path certificates) throws IOException {
    ChannelCredentials credentials =
        TlsChannelCredentials.newBuilder()
            .trustManager(certificates.resolve("ca.crt").toFile())
            .keyManager(
                certificates.resolve("client.crt").toFile(),
                certificates.resolve("client.key").toFile())
            .build();
    ManagedChannel channel = Grpc.newChannelBuilder(address, credentials).build();
    try {
      HelloRequest hello = HelloRequest.newBuilder().setProtocol(1).build();
      return CollectorGrpc.newBlockingStub(channel).hello(hello).getProtocol() == 1;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return false;
    } finally {
      channel.shutdownNow();
    }
  }

  private static void awaitListening(String address) {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    Await.until(
        "the collector listens",
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (ConnectException notYet) {
            return false;
          }
        });
  }

  /** Only once the collector serves the folder, for otherwise another one would be started. */
  private static Background watched(Path node) throws Exception {
    Await.until("the collector serves", () -> Files.exists(node.resolve("collector.sock")));
    return Background.heapatlas(
        Map.of("HEAPATLAS_DIR", node.toString()), "run", "--", "sleep", "300");
  }

  private Path made(String name) throws Exception {
    return Authority.made(folder.resolve(name)).folder();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
