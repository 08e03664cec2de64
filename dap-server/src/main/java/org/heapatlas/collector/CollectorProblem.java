package org.heapatlas.collector;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.heapatlas.model.Problem;

/**
 * A failed call as one sentence. The collector's own description is one; ours stand in where the
 * transport failed.
 */
final class CollectorProblem {
  private static final String OTHER_CA = "is not of our CA; compare ca.crt on both sides";
  static final System.Logger LOG = System.getLogger("org.heapatlas.collector");

  /**
   * A collector as the user knows it, what it means when it closes the connection, and what becomes
   * of a session that loses it.
   */
  record Peer(String name, String whenSilent, String whenLost) {
    static final Peer LOCAL = local("the collector of this machine");

    static final Peer REPLAY =
        new Peer(
            "the collector of this recording",
            " does not answer; open the recording again",
            "the collector of this recording has ended; open the recording again");

    private static Peer local(String name) {
      return new Peer(
          name,
          " does not answer; a session that runs reaches it again by itself, another one is started again",
          name
              + " has ended; the program goes on, the next collector takes over, and its map lacks what was allocated before");
    }

    static Peer at(String address) {
      String name = "the collector at " + address;
      return new Peer(
          name,
          " has closed the connection; it has ended, or does not know our certificate, for both must be of one CA",
          name + " has closed the connection; the session goes on as soon as it answers again");
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

  /** Whether nobody answered at all. */
  static boolean isSilence(Problem problem) {
    return problem.getCause() instanceof StatusRuntimeException e
        && (e.getStatus().getCode() == Status.Code.UNAVAILABLE
            || e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED);
  }

  /** Why a connection is not there; TLS is told by its exceptions alone. */
  private static String unreachable(Peer collector, Throwable failure) {
    List<Throwable> causes =
        Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
    // The innermost exception knows best.
    Optional<String> flaw =
        causes.stream().flatMap(CollectorProblem::flaw).reduce((outer, inner) -> inner);
    if (flaw.isPresent()) {
      return " shows a certificate that " + flaw.get();
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

  /** What is wrong with a certificate, as far as this exception knows. */
  private static Stream<String> flaw(Throwable cause) {
    return switch (cause) {
      case CertificateExpiredException e ->
          Stream.of("has expired (%s); make new ones with --init-tls".formatted(e.getMessage()));
      case CertificateNotYetValidException e ->
          Stream.of("is not valid yet (%s); compare the clocks".formatted(e.getMessage()));
      case CertPathValidatorException e -> Stream.of(OTHER_CA);
      case CertPathBuilderException e -> Stream.of(OTHER_CA);
      case CertificateException e ->
          Stream.of("is not for this name (%s); use one of its own".formatted(e.getMessage()));
      default -> Stream.empty();
    };
  }

  private static String orElse(String said, String otherwise) {
    return said.isBlank() ? otherwise : said;
  }
}
