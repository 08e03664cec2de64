package org.heapatlas.collector;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import org.heapatlas.model.Problem;

/**
 * A folder with ca.crt, client.crt and client.key, as --init-tls makes. What is wrong with them is
 * said before anybody is called with them, for who refuses them only hangs up.
 */
record Certificates(Path folder) {
  private static final String REMEDY = "./heapatlas collector --init-tls DIR makes new ones";

  ChannelCredentials credentials() {
    X509Certificate authority = valid("ca.crt");
    X509Certificate client = valid("client.crt");
    try {
      client.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw failed(
          "'%s' is not of the CA in ca.crt beside it; %s".formatted(file("client.crt"), REMEDY), e);
    }
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(file("ca.crt"))
          .keyManager(file("client.crt"), file("client.key"))
          .build();
    } catch (IOException e) {
      throw failed("the certificates in '%s' cannot be read".formatted(folder), e);
    }
  }

  private X509Certificate valid(String name) {
    File file = file(name);
    try (InputStream in = Files.newInputStream(file.toPath())) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      certificate.checkValidity();
      return certificate;
    } catch (CertificateExpiredException e) {
      throw failed(
          "the certificate '%s' has expired (%s); %s".formatted(file, e.getMessage(), REMEDY), e);
    } catch (CertificateNotYetValidException e) {
      throw failed(
          "the certificate '%s' is not valid yet (%s); compare the clocks"
              .formatted(file, e.getMessage()),
          e);
    } catch (CertificateException | IOException e) {
      throw failed("'%s' is no certificate; %s".formatted(file, REMEDY), e);
    }
  }

  private File file(String name) {
    Path file = folder.resolve(name);
    if (!Files.isReadable(file)) {
      throw Problem.usedWrongly("'%s' is not there or not readable; %s".formatted(file, REMEDY));
    }
    return file.toFile();
  }

  private static Problem failed(String sentence, Exception cause) {
    return new Problem(Problem.Kind.FAILED, sentence, cause);
  }
}
