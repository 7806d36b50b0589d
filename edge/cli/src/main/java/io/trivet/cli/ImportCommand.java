package io.trivet.cli;

import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Problem;
import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.importing.CibImport;
import io.trivet.scheduler.importing.Imported;
import io.trivet.scheduler.importing.Remark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Makes a cluster file of the CIB of a Pacemaker cluster, and says line by line what it could not carry over. It changes nothing and needs no daemon.",
    footer = {
      "",
      "The cluster file goes to standard output or to --out, the remarks go to standard error."
    })
final class ImportCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "A CIB, in XML: cibadmin --query > cib.xml")
  private Path path = Path.of("");

  @Option(
      names = "--address",
      paramLabel = "NODE=ADDRESS",
      description = "The address of a controller, which no CIB knows.")
  private Map<String, String> addresses = new LinkedHashMap<>();

  @Option(names = "--out", paramLabel = "FILE", description = "A new file for the cluster file.")
  private @Nullable Path out;

  ImportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    byte[] bytes = InputFile.read(path, CibReader.MAX_BYTES, "CIB");
    Imported imported;
    try {
      Element cib = CibReader.read(path.toString(), bytes);
      SequencedMap<String, String> named = new LinkedHashMap<>(addresses);
      imported = CibImport.of(cib, named, surroundings.nowMillis().getAsLong() / 1000);
    } catch (CibException e) {
      throw new Refused(String.valueOf(e.in(path.toString()).getMessage()), "", 1);
    }
    write(imported.yaml());
    imported.remarks().forEach(this::tell);
    unfinished(imported.yaml());
    return 0;
  }

  private void write(String yaml) throws Refused {
    if (out == null) {
      surroundings.out().print(yaml);
      surroundings.out().flush();
      return;
    }
    try {
      Files.writeString(out, yaml, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new Refused(out + " is there already", "name a new file with --out", 1);
    } catch (IOException e) {
      throw new Refused("cannot write " + out + ": " + e.getMessage(), "", 1);
    }
  }

  private void tell(Remark remark) {
    String where = path + (remark.line() > 0 ? ":" + remark.line() : "") + ": ";
    String element = remark.element().isEmpty() ? "" : remark.element() + ": ";
    surroundings.err().println(surroundings.paint().bold(where) + element + remark.what());
  }

  /// What a person has to write in before Trivet takes the file.
  private void unfinished(String yaml) {
    String name = out == null ? "the cluster file" : out.toString();
    byte[] bytes = yaml.getBytes(StandardCharsets.UTF_8);
    List<Problem> errors =
        ClusterFileReader.read(name, bytes).problems().stream()
            .filter(p -> p.severity() == Problem.Severity.ERROR)
            .toList();
    for (Problem error : errors) {
      surroundings
          .err()
          .println(
              surroundings.paint().bold(error.where() + ": ")
                  + error.what()
                  + (error.allowed() == null ? "" : "; allowed: " + error.allowed()));
    }
    String left = ClusterFileText.counted(errors.size(), "thing");
    surroundings
        .err()
        .println(
            errors.isEmpty()
                ? name + " is complete; look at it with: trivet expand FILE"
                : name + " is not complete: " + left + " to write in; then: trivet validate FILE");
  }
}
