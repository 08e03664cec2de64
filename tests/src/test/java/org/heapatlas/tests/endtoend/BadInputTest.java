package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private static void refused(int status, String named, String... arguments) throws Exception {
    Product.Result result = Product.heapatlas(arguments);
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err()).contains(named).doesNotContain("Exception").doesNotContain("\tat ");
  }
}
