package org.heapatlas.collector;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.heapatlas.model.Problem;

/**
 * A failed call as one sentence. The collector's own description is one; ours stand in where the
 * transport failed.
 */
final class CollectorProblem {
  static final System.Logger LOG = System.getLogger("org.heapatlas.collector");

  /** A collector as the user knows it, and what it means when it closes the connection. */
  record Peer(String name, String whenSilent) {
    static final Peer LOCAL =
        new Peer(
            "the collector of this machine", " does not answer any more; start the session again");

    static Peer at(String address) {
      return new Peer(
          "the collector at " + address,
          " has closed the connection; it has ended, or does not know our certificate, for both must be of one CA");
    }
  }

  private CollectorProblem() {}

  static Problem of(Peer peer, StatusRuntimeException e) {
    String collector = peer.name();
    Status status = e.getStatus();
    String said = status.getDescription() == null ? "" : status.getDescription();
    return switch (status.getCode()) {
      case UNAVAILABLE -> new Problem(Problem.Kind.FAILED, collector + unreachable(peer, e), e);
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
  private static String unreachable(Peer collector, Throwable failure) {
    List<Throwable> causes =
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
    if (causes.stream()
        .anyMatch(
            each ->
                each instanceof CertificateException
                    || each instanceof CertPathValidatorException)) {
      return " shows a certificate that is not of our CA or not for its name; compare ca.crt on both sides";
    }
    if (causes.stream().anyMatch(SSLException.class::isInstance)) {
      return collector.whenSilent();
    }
    return causes.stream()
        .filter(each -> each instanceof ConnectException || each instanceof UnknownHostException)
        .findFirst()
        .map(
            each ->
                " cannot be reached (%s); is it running, with --listen and --tls?"
                    .formatted(each.getMessage()))
        .orElseGet(collector::whenSilent);
  }

  private static String orElse(String said, String otherwise) {
    return said.isBlank() ? otherwise : said;
  }
}
