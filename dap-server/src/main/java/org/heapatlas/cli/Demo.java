package org.heapatlas.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.heapatlas.collector.CollectorNodes;
import org.heapatlas.dap.DapServer;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * heapatlas demo: redis-server under a load that comes and goes, live in the browser until Ctrl-C.
 */
@Command(
    name = "demo",
    description =
        "redis-server under load, watched live; prints the page's address and the debug adapter's port.",
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
  private static final long STEP_MILLIS = 200;
  private static final long PAUSE_SECONDS = 3;

  @Option(names = "--mode", description = "full (default), full-no-stacks, sampled or off.")
  private String mode = Mode.FULL.text();

  @Option(names = "--seconds", description = "Ends by itself after so many seconds.")
  private long seconds = Long.MAX_VALUE;

  private volatile Process load;

  @Override
  public Integer call() throws InterruptedException {
    String port = Integer.toString(freePort());
    List<String> server =
        List.of(
            "redis-server",
            "--port",
            port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no");
    try (WatchedRun run =
            WatchedRun.start(server, Mode.parse(mode), ProcessBuilder.Redirect.DISCARD);
        DapServer dap = DapServer.listen(0, new CollectorNodes(), new Dap.Channels())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(run)));
      WatchedProcess redis = appeared(run);
      try (Page page = Page.serve(run.session())) {
        page.announce();
        Dap.serve(dap, redis);
        Say.text("heapatlas: redis-server runs under load; Ctrl-C ends everything");
        page.openBrowser();
        loadUntilEnd(run, port);
      }
      end(run);
      return 0;
    }
  }

  /** However long it takes on a busy machine: as long as the program lives, it will be seen. */
  private static WatchedProcess appeared(WatchedRun run) throws InterruptedException {
    Optional<WatchedProcess> redis = Optional.empty();
    while (redis.isEmpty()) {
      redis = run.session().awaitProcess(process -> true, STEP_MILLIS);
      if (redis.isEmpty() && !run.process().isAlive()) {
        throw Problem.failed(
            "redis-server ended at once; is the Debian package redis-server installed?");
      }
    }
    return redis.get();
  }

  private void loadUntilEnd(WatchedRun run, String port) throws InterruptedException {
    long end =
        seconds > Long.MAX_VALUE / 2_000_000_000L
            ? Long.MAX_VALUE
            : System.nanoTime() + seconds * 1_000_000_000L;
    while (run.process().isAlive() && System.nanoTime() < end) {
      load = benchmark(port);
      while (!load.waitFor(100, TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() >= end) {
          load.destroy();
        }
      }
      run.process().waitFor(Math.min(PAUSE_SECONDS, seconds), TimeUnit.SECONDS);
    }
  }

  private static Process benchmark(String port) {
    List<String> command =
        List.of(
            "redis-benchmark",
            "-q",
            "-p",
            port,
            "-n",
            "200000",
            "-r",
            "100000",
            "-d",
            "256",
            "-P",
            "8",
            "-t",
            "set,lpush,lpop,hset,sadd,zadd");
    try {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "redis-benchmark cannot be started; install the Debian package redis-tools",
          e);
    }
  }

  private void end(WatchedRun run) {
    Process running = load;
    if (running != null) {
      running.destroy();
    }
    run.process().descendants().forEach(ProcessHandle::destroy);
    run.process().destroy();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new Problem(Problem.Kind.FAILED, "no free port was found on the loopback", e);
    }
  }
}
