package org.heapatlas.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.heapatlas.collector.CollectorNodes;
import org.heapatlas.dap.DapConnection;
import org.heapatlas.dap.DapServer;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.view.ChannelHost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** heapatlas dap: the debug adapter, for one client on stdio or for any number on a port. */
@Command(
    name = "dap",
    description = "The debug adapter, on stdio or on a port.",
    mixinStandardHelpOptions = true)
public final class Dap implements Callable<Integer> {
  @Option(
      names = "--port",
      description = "Listens on this port of the loopback instead; 0 lets the system choose.")
  private Integer port;

  @Override
  public Integer call() {
    if (port == null) {
      stdio();
    } else {
      try (DapServer server = DapServer.listen(port, new CollectorNodes(), new Channels())) {
        Say.line("the debug adapter listens on 127.0.0.1:" + server.port());
        server.run();
      }
    }
    return 0;
  }

  /** Serves the adapter beside a page, and says where; {@code process} is what to attach to. */
  static void serve(DapServer server, WatchedProcess process) {
    Thread.ofPlatform().daemon().name("dap").start(server::run);
    Say.text(
        "heapatlas: debug adapter on 127.0.0.1:%d; attach to process %d"
            .formatted(server.port(), process.pid()));
  }

  /** stdout carries the protocol alone: whatever prints goes to stderr from now on. */
  public static void stdio() {
    InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
    OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    System.setOut(System.err);
    StartUpCache.soon();
    new DapConnection(in, out, new CollectorNodes(), new Channels()).run();
    StartUpCache.now();
  }

  /** The gateway of this server, started when the first view is opened. */
  static final class Channels implements Supplier<ChannelHost> {
    private ChannelHost gateway;

    @Override
    public synchronized ChannelHost get() {
      if (gateway == null) {
        gateway = Page.gateway();
      }
      return gateway;
    }
  }
}
