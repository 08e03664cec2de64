package org.heapatlas.collector;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.heapatlas.model.Problem;

/**
 * A failed call as one sentence. The collector's own description is one; ours stand in where the
 * transport failed.
 */
final class CollectorProblem {
  static final System.Logger LOG = System.getLogger("org.heapatlas.collector");

  private CollectorProblem() {}

  static Problem of(StatusRuntimeException e) {
    Status status = e.getStatus();
    String said = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case UNAVAILABLE ->
          new Problem(
              Problem.Kind.FAILED,
              "the collector of this node does not answer any more; start the session again",
              e);
      case DEADLINE_EXCEEDED ->
          new Problem(
              Problem.Kind.FAILED,
              "the collector of this node did not answer in time; it is stopped or overloaded",
              e);
      case CANCELLED -> new Problem(Problem.Kind.FAILED, "the request was cancelled", e);
      case NOT_FOUND ->
          new Problem(
              Problem.Kind.NOT_FOUND, orElse(said, "the collector knows no such process"), e);
      case INVALID_ARGUMENT ->
          new Problem(
              Problem.Kind.USED_WRONGLY, orElse(said, "the collector refused the request"), e);
      default ->
          new Problem(
              Problem.Kind.FAILED,
              orElse(said, "the collector failed with " + status.getCode()),
              e);
    };
  }

  private static String orElse(String said, String otherwise) {
    return said.isBlank() ? otherwise : said;
  }
}
