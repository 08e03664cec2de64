package org.heapatlas.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.heapatlas.gateway.Gateway;
import org.heapatlas.session.Session;

/** The browser page of a session, served from its own thread so that nothing waits for it. */
final class Page implements AutoCloseable {
  private static final Path WEB =
      Path.of(System.getProperty("heapatlas.web", "vscode-extension/dist/page"));

  private final Gateway gateway;
  private final String address;

  private Page(Gateway gateway, String address) {
    this.gateway = gateway;
    this.address = address;
  }

  static Gateway gateway() {
    return Gateway.start(WEB);
  }

  static Page serve(Session session) {
    Gateway gateway = gateway();
    return new Page(gateway, gateway.page(() -> session));
  }

  String address() {
    return address;
  }

  void announce() {
    Say.text("heapatlas: live page at " + address);
  }

  /** In the user's browser, where there is a screen and something to open it with. */
  void openBrowser() {
    if (System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) {
      return;
    }
    boolean canOpen =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "xdg-open")));
    if (!canOpen) {
      return;
    }
    try {
      new ProcessBuilder("xdg-open", address)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      Say.line("the browser could not be opened; open the address yourself");
    }
  }

  @Override
  public void close() {
    gateway.close();
  }
}
