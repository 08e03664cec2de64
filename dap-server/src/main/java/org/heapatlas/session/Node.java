package org.heapatlas.session;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.model.Mode;

/** A machine with a collector, on which programs can be started so that they are watched. */
public interface Node extends AutoCloseable {
  HeapSource source();

  /** The command that runs a program under the runtime; the report is made ready to be written. */
  Command command(Launch launch);

  /** Why a program that was started here is not watched, where the node knows. */
  default Optional<String> whyUnseen(int pid) {
    return Optional.empty();
  }

  @Override
  void close();

  /**
   * What to start. {@code folder} may be null: where we are. The environment is added to our own; a
   * null takes a variable away.
   */
  record Launch(
      List<String> program,
      Path folder,
      Map<String, String> environment,
      Mode mode,
      String session,
      boolean stopOnEntry) {}

  /** The report is the file into which the command writes how the program ended. */
  record Command(List<String> words, Path report) {}
}
