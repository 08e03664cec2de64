package org.heapatlas.eclipse.dap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/**
 * The two streams to an adapter, and what ends it.
 *
 * @param end called once, after the last message; the adapter is gone some seconds later
 */
public record DapTransport(InputStream input, OutputStream output, Runnable end) {
  private static final long GRACE_SECONDS = 10;

  /** An adapter on its standard streams. It is killed when it has not ended by itself by then. */
  public static DapTransport of(Process adapter) {
    return new DapTransport(
        adapter.getInputStream(),
        adapter.getOutputStream(),
        () ->
            adapter
                .onExit()
                .orTimeout(GRACE_SECONDS, TimeUnit.SECONDS)
                .whenComplete(
                    (gone, late) -> {
                      if (late != null) {
                        adapter.destroyForcibly();
                      }
                    }));
  }

  public static DapTransport of(Socket socket) throws IOException {
    return new DapTransport(
        socket.getInputStream(), socket.getOutputStream(), () -> closed(socket));
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      Dap.log("Closing the connection to the debug adapter", e);
    }
  }
}
