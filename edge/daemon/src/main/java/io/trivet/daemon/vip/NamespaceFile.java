package io.trivet.daemon.vip;

import io.trivet.daemon.effect.Files;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The register of Trivet's own network namespaces in a file below `/run`, where it lives as long
/// as they do: `NAME LINK` a line.
public final class NamespaceFile implements VipHost.NamespaceRegister {
  private final Path file;
  private final Map<String, String> entries = new TreeMap<>();

  public NamespaceFile(Path file) {
    this.file = file;
    String text = Files.read(file.toString());
    if (text != null) {
      text.lines()
          .map(line -> line.split(" ", 2))
          .filter(words -> words.length == 2)
          .forEach(words -> entries.put(words[0], words[1]));
    }
  }

  @Override
  public Map<String, String> all() {
    return new TreeMap<>(entries);
  }

  @Override
  public void add(String namespace, String hostLink) throws IOException {
    if (!hostLink.equals(entries.put(namespace, hostLink))) {
      write();
    }
  }

  @Override
  public void remove(String namespace) throws IOException {
    entries.remove(namespace);
    write();
  }

  private void write() throws IOException {
    String text =
        entries.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue() + "\n")
            .collect(Collectors.joining());
    Files.replace(file.toString(), text, "0644", "root:root");
  }
}
