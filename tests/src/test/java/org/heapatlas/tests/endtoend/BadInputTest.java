package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets one sentence that names it, and the right exit status. */
class BadInputTest {
  @TempDir Path folder;

  @Test
  void aProgramThatIsNotThere() throws Exception {
    refused(2, "no-such-program", "run", "--", "no-such-program");
  }

  @Test
  void aFolder() throws Exception {
    refused(2, folder.toString(), "run", "--", folder.toString());
  }

  @Test
  void aFileThatMayNotBeExecuted() throws Exception {
    Path file = Files.writeString(folder.resolve("plain"), "text");
    refused(2, file.toString(), "run", "--", file.toString());
  }

  @Test
  void aStaticProgramCannotBeInjected() throws Exception {
    Path program = Product.compile(folder, "truth.cc", "-static");
    refused(1, "static", "run", "--", program.toString());
  }

  @Test
  void aSetuidProgramCannotBeInjected() throws Exception {
    Path program = Product.compile(folder, "truth.cc");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(new ProcessBuilder("chmod", "u+s", program.toString()).start().waitFor()).isZero();
    refused(1, "setuid", "run", "--", program.toString());
  }

  @Test
  void anotherArchitecture() throws Exception {
    byte[] program = Files.readAllBytes(Product.compile(folder, "truth.cc"));
    program[18] = (byte) 0xb7; // e_machine: AArch64
    Path file = Files.write(folder.resolve("aarch64"), program);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    refused(1, "architecture", "run", "--", file.toString());
  }

  @Test
  void anUnknownSubcommandOrOption() throws Exception {
    refused(2, "frobnicate", "frobnicate");
    refused(2, "--frobnicate", "run", "--frobnicate", "--", "true");
  }

  @Test
  void aPortThatSomebodyElseListensOn() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      refused(1, "port " + port, "dap", "--port", port);
    }
    refused(2, "65536", "dap", "--port", "65536");
    refused(2, "'many'", "dap", "--port", "many");
  }

  @ParameterizedTest(name = "it refuses us: {0}")
  @ValueSource(booleans = {true, false})
  void aCollectorOfAnotherProtocolVersion(boolean refusesUs) throws Exception {
    try (TestNode node = TestNode.empty();
        OtherProtocol _ = new OtherProtocol(node.folder(), refusesUs)) {
      Map<String, String> here = Map.of("HEAPATLAS_DIR", node.folder().toString());
      refused(1, here, "protocol", "run", "--", "true");
      refused(1, here, "protocol", "attach", Long.toString(ProcessHandle.current().pid()));
      refusedInASession(here, "protocol", "launch", Map.of("program", "true"));
      refusedInASession(here, "protocol", "attach", Map.of("pid", ProcessHandle.current().pid()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:1", "no-such-host.invalid:7000"})
  void aNodeThatCannotBeReached(String address) throws Exception {
    String certificates = folder.resolve("certificates").toString();
    assertThat(Product.heapatlas("collector", "--init-tls", certificates).status()).isZero();
    refused(1, address, "attach", "--nodes", address, "--tls", certificates);
    refusedInASession(
        Map.of(), address, "attach", Map.of("nodes", List.of(address), "tls", certificates));
  }

  @Test
  void aNodeThatIsNoAddressOrHasNoCertificates() throws Exception {
    String nowhere = folder.resolve("nowhere").toString();
    refused(2, "--tls", "attach", "--nodes", "host:7000");
    refused(2, nowhere, "attach", "--nodes", "host:7000", "--tls", nowhere);
    refused(2, "'host'", "attach", "--nodes", "host", "--tls", nowhere);
    refused(2, "'host:70000'", "attach", "--nodes", "host:70000", "--tls", nowhere);
    refusedInASession(
        Map.of(), nowhere, "attach", Map.of("nodes", List.of("host:7000"), "tls", nowhere));
  }

  private static void refused(int status, String named, String... arguments) throws Exception {
    refused(status, Map.of(), named, arguments);
  }

  private static void refused(
      int status, Map<String, String> environment, String named, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(Product.root().resolve("heapatlas").toString()));
    command.addAll(List.of(arguments));
    Product.Result result = Product.execute(command, environment);
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err().strip().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).contains(named).doesNotContain("Exception");
  }

  /** In a debug session, which can be used for something else after it. */
  private static void refusedInASession(
      Map<String, String> environment, String named, String request, Map<String, ?> arguments)
      throws Exception {
    try (Adapter adapter = Adapter.start(environment)) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      assertThat(adapter.refusal(request, arguments)).contains(named).doesNotContain("Exception");
      assertThat(adapter.refusal("threads", Map.of())).contains("'launch' or 'attach'");
      assertThat(adapter.leave()).isZero();
    }
  }
}
