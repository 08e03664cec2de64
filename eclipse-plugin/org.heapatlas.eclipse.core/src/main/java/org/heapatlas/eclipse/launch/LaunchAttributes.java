package org.heapatlas.eclipse.launch;

/** Names in a launch configuration. All are texts, but those that say otherwise. */
public final class LaunchAttributes {
  /** The launch configuration's type. */
  public static final String TYPE = "org.heapatlas.eclipse.launch";

  /** The bundle whose preferences hold {@link #JAVA_HOME}. */
  public static final String BUNDLE = "org.heapatlas.eclipse.core";

  /** A preference: the folder of the Java that runs the server; empty to look for one. */
  public static final String JAVA_HOME = "javaHome";

  /** A {@link LaunchKind}. */
  public static final String KIND = TYPE + ".kind";

  public static final String PROGRAM = TYPE + ".program";

  /** As on a command line. */
  public static final String ARGUMENTS = TYPE + ".arguments";

  public static final String FOLDER = TYPE + ".folder";

  /** A boolean: in a console of its own, with its input. */
  public static final String TERMINAL = TYPE + ".terminal";

  /** A boolean. */
  public static final String STOP_ON_ENTRY = TYPE + ".stopOnEntry";

  public static final String PID = TYPE + ".pid";

  /** A list: host:port each. */
  public static final String NODES = TYPE + ".nodes";

  public static final String TLS = TYPE + ".tls";
  public static final String RECORDING = TYPE + ".recording";

  /** A time, 12.5s, or the number of an event. */
  public static final String AT = TYPE + ".at";

  public static final String MODE = TYPE + ".mode";

  /** A new folder, or empty. */
  public static final String RECORD = TYPE + ".record";

  public static final String RECORD_LAST = TYPE + ".recordLast";
  public static final String RECORD_MAX = TYPE + ".recordMax";

  /** A boolean. */
  public static final String RECORD_ON_FINDING = TYPE + ".recordOnFinding";

  private LaunchAttributes() {}
}
