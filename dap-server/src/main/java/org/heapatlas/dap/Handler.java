package org.heapatlas.dap;

/**
 * Answers one request. Runs on a thread of its own and may block; a Problem becomes the
 * ErrorResponse.
 */
@FunctionalInterface
public interface Handler<P> {
  /** The body of the answer; null where the protocol has none. */
  Object handle(DapSession session, P arguments);
}
