package org.heapatlas.eclipse.dap;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IStatusHandler;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;

/** Names of the model, and how a failed request is told. */
public final class Dap {
  /** The identifier of the debug model, and of the bundle that has it. */
  public static final String MODEL = "org.heapatlas.eclipse.dap";

  static final String BUNDLE = "org.heapatlas.eclipse.core";

  /** The code of a status that the user interface's handler shows; plugin.xml has it too. */
  private static final int REFUSED = 1;

  private Dap() {}

  /** What an adapter said of a request that it refused, or what kept the request from it. */
  public static String message(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case ResponseErrorException refused -> refused.getResponseError().getMessage();
      case CancellationException cancelled -> "The request was cancelled.";
      default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
    };
  }

  static DebugException exception(String what, Throwable failure) {
    return new DebugException(status(what, failure));
  }

  /** To the user and into the log; nothing where it succeeded. */
  static void show(String what, Throwable failure) {
    if (failure == null) {
      return;
    }
    IStatus status =
        new Status(IStatus.ERROR, BUNDLE, REFUSED, what + ": " + message(failure), null);
    IStatusHandler shower = DebugPlugin.getDefault().getStatusHandler(status);
    try {
      if (shower == null) {
        ILog.of(Dap.class).log(status);
      } else {
        shower.handleStatus(status, null);
      }
    } catch (CoreException e) {
      ILog.of(Dap.class).log(e.getStatus());
    }
  }

  static IStatus status(String what, Throwable failure) {
    return new Status(
        IStatus.ERROR, BUNDLE, DebugException.REQUEST_FAILED, what + ": " + message(failure), null);
  }

  /** For a completion that nobody waits for; nothing where it succeeded. */
  static void log(String what, Throwable failure) {
    if (failure != null) {
      ILog.of(Dap.class).log(status(what, failure));
    }
  }
}
