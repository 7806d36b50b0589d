package io.trivet.lab.image;

import io.trivet.lab.host.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// What the image of a node is made of. Its hash names the image: another recipe is another image.
///
/// @param suite Debian's name of the release
/// @param packages beside the minimal base
/// @param preseed answers to questions of packages, as debconf-set-selections(1) reads them
/// @param configure a script that finishes the installed system
public record ImageRecipe(String suite, List<String> packages, String preseed, String configure) {
  private static final String SUITE = "bookworm";

  public ImageRecipe {
    packages = List.copyOf(packages);
  }

  /// The recipe that this version of the lab has.
  public static ImageRecipe standard() throws LabException {
    List<String> packages =
        resource("packages.txt")
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    return new ImageRecipe(
        SUITE, packages, resource("preseed.txt"), resource("configure-image.sh"));
  }

  /// The name of the image's folder.
  public String name() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String all = suite + "\n" + String.join("\n", packages) + "\n" + preseed + configure;
      byte[] hash = digest.digest(all.getBytes(StandardCharsets.UTF_8));
      return suite + "-" + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has SHA-256
    }
  }

  private static String resource(String name) throws LabException {
    try (InputStream in = ImageRecipe.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new LabException(name + " is missing in the lab's jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LabException("cannot read " + name + " in the lab's jar", e);
    }
  }
}
