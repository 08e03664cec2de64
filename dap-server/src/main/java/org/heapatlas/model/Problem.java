package org.heapatlas.model;

/**
 * Something that the user can be told in one sentence: what failed, where, and what to do. Thrown
 * by every station, turned into an exit status by the command line, into an ErrorResponse by the
 * adapter, into an error by the channel.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What the caller can do about it. */
  public enum Kind {
    /** The request makes no sense as it stands; exit status 2. */
    USED_WRONGLY,
    /** It should have worked; exit status 1. */
    FAILED,
    /** What was asked for is not there (any more); exit status 1. */
    NOT_FOUND
  }

  private final Kind kind;

  public Problem(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
  }

  public Problem(Kind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public static Problem usedWrongly(String sentence) {
    return new Problem(Kind.USED_WRONGLY, sentence);
  }

  public static Problem failed(String sentence) {
    return new Problem(Kind.FAILED, sentence);
  }

  public static Problem notFound(String sentence) {
    return new Problem(Kind.NOT_FOUND, sentence);
  }

  public Kind kind() {
    return kind;
  }

  public int exitStatus() {
    return kind == Kind.USED_WRONGLY ? 2 : 1;
  }
}
