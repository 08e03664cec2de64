package org.heapatlas.eclipse.dap;

import java.util.Map;

/**
 * What begins a session.
 *
 * @param adapter the adapter's type, as it is named to it
 * @param arguments of the request, as the adapter documents them
 * @param watchRequest a request of the adapter's own that takes watchpoints at addresses and says
 *     what serves each; empty: they are data breakpoints as the protocol has them
 */
public record StartRequest(
    String adapter, Kind kind, Map<String, Object> arguments, String watchRequest) {
  /** Whether the adapter starts a program, which ends with the session, or joins one. */
  public enum Kind {
    LAUNCH,
    ATTACH
  }

  public StartRequest {
    arguments = Map.copyOf(arguments);
  }

  public StartRequest(String adapter, Kind kind, Map<String, Object> arguments) {
    this(adapter, kind, arguments, "");
  }
}
