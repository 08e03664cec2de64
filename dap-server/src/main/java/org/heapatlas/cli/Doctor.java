package org.heapatlas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.heapatlas.collector.NativeFiles;
import org.heapatlas.model.Capability;
import org.heapatlas.model.Problem;
import org.heapatlas.view.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** heapatlas doctor: what this machine can do, each capability with its self-test's result. */
@Command(
    name = "doctor",
    description =
        "Says what this machine can do, each proved by a self-test, and what is used instead.",
    mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
  private static final int OLDEST_JAVA = 25;

  @Option(names = "--json", description = "Prints one JSON object, the last line of stdout.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    List<Capability> all = new ArrayList<>(ofNode());
    all.add(java());
    if (json) {
      System.out.println(Json.write(Map.of("capabilities", all)));
    } else {
      all.forEach(Doctor::print);
    }
    return 0;
  }

  private static List<Capability> ofNode() throws InterruptedException {
    List<String> command =
        List.of(NativeFiles.ofProperties().collector().toString(), "--doctor", "--json");
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw Problem.failed("the collector's self-tests ended with status " + process.exitValue());
      }
      JsonNode answer = Json.read(text);
      List<Capability> capabilities = new ArrayList<>();
      for (JsonNode each : answer.isArray() ? answer : answer.path("capabilities")) {
        capabilities.add(
            new Capability(
                each.path("name").asText(),
                each.path("state").asText(),
                each.path("why").asText(),
                each.path("usedInstead").asText()));
      }
      return capabilities;
    } catch (IOException e) {
      throw new Problem(Problem.Kind.FAILED, "the collector's self-tests cannot be started", e);
    }
  }

  private static Capability java() {
    boolean newEnough = Runtime.version().feature() >= OLDEST_JAVA;
    return new Capability(
        "java",
        newEnough ? "works" : "ineffective",
        "the server runs on Java %s".formatted(Runtime.version()),
        newEnough ? "" : "nothing; install JDK %d".formatted(OLDEST_JAVA));
  }

  private static void print(Capability capability) {
    System.out.printf("%-28s %-12s %s%n", capability.name(), capability.state(), capability.why());
    if (!capability.usedInstead().isEmpty()) {
      System.out.printf("%-41s used instead: %s%n", "", capability.usedInstead());
    }
  }
}
