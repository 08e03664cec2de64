package org.heapatlas.collector;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.heapatlas.model.Problem;

/**
 * A failed call as one sentence. The collector's own description is one; ours stand in where the
 * transport failed.
 */
final class CollectorProblem {
  static final System.Logger LOG = System.getLogger("org.heapatlas.collector");

  private CollectorProblem() {}

  static Problem of(String collector, StatusRuntimeException e) {
    Status status = e.getStatus();
    String said = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case UNAVAILABLE -> new Problem(Problem.Kind.FAILED, collector + unreachable(e), e);
      case DEADLINE_EXCEEDED ->
          new Problem(
              Problem.Kind.FAILED,
              collector + " did not answer in time; it is stopped, overloaded or not reachable",
              e);
      case CANCELLED -> new Problem(Problem.Kind.FAILED, "the request was cancelled", e);
      case NOT_FOUND ->
          new Problem(
              Problem.Kind.NOT_FOUND, orElse(said, collector + " knows no such process"), e);
      case INVALID_ARGUMENT ->
          new Problem(
              Problem.Kind.USED_WRONGLY, orElse(said, collector + " refused the request"), e);
      default ->
          new Problem(
              Problem.Kind.FAILED, orElse(said, collector + " failed with " + status.getCode()), e);
    };
  }

  /** Why a connection is not there; TLS is told by its exceptions alone. */
  private static String unreachable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
        return " shows a certificate that is not of our CA or not for its name; compare ca.crt on both sides";
      }
      if (cause instanceof SSLException) {
        return " does not speak TLS with us; it may not know our certificate: both must be of one CA";
      }
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return " cannot be reached (%s); is it running, with --listen and --tls?"
            .formatted(cause.getMessage());
      }
    }
    return " does not answer any more; start the session again";
  }

  private static String orElse(String said, String otherwise) {
    return said.isBlank() ? otherwise : said;
  }
}
