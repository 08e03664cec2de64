package org.heapatlas.tests.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.heapatlas.tests.endtoend.Product;

/**
 * The CA of a folder that --init-tls made, used as somebody might who issues certificates by hand.
 */
record Authority(Path folder) {
  static Authority made(Path folder) throws IOException, InterruptedException {
    Product.Result result = Product.heapatlas("collector", "--init-tls", folder.toString());
    if (result.status() != 0) {
      throw new IOException("no certificates: " + result.err());
    }
    return new Authority(folder);
  }

  /**
   * A copy of the folder in which {@code name}.crt, server or client, is another one: for this
   * span, as 20301231235959Z, and for this name, as DNS:host or IP:address.
   */
  Path with(String name, String from, String to, String subject)
      throws IOException, InterruptedException {
    Path copy = Files.createTempDirectory(folder.getParent(), name);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.createFile(copy.resolve("index"));
    Path configuration =
        Files.writeString(
            copy.resolve("ca.cnf"),
            """
            [ca]
            default_ca=here
            [here]
            database=%1$s/index
            rand_serial=yes
            new_certs_dir=%1$s
            default_md=sha256
            policy=any
            [any]
            commonName=supplied
            [names]
            subjectAltName=%2$s
            """
                .formatted(copy, subject));
    openssl(
        "req",
        "-new",
        "-key",
        copy.resolve(name + ".key"),
        "-subj",
        "/CN=" + name,
        "-out",
        copy.resolve("csr"));
    openssl(
        "ca",
        "-batch",
        "-notext",
        "-config",
        configuration,
        "-extensions",
        "names",
        "-cert",
        copy.resolve("ca.crt"),
        "-keyfile",
        copy.resolve("ca.key"),
        "-in",
        copy.resolve("csr"),
        "-out",
        copy.resolve(name + ".crt"),
        "-startdate",
        from,
        "-enddate",
        to);
    return copy;
  }

  private static void openssl(Object... words) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of("openssl"), Stream.of(words).map(Object::toString)).toList();
    Product.Result result = Product.execute(command, Map.of());
    if (result.status() != 0) {
      throw new IOException("openssl failed: " + result.err());
    }
  }
}
