package org.heapatlas.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.heapatlas.collector.NativeFiles;
import org.heapatlas.model.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** heapatlas collector: this node's daemon in the foreground, with its own options. */
@Command(
    name = "collector",
    description = "Runs this node's collector in the foreground; its own options pass through.",
    footer = {
      "",
      "  --dir DIR                        the node folder",
      "  --listen HOST:PORT --tls DIR     serves other machines too, by mutual TLS",
      "  --recordings DIR                 where recordings lie until those have fetched them",
      "  --init-tls DIR                   makes a CA and certificates",
      "  --idle-exit SECONDS              ends when nothing was watched for so long"
    },
    mixinStandardHelpOptions = true)
final class Collector implements Callable<Integer> {
  /** Options and their values in the order in which they were given. */
  @Parameters(hidden = true)
  private List<String> options = List.of();

  @Override
  public Integer call() throws InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(NativeFiles.ofProperties().collector().toString()));
    command.addAll(options);
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      Signals.leaveToProgram();
      Signals.passTermination(process);
      return process.waitFor();
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "the collector '%s' cannot be started".formatted(command.getFirst()),
          e);
    }
  }
}
