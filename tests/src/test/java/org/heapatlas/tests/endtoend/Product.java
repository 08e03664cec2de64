package org.heapatlas.tests.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The product from outside: its command line, run on real programs. */
public final class Product {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 180;

  private Product() {}

  /** What a finished command left: exit status and both outputs. */
  public record Result(int status, byte[] out, String err) {
    public String text() {
      return new String(out, StandardCharsets.UTF_8);
    }

    /** The last line of stdout as JSON. */
    public JsonNode json() throws IOException {
      List<String> lines = text().lines().filter(line -> !line.isBlank()).toList();
      if (lines.isEmpty()) {
        throw new IOException("no output; stderr: " + err);
      }
      return JSON.readTree(lines.getLast());
    }
  }

  /** The checkout: the closest folder above that holds the script. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isExecutable(folder.resolve("heapatlas"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException(
          "run the tests inside the checkout; no 'heapatlas' script above this folder");
    }
    return folder;
  }

  public static Result heapatlas(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(root().resolve("heapatlas").toString()));
    command.addAll(Arrays.asList(arguments));
    return execute(command, Map.of());
  }

  public static Result execute(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    CompletableFuture<byte[]> out = read(process.getInputStream());
    CompletableFuture<byte[]> err = read(process.getErrorStream());
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IOException(
          "no end within %d s: %s".formatted(LIMIT_SECONDS, String.join(" ", command)));
    }
    return new Result(
        process.exitValue(), out.join(), new String(err.join(), StandardCharsets.UTF_8));
  }

  /** Compiles one of {@code tests/programs} with debug information. */
  public static Path compile(Path folder, String source, String... flags)
      throws IOException, InterruptedException {
    Path program = folder.resolve(source.replaceFirst("\\.\\w+$", ""));
    List<String> command =
        new ArrayList<>(List.of("g++", "-g", "-O2", "-pthread", "-o", program.toString()));
    command.addAll(Arrays.asList(flags));
    command.add(root().resolve("tests/programs").resolve(source).toString());
    Result result = execute(command, Map.of());
    if (result.status() != 0) {
      throw new IOException(source + " does not compile: " + result.err());
    }
    return program;
  }

  private static CompletableFuture<byte[]> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }
}
