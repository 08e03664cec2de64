package org.heapatlas.model;

/** What can be sent to a watched process. */
public enum ProcessSignal {
  STOP,
  CONTINUE,
  TERMINATE,
  KILL
}
