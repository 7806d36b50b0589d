package io.trivet.lab.deploy;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The lab's own certificate authority and a certificate for each controller, as a deployer would
/// make them with openssl. A certificate speaks for the controller's name and address.
public final class Certificates {
  private static final String DAYS = "3650";

  private final Path folder;

  public Certificates(Secrets secrets) {
    this.folder = secrets.folder();
  }

  public Path authority() {
    return folder.resolve("ca.crt");
  }

  public Path certificate(Node node) {
    return folder.resolve(node.name() + ".crt");
  }

  public Path key(Node node) {
    return folder.resolve(node.name() + ".key");
  }

  /// Makes what is not there yet.
  public void create() throws LabException {
    Path authorityKey = folder.resolve("ca.key");
    if (!Files.exists(authority())) {
      makeKey(authorityKey);
      openssl(
          "req",
          "-x509",
          "-new",
          "-key",
          authorityKey.toString(),
          "-sha256",
          "-days",
          DAYS,
          "-subj",
          "/CN=Trivet lab",
          "-out",
          authority().toString());
    }
    for (Node node : Node.CONTROLLERS) {
      if (!Files.exists(certificate(node))) {
        sign(node, authorityKey);
      }
    }
  }

  private void sign(Node node, Path authorityKey) throws LabException {
    Path request = folder.resolve(node.name() + ".csr");
    Path extensions = folder.resolve(node.name() + ".ext");
    makeKey(key(node));
    openssl(
        "req",
        "-new",
        "-key",
        key(node).toString(),
        "-subj",
        "/CN=" + node.name(),
        "-out",
        request.toString());
    try {
      Files.writeString(
          extensions,
          "subjectAltName=DNS:%s,IP:%s%nextendedKeyUsage=serverAuth,clientAuth%n"
              .formatted(node.name(), node.address()));
      openssl(
          "x509",
          "-req",
          "-in",
          request.toString(),
          "-CA",
          authority().toString(),
          "-CAkey",
          authorityKey.toString(),
          "-CAcreateserial",
          "-sha256",
          "-days",
          DAYS,
          "-extfile",
          extensions.toString(),
          "-out",
          certificate(node).toString());
      Files.delete(request);
      Files.delete(extensions);
    } catch (IOException e) {
      throw new LabException("cannot make certificates in " + folder + ": " + e.getMessage(), e);
    }
  }

  private void makeKey(Path file) throws LabException {
    openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        file.toString());
  }

  private static void openssl(String... arguments) throws LabException {
    java.util.List<String> all = new java.util.ArrayList<>(java.util.List.of("openssl"));
    all.addAll(java.util.List.of(arguments));
    new Command(all).check();
  }
}
