package io.trivet.daemon.vip;

import io.trivet.daemon.effect.Files;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The register of what Trivet made in the kernel, in a file below `/run`, where it lives as long
/// as that does: `KEY NUMBER` a line.
public final class NamespaceFile implements PlaceRegister {
  private static final String OLD_LINK = "trivet";

  private final Path file;
  private SortedMap<String, Integer> entries = new TreeMap<>();

  public NamespaceFile(Path file) {
    this.file = file;
    String text = Files.read(file.toString());
    if (text != null) {
      text.lines().forEach(this::read);
    }
  }

  /// A line that is not understood is left out: what it stood for is made anew.
  private void read(String line) {
    int space = line.lastIndexOf(' ');
    if (space <= 0) {
      return;
    }
    String key = line.substring(0, space);
    String value = line.substring(space + 1);
    if (value.startsWith(OLD_LINK) && key.indexOf(' ') < 0) {
      // `NAMESPACE LINK`, as the first version wrote it.
      key = "namespace " + key;
      value = value.substring(OLD_LINK.length());
    }
    if (value.matches("[0-9]{1,9}")) {
      entries.put(key, Integer.parseInt(value));
    }
  }

  @Override
  public SortedMap<String, Integer> all() {
    return new TreeMap<>(entries);
  }

  @Override
  public void keep(SortedMap<String, Integer> numbers) throws IOException {
    if (!numbers.equals(entries)) {
      entries = new TreeMap<>(numbers);
      String text =
          entries.entrySet().stream()
              .map(e -> e.getKey() + " " + e.getValue() + "\n")
              .collect(Collectors.joining());
      Files.replace(file.toString(), text, "0644", "root:root");
    }
  }
}
