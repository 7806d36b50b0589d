package io.trivet.cluster.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.expand.Expansion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The cases are files: `NAME.yaml` and what an operator is told about it, `NAME.txt`. With
/// `-Dtrivet.rewrite=true` the second is written anew, to be read by a person before it is
/// committed.
final class ClusterFileReaderTest {
  private static final Path CASES = Path.of("src/test/resources/cluster-file");
  private static final int FILES = Integer.getInteger("trivet.fuzz.files", 2_000);
  private static final Path EXAMPLE = Path.of("../../docs/examples/cluster.yaml");

  @TestFactory
  Stream<DynamicTest> saysWhatIsWrong() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      List<Path> cases = files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
      assertTrue(cases.size() >= 10);
      return cases.stream()
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
    }
  }

  private static void check(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    Path expected = CASES.resolve(name.replace(".yaml", ".txt"));
    String told = told(ClusterFileReader.read(name, Files.readAllBytes(file)));
    if (Boolean.getBoolean("trivet.rewrite")) {
      Files.writeString(expected, told);
    }
    assertEquals(Files.readString(expected), told);
  }

  private static String told(Reading reading) {
    String verdict = reading instanceof Reading.Accepted ? "accepted\n" : "refused\n";
    return verdict + reading.problems().stream().map(p -> p + "\n").collect(Collectors.joining());
  }

  @Test
  void readsTheExampleOfTheDocumentation() throws IOException {
    Reading reading = ClusterFileReader.read("cluster.yaml", Files.readString(EXAMPLE));
    ClusterFile file = assertInstanceOf(Reading.Accepted.class, reading).file();
    assertEquals(List.of(), reading.problems());
    assertEquals(
        List.of("c1", "c2", "c3"), file.controllers().stream().map(Controller::name).toList());
    assertEquals("fd77::100/64", file.vips().get(0).addresses().get(1).toString());
    assertEquals("vip", file.vips().get(0).namespace());
    assertEquals(2, file.majority());
    assertEquals(
        List.of("mariadb 3306", "keystone 5000", "glance 9292"),
        file.frontends("public").stream().map(f -> f.name() + " " + f.port()).toList());
    Database database = file.database();
    assertNotNull(database);
    assertEquals("public", database.vip());
  }

  @Test
  void aByteOrderMarkAndWindowsLinesAreRead() throws IOException {
    String text = Files.readString(EXAMPLE);
    Reading plain = ClusterFileReader.read("f", text);
    assertEquals(plain, ClusterFileReader.read("f", "\uFEFF" + text));
    assertEquals(plain, ClusterFileReader.read("f", text.replace("\n", "\r\n")));
  }

  @Test
  void whatIsNoClusterFileIsRefusedWithAReason() {
    assertTold(
        "refused\nf:1:1: error: the file is empty; allowed: a cluster file; `trivet: 1` is its first line\n",
        "");
    assertTold(
        "refused\nf:1:1: error: the file is empty; allowed: a cluster file; `trivet: 1` is its first line\n",
        "\uFEFF \n\n");
    assertTold(
        "refused\nf:1:1: error: the file has nothing but comments; allowed: a cluster file; `trivet: 1` is its first line\n",
        "# soon\n");
    assertTold(
        "refused\nf:1:3: error: the character U+0000 does not belong in a text file; allowed: UTF-8 text\n",
        "ab\0");
    assertTold(
        "refused\nf:1:1: error: the file is \"hello\"; allowed: a mapping that begins with `trivet: 1`\n",
        "hello");
    assertTold(
        "refused\nf:1:1: error: the file is a list; allowed: a mapping that begins with `trivet: 1`\n",
        "[1, 2]");
    assertTold(
        "refused\nf:2:1: error: a tab in the indentation; allowed: spaces\n",
        "controllers:\n\tc1: 10.0.0.1\n");
    assertTold(
        "refused\nf:1:4: error: anchors (&) and aliases (*) are not used in a cluster file; allowed: the value itself\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n");
    assertTold(
        "refused\nf:1:9: error: tags are not used in a cluster file: !!java.net.URL; allowed: the value alone\n"
            .replace("!!java.net.URL", "tag:yaml.org,2002:java.net.URL"),
        "trivet: !!java.net.URL [x]\n");
    assertTold(
        "refused\nf:2:1: error: a second document begins here; allowed: one document in a file (one `---` at most)\n"
            .replace("f:2:1", "f:3:1"),
        "trivet: 1\n---\na: b\n");
    assertTold(
        "refused\nf:1:1: error: the file has 300000 characters; this is not a cluster file; allowed: at most 65536\n",
        "#".repeat(300_000));
    assertTold("refused\nf:1:13: error: nested more than 12 levels deep\n", "[".repeat(20_000));
    assertTold(
        "refused\nf:1:1: error: the file is not text in UTF-8; allowed: UTF-8 text\n",
        new byte[] {'a', (byte) 0xff});
    assertTold(
        "refused\nf:1:9: error: the file has format 2, which this version of Trivet does not read; allowed: 1\n",
        "trivet: 2\nfuture: {}\n");
  }

  private static void assertTold(String expected, String text) {
    assertEquals(expected, told(ClusterFileReader.read("f", text)));
  }

  private static void assertTold(String expected, byte[] bytes) {
    assertEquals(expected, told(ClusterFileReader.read("f", bytes)));
  }

  @Test
  void aFloodOfProblemsIsCut() {
    StringBuilder text = new StringBuilder("trivet: 1\n");
    for (int i = 0; i < 5_000; i++) {
      text.append("k").append(i).append(": x\n");
    }
    Reading reading = ClusterFileReader.read("f", text.toString());
    assertEquals(Findings.MOST, reading.problems().size());
  }

  /// Mutations of real files: whatever comes out, it is a result, and what is accepted can be
  /// expanded.
  @Test
  void neverThrowsWhateverIsInTheFile() throws IOException {
    List<String> seeds;
    try (Stream<Path> files = Files.list(CASES)) {
      seeds =
          files
              .filter(f -> f.toString().endsWith(".yaml"))
              .sorted()
              .map(ClusterFileReaderTest::text)
              .collect(Collectors.toList());
    }
    seeds.add(Files.readString(EXAMPLE));
    Random random = new Random(20_26);
    int accepted = 0;
    for (int i = 0; i < FILES; i++) {
      String text = mutated(seeds.get(random.nextInt(seeds.size())), seeds, random);
      Reading reading = ClusterFileReader.read("f", text);
      if (reading instanceof Reading.Accepted a) {
        accepted++;
        Expansion.of(a.file());
      }
    }
    assertTrue(
        accepted > FILES / 100, "the mutations are too wild to test what is accepted: " + accepted);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mutated(String seed, List<String> seeds, Random random) {
    StringBuilder text = new StringBuilder(seed);
    for (int n = random.nextInt(4); n >= 0 && !text.isEmpty(); n--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(7)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, ":-[]{},&*!|>'\"%@`#? \n\t\r~0".charAt(random.nextInt(25)));
        case 2 -> text.setCharAt(at, (char) random.nextInt(random.nextInt(4) == 0 ? 0x10000 : 128));
        case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
        case 4 ->
            text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
        case 5 -> {
          String other = seeds.get(random.nextInt(seeds.size()));
          int from = random.nextInt(other.length());
          text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(80)));
        }
        default -> swapLines(text, random);
      }
    }
    return text.toString();
  }

  private static void swapLines(StringBuilder text, Random random) {
    List<String> lines = text.toString().lines().collect(Collectors.toList());
    if (lines.size() > 1) {
      Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
      text.setLength(0);
      text.append(String.join("\n", lines)).append('\n');
    }
  }

  @Test
  void randomBytesAreRefused() {
    Random random = new Random(3);
    for (int i = 0; i < 3_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertInstanceOf(Reading.Refused.class, ClusterFileReader.read("f", bytes));
      String printable = new String(bytes, StandardCharsets.US_ASCII).replace('\uFFFD', ' ');
      assertInstanceOf(Reading.Refused.class, ClusterFileReader.read("f", printable));
    }
  }
}
