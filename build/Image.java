import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Builds the folder that is packed into the .deb: the runtime image, the jars, the AOT caches and
/// the launchers.
///
/// `java Image.java SOURCES TARGET`, where SOURCES is the folder `dist/src` and TARGET is
/// `dist/target`, in which Maven has put the jars as `jars/*.jar` and picocli's source jar as
/// `picocli-sources.jar`. Each step keeps a stamp of its inputs and is skipped when they are the
/// same.
final class Image {
  /// What `jdeps --print-module-deps` finds in the jars and what the daemon needs by name: naming
  /// for TLS and logback, security.auth for the D-Bus library's user id, jdk.management for memory
  /// figures.
  private static final String MODULES =
      "java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.management,jdk.net,"
          + "jdk.security.auth,jdk.unsupported";

  /// Where everything is on a controller.
  private static final String HOME = "/usr/lib/trivet";

  /// The jar with native access is a named module, so that only it may do so. It is linked into the
  /// runtime: an AOT cache follows jars of the class path and the runtime to another folder, but
  /// not jars of the module path, and is ignored there without a word.
  private static final String NATIVE_JAR = "trivet-linux.jar";

  private static final String NATIVE_MODULE = "io.trivet.linux";

  /// One time for all files: an AOT cache checks the times of its jars.
  private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private final Path sources;
  private final Path target;
  private final Path jdk = Path.of(System.getProperty("java.home"));

  private Image(Path sources, Path target) {
    this.sources = sources.toAbsolutePath();
    this.target = target.toAbsolutePath();
  }

  static void main(String[] args) throws Exception {
    new Image(Path.of(args[0]), Path.of(args[1])).build();
  }

  private Path example() {
    return sources.resolve("../../docs/examples/cluster.yaml").normalize();
  }

  private Path home() {
    return target.resolve("root" + HOME);
  }

  private void build() throws IOException, InterruptedException {
    Path nativeJar = target.resolve("jars").resolve(NATIVE_JAR);
    step(
        "runtime",
        MODULES + System.getProperty("java.vm.version") + digest(nativeJar),
        () -> {
          delete(home().resolve("runtime"));
          Files.createDirectories(home());
          run(
              List.of(
                  tool("jlink"),
                  "--module-path",
                  nativeJar.toString(),
                  "--add-modules",
                  MODULES + "," + NATIVE_MODULE,
                  "--strip-debug",
                  "--no-header-files",
                  "--no-man-pages",
                  "--output",
                  home().resolve("runtime").toString()));
        });
    Path picoSources = target.resolve("picocli-sources.jar");
    step("picocli", digest(picoSources), () -> recompilePicocli(picoSources));
    List<Path> jars = jars();
    step("lib", digests(jars), () -> copyJars(jars));
    step("files", digests(filesUnder(sources.resolve("root"))) + classPath(), this::copyFiles);
    String inputs =
        digests(jars) + System.getProperty("java.vm.version") + digests(filesUnder(sources));
    step("cli.aot", inputs, () -> train("cli.aot", "bin/trivet", "@" + simulation()));
    step(
        "daemon.aot",
        inputs,
        () -> train("daemon.aot", "sbin/trivetd", "--rehearse", rehearsal().toString()));
    step(
        "leases.aot",
        inputs,
        () -> train("leases.aot", "sbin/trivet-leases", "--rehearse", rehearsal().toString()));
    step(
        "leases.build",
        inputs,
        () ->
            Files.writeString(
                home().resolve("leases.build"),
                digest(inputs.getBytes(StandardCharsets.UTF_8)) + "\n"));
  }

  /// A part of the work that may fail.
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void step(String name, String inputs, Work work)
      throws IOException, InterruptedException {
    Path stamp = target.resolve("stamps").resolve(name);
    String wanted = digest(inputs.getBytes(StandardCharsets.UTF_8));
    if (Files.exists(stamp) && Files.readString(stamp).equals(wanted)) {
      return;
    }
    Files.deleteIfExists(stamp);
    long begin = System.nanoTime();
    work.run();
    System.out.printf("image: %s in %.1f s%n", name, (System.nanoTime() - begin) / 1e9);
    Files.createDirectories(stamp.getParent());
    Files.writeString(stamp, wanted);
  }

  /// Java 5 bytecode, as picocli is published, is left out of AOT caches; compiled for this release
  /// it is not.
  private void recompilePicocli(Path sourceJar) throws IOException, InterruptedException {
    Path from = target.resolve("picocli/src");
    Path to = target.resolve("picocli/classes");
    delete(target.resolve("picocli"));
    Files.createDirectories(to);
    List<String> command =
        new ArrayList<>(
            List.of(
                tool("javac"),
                "-J-XX:TieredStopAtLevel=1",
                "--release",
                "25",
                "-g:none",
                "-nowarn",
                "-XDignore.symbol.file",
                "-Xlint:none",
                "-proc:none",
                "-d",
                to.toString()));
    try (ZipFile zip = new ZipFile(sourceJar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> e.getName().endsWith(".java")).toList()) {
        Path file = from.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
        command.add(file.toString());
      }
    }
    run(command);
    try (OutputStream out = Files.newOutputStream(target.resolve("picocli/picocli.jar"));
        JarOutputStream jar = new JarOutputStream(out)) {
      for (Path file : filesUnder(to)) {
        JarEntry entry = new JarEntry(to.relativize(file).toString());
        entry.setLastModifiedTime(TIME);
        jar.putNextEntry(entry);
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
  }

  private List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path jar : filesUnder(target.resolve("jars"))) {
      jars.add(jar.endsWith("picocli.jar") ? target.resolve("picocli/picocli.jar") : jar);
    }
    return jars;
  }

  private void copyJars(List<Path> jars) throws IOException {
    Path lib = home().resolve("lib");
    delete(lib);
    Files.createDirectories(lib);
    for (Path jar : jars) {
      Path copy = lib.resolve(jar.getFileName());
      Files.copy(jar, copy);
      Files.setLastModifiedTime(copy, TIME);
    }
  }

  /// Our jars first: a class is looked for in this order.
  private String classPath() throws IOException {
    List<String> ours = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Path jar : jars()) {
      String name = jar.getFileName().toString();
      if (!name.equals(NATIVE_JAR)) {
        (name.startsWith("trivet-") || name.equals("picocli.jar") ? ours : others)
            .add("$home/lib/" + name);
      }
    }
    ours.addAll(others);
    return String.join(":", ours);
  }

  private void copyFiles() throws IOException {
    Path from = sources.resolve("root");
    for (Path file : filesUnder(from)) {
      Path copy = target.resolve("root").resolve(from.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.writeString(copy, Files.readString(file).replace("@CLASS_PATH@", classPath()));
      if (Files.isExecutable(file)) {
        copy.toFile().setExecutable(true, false);
      }
    }
  }

  /// The arguments of the command's rehearsal: a cluster file and a CIB are read, planned with and
  /// told of in every form. In a file, so that the launcher cannot see which command it is, and all
  /// commands are made.
  private Path simulation() throws IOException {
    List<String> arguments =
        List.of(
            "simulate",
            "--graph",
            "--scores",
            "--json",
            "--out",
            target.resolve("rehearsal").toString(),
            example().toString(),
            sources.resolve("../../" + CIB).normalize().toString());
    Path file = target.resolve("rehearsal.arguments");
    Files.write(file, arguments.stream().map(a -> '"' + a + '"').toList());
    return file;
  }

  private static final String CIB = "core/scheduler/src/test/resources/cib/town.xml";

  /// An empty folder for the daemon's rehearsal.
  private Path rehearsal() throws IOException {
    return Files.createTempDirectory(target, "rehearsal-");
  }

  /// Runs a launcher, with its paths turned to the folder that is built, in training: the JVM
  /// writes at its end what it has loaded. A cache that is missing costs time at the start, nothing
  /// else; so a main class that is not there yet, or that cannot be trained on this machine, is
  /// only reported.
  private void train(String cache, String launcher, String... arguments)
      throws IOException, InterruptedException {
    Path output = home().resolve(cache);
    Files.deleteIfExists(output);
    delete(target.resolve("rehearsal"));
    List<String> command =
        new ArrayList<>(List.of("sh", target.resolve("root/usr").resolve(launcher).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TRIVET_HOME", home().toString());
    builder.environment().put("TRIVET_TRAIN", output.toString());
    Path log = target.resolve(cache + ".log");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    int code = process.waitFor();
    if (code != 0 || !Files.exists(output)) {
      Files.deleteIfExists(output);
      System.out.println(
          "image: no " + cache + " (exit " + code + "); the start will be slower, see " + log);
      return;
    }
    checkMoved(cache, launcher);
  }

  /// The JVM ignores a cache that does not fit without a word. On a controller the files are in
  /// another folder than here, so this looks by way of one.
  private void checkMoved(String cache, String launcher) throws IOException, InterruptedException {
    Path moved = target.resolve("moved");
    Files.deleteIfExists(moved);
    Files.createSymbolicLink(moved, home());
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh", target.resolve("root/usr").resolve(launcher).toString(), "--version");
    builder.environment().put("TRIVET_HOME", moved.toString());
    builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
    builder.redirectErrorStream(true);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the JVM does not take " + cache + " in another folder: " + said);
    }
  }

  private String tool(String name) {
    return jdk.resolve("bin").resolve(name).toString();
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException(command.getFirst() + " failed with exit code " + code);
    }
  }

  private static List<Path> filesUnder(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException problem)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String digests(List<Path> files) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (Path file : files) {
      digests.put(file.toString(), digest(file));
    }
    return digests.toString();
  }

  private static String digest(Path file) throws IOException {
    return digest(Files.readAllBytes(file));
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
