package org.heapatlas.tests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.heapatlas.tests.endtoend.Product;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What another user of the machine, or a program that is watched, cannot reach. */
class OtherUsersTest {
  /** Tries each door; prints one word a door. A door that is not there prints its error. */
  private static final String BURGLAR =
      """
      import os, socket, sys
      folder, port = sys.argv[1], int(sys.argv[2])
      def attempt(name, step):
          try:
              print(name, "open" if step() else "closed")
          except (PermissionError, ConnectionError) as error:
              print(name, "closed")
      def connect():
          peer = socket.socket(socket.AF_UNIX)
          peer.connect(folder + "/collector.sock")
          return True
      def speak():
          peer = socket.create_connection(("127.0.0.1", port), 20)
          body = b'{"seq":1,"type":"request","command":"initialize","arguments":{"adapterID":"x"}}'
          peer.sendall(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
          peer.settimeout(20)
          return len(peer.recv(1)) > 0
      attempt("folder", lambda: os.listdir(folder))
      attempt("rings", lambda: os.listdir(folder + "/rings"))
      attempt("ring", lambda: open(folder + "/rings/" + sys.argv[3], "r+b"))
      attempt("socket", connect)
      attempt("adapter", speak)
      """;

  private Path folder;
  private Path node;

  @BeforeEach
  void place() throws IOException {
    folder = Files.createTempDirectory("heapatlas-security");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    node = Path.of("/dev/shm", folder.getFileName().toString());
  }

  @AfterEach
  void clear() throws IOException {
    for (Path place : List.of(folder, node)) {
      if (Files.exists(place)) {
        try (Stream<Path> all = Files.walk(place)) {
          all.sorted(java.util.Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
        }
      }
    }
  }

  private Map<String, String> here() {
    return Map.of("HEAPATLAS_DIR", node.toString());
  }

  private static void assumeRoot() throws IOException {
    int user = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    assumeTrue(user == 0, "only root can become another user");
  }

  private static Product.Result asNobody(String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of("runuser", "-u", "nobody", "--"));
    words.addAll(List.of(command));
    return Product.execute(words, Map.of());
  }

  private String ring() throws Exception {
    for (int i = 0; i < 600; i++) {
      if (Files.isDirectory(node.resolve("rings"))) {
        try (Stream<Path> rings = Files.list(node.resolve("rings"))) {
          var found = rings.map(each -> each.getFileName().toString()).findFirst();
          if (found.isPresent()) {
            return found.get();
          }
        }
      }
      Thread.sleep(50);
    }
    throw new IOException("no ring appeared in " + node);
  }

  @Test
  void anotherUserFindsEveryDoorClosed() throws Exception {
    assumeRoot();
    try (Background program = Background.heapatlas(here(), "run", "--", "sleep", "300");
        Background adapter = Background.heapatlas(here(), "dap", "--port", "0")) {
      program.await("live page at (\\S+)");
      String port = adapter.await("listens on 127.0.0.1:(\\d+)");
      String[] burglar = {"/usr/bin/python3", "-c", BURGLAR, node.toString(), port, ring()};
      assertThat(Product.execute(List.of(burglar), Map.of()).text().lines())
          .as("for its owner")
          .containsExactly("folder open", "rings open", "ring open", "socket open", "adapter open");
      Product.Result nobody = asNobody(burglar);
      assertThat(nobody.text().lines())
          .as("for another user; stderr: %s", nobody.err())
          .containsExactly(
              "folder closed", "rings closed", "ring closed", "socket closed", "adapter closed");
      assertThat(program.isAlive()).isTrue();
    }
  }

  @Test
  void aSymlinkInPlaceOfTheNodeFolderIsNotFollowed() throws Exception {
    Path victim = Files.createDirectory(folder.resolve("victim"));
    Files.createSymbolicLink(node, victim);
    Product.Result refused =
        Product.execute(
            List.of(Product.root().resolve("heapatlas").toString(), "run", "--", "true"), here());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains(node.toString()).doesNotContain("Exception");
    assertThat(victim).isEmptyDirectory();
  }

  @Test
  void aSymlinkInPlaceOfTheRingsIsNotFollowedAndTheProgramRuns() throws Exception {
    Path victim = Files.createDirectory(folder.resolve("victim"));
    Files.createDirectory(
        node, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createSymbolicLink(node.resolve("rings"), victim);
    Product.Result program =
        Product.execute(
            List.of("/usr/bin/env", "sh", "-c", "echo alive"),
            Map.of(
                "HEAPATLAS_DIR", node.toString(),
                "HEAPATLAS_MODE", "full",
                "LD_PRELOAD", runtime()));
    assertThat(program.text()).isEqualTo("alive\n");
    assertThat(victim).isEmptyDirectory();
  }

  private static String runtime() {
    return Product.root().resolve("native-bridge/build/bin/libheapatlas-runtime.so").toString();
  }

  @Test
  void aProgramThatScribblesOverItsRingHarmsNobodyElse() throws Exception {
    Path scribbler = Product.compile(folder, "scribbler.cc");
    try (Background other = Background.heapatlas(here(), "run", "--", "sleep", "300")) {
      other.await("live page at (\\S+)");
      try (Background hostile =
          Background.heapatlas(here(), "run", "--", scribbler.toString(), "8")) {
        hostile.await("scribbled");
        for (int i = 0; i < 2; i++) {
          Product.Result honest =
              Product.execute(
                  List.of(
                      Product.root().resolve("heapatlas").toString(),
                      "run",
                      "--json",
                      "--",
                      "/usr/bin/python3",
                      "-c",
                      "print(sum(len(str(i)) for i in range(1000)))"),
                  here());
          assertThat(honest.status()).as(honest.err()).isZero();
          assertThat(honest.text()).startsWith("2890\n");
          assertThat(honest.json().path("lost").asLong(-1)).isZero();
          assertThat(honest.json().path("events").asLong()).isPositive();
        }
      }
      assertThat(other.isAlive()).isTrue();
    }
  }

  @Test
  void childrenInheritNoDescriptorAndNoToken() throws Exception {
    Product.Result alone =
        Product.execute(List.of("sh", "-c", "ls /proc/self/fd | wc -l"), Map.of());
    Product.Result watched =
        Product.execute(
            List.of(
                Product.root().resolve("heapatlas").toString(),
                "run",
                "--",
                "sh",
                "-c",
                "ls /proc/self/fd | wc -l; env"),
            here());
    assertThat(watched.text().lines().findFirst()).isEqualTo(alone.text().lines().findFirst());
    assertThat(watched.text()).doesNotContainIgnoringCase("token");
  }

  @Test
  void aSetuidChildIsNotInjected() throws Exception {
    assumeRoot();
    Path check = folder.resolve("check.c");
    Files.writeString(
        check,
        """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        int main(void) {
          char line[4096];
          int injected = 0;
          FILE* maps = fopen("/proc/self/maps", "r");
          while (fgets(line, sizeof line, maps)) injected |= strstr(line, "heapatlas-runtime") != NULL;
          printf("%s %s\\n", injected ? "injected" : "clean", getenv("LD_PRELOAD") ? "preload" : "none");
        }
        """);
    Path program = folder.resolve("check");
    assertThat(
            Product.execute(List.of("gcc", "-o", program.toString(), check.toString()), Map.of())
                .status())
        .isZero();
    Path library = Files.copy(Path.of(runtime()), folder.resolve("libheapatlas-runtime.so"));
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxr-xr-x"));
    String[] preloaded = {
      "env", "HEAPATLAS_DIR=" + folder, "LD_PRELOAD=" + library, program.toString()
    };
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(asNobody(preloaded).text()).as("without the bit").isEqualTo("injected preload\n");
    assertThat(Product.execute(List.of("chmod", "u+s", program.toString()), Map.of()).status())
        .isZero();
    assertThat(asNobody(preloaded).text()).as("with the bit").isEqualTo("clean none\n");
  }
}
