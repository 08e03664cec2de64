package org.heapatlas.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Problem;

/**
 * How a started program ended, as its launcher reported. {@code status} is 128 + signal when it was
 * killed.
 */
public record ProgramEnd(int pid, int status, long cpuNanos) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KILLED = 128;
  private static final Pattern BEGUN = Pattern.compile("\\{\"pid\":(\\d{1,9}),");

  /**
   * The report, or nothing while the program runs; a Problem when the program could not be started
   * at all.
   */
  public static Optional<ProgramEnd> read(Path report) {
    JsonNode line = line(report);
    if (line.isMissingNode()) {
      return Optional.empty();
    }
    if (line.hasNonNull("error")) {
      Problem.Kind kind =
          line.path("status").asInt(1) == 2 ? Problem.Kind.USED_WRONGLY : Problem.Kind.FAILED;
      throw new Problem(kind, line.path("error").asText());
    }
    int signal = line.path("signal").asInt(0);
    int status = signal != 0 ? KILLED + signal : line.path("exitStatus").asInt();
    return Optional.of(
        new ProgramEnd(line.path("pid").asInt(), status, line.path("cpuNanos").asLong()));
  }

  /** The program's process, which the report says first. */
  public static OptionalInt started(Path report) {
    Matcher begun = BEGUN.matcher(text(report));
    return begun.lookingAt()
        ? OptionalInt.of(Integer.parseInt(begun.group(1)))
        : OptionalInt.empty();
  }

  /** Signals and a shell's word for them share numbers, so both readings are given. */
  public String text() {
    return status > KILLED && status < 2 * KILLED
        ? "exit status %d (128 + signal %d)".formatted(status, status - KILLED)
        : "exit status %d".formatted(status);
  }

  private static JsonNode line(Path report) {
    try {
      String text = text(report);
      return text.endsWith("\n") ? JSON.readTree(text) : JSON.missingNode();
    } catch (JsonProcessingException e) {
      throw new Problem(
          Problem.Kind.FAILED, "the launcher's report '%s' is no JSON".formatted(report), e);
    }
  }

  private static String text(Path report) {
    try {
      return Files.exists(report) ? Files.readString(report) : "";
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED, "the launcher's report '%s' cannot be read".formatted(report), e);
    }
  }
}
