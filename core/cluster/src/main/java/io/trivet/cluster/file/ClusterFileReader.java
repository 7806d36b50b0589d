package io.trivet.cluster.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a cluster file: the whole of it, or every problem of it at once. It never throws, whatever
/// the text is, it looks nothing up, and the same text always gives the same result; so every
/// member may read the replicated text by itself.
public final class ClusterFileReader {
  private static final List<String> KEYS =
      List.of(
          "trivet",
          "name",
          "mode",
          "timing",
          "controllers",
          "vips",
          "database",
          "broker",
          "load-balancer",
          "cache",
          "apis",
          "units");

  private final Findings findings;
  private final Values values;
  private final WholeFile whole;

  private ClusterFileReader(Findings findings) {
    this.findings = findings;
    this.values = new Values(findings);
    this.whole = new WholeFile(findings);
  }

  /// Reads the bytes of a file, which have to be UTF-8.
  ///
  /// @param fileName the name by which problems are told
  public static Reading read(String fileName, byte[] bytes) {
    try {
      var decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      return read(fileName, decoder.decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      Findings findings = new Findings(fileName);
      findings.error(new Yaml.Place(1, 1), "the file is not text in UTF-8", "UTF-8 text");
      return new Reading.Refused(findings.inOrder());
    }
  }

  /// Reads the text of a file.
  ///
  /// @param fileName the name by which problems are told
  public static Reading read(String fileName, String text) {
    Findings findings = new Findings(fileName);
    Yaml root = YamlText.read(text, findings);
    ClusterFile file = root == null ? null : new ClusterFileReader(findings).file(root);
    return file == null || findings.anyError()
        ? new Reading.Refused(findings.inOrder())
        : new Reading.Accepted(file, findings.inOrder());
  }

  private @Nullable ClusterFile file(Yaml root) {
    Yaml.Mapping mapping =
        values.mapping(
            root, "the file", "a mapping that begins with `trivet: " + ClusterFile.FORMAT + "`");
    if (mapping == null) {
      return null;
    }
    if (hasOtherFormat(mapping)) {
      return null;
    }
    Section top = Section.of(mapping, "the file", KEYS, findings);
    Yaml formatValue = top.required("trivet", "trivet: " + ClusterFile.FORMAT);
    if (formatValue != null) {
      values.number(
          formatValue,
          "\"trivet\" (the format of the file)",
          ClusterFile.FORMAT,
          ClusterFile.FORMAT);
    }
    Yaml nameValue = top.required("name", "name: cloud1");
    String name = nameValue == null ? null : values.clusterName(nameValue);
    Mode mode =
        word(
            top,
            "mode",
            Mode.values(),
            Arrays.stream(Mode.values()).map(Mode::word).toList(),
            Mode.COORDINATED);
    TimingProfile timing =
        word(
            top,
            "timing",
            TimingProfile.values(),
            Arrays.stream(TimingProfile.values()).map(TimingProfile::word).toList(),
            TimingProfile.STANDARD);
    List<Controller> controllers = controllers(top, mode);
    VipReader vipReader = new VipReader(findings, values, whole);
    List<Vip> vips = vipReader.vips(top, controllers);
    ServiceReader services = new ServiceReader(findings, values, whole, vipReader.names());
    Database database = services.database(top);
    Broker broker = services.broker(top);
    Cache cache = services.cache(top);
    List<Api> apis = services.apis(top);
    LoadBalancer loadBalancer = services.loadBalancer(top, database != null || !apis.isEmpty());
    List<PlainUnit> units = services.units(top, mode);
    if (name == null) {
      return null;
    }
    ClusterFile file =
        new ClusterFile(
            ClusterFile.FORMAT,
            name,
            mode,
            timing,
            controllers,
            vips,
            database,
            broker,
            loadBalancer,
            cache,
            apis,
            units);
    Limits.check(file, top.placeOf("vips"), top.placeOf("controllers"), findings);
    return file;
  }

  /// A file of another format is not read further: what its keys mean is not known.
  private boolean hasOtherFormat(Yaml.Mapping mapping) {
    for (Yaml.Entry entry : mapping.entries()) {
      if (entry.key().text().equals("trivet")
          && entry.value() instanceof Yaml.Scalar format
          && format.text().matches("[1-9][0-9]{0,8}")
          && !format.text().equals("" + ClusterFile.FORMAT)) {
        String what =
            "the file has format " + format.text() + ", which this version of Trivet does not read";
        findings.error(entry.value().at(), what, "" + ClusterFile.FORMAT);
        return true;
      }
    }
    return false;
  }

  private <E> E word(Section top, String key, E[] all, List<String> words, E fallback) {
    Yaml value = top.value(key);
    String word = value == null ? null : values.oneOf(value, "\"" + key + "\"", words);
    return word == null ? fallback : all[words.indexOf(word)];
  }

  private List<Controller> controllers(Section top, Mode mode) {
    List<Controller> controllers = new ArrayList<>();
    Yaml value =
        top.required(
            "controllers", "controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }");
    Yaml.Mapping mapping =
        value == null
            ? null
            : values.mapping(value, "\"controllers\"", "names with addresses: `c1: 10.77.0.11`");
    if (mapping == null) {
      return controllers;
    }
    Section section = Section.ofNames(mapping, "\"controllers\"", findings);
    for (Yaml.Entry entry : section.entries()) {
      Controller controller = controller(entry);
      if (controller != null) {
        controllers.add(controller);
        whole.controller(controller, entry.key().at());
      }
    }
    whole.members(mode, section.entries().size(), controllers, top.placeOf("controllers"));
    return controllers;
  }

  private @Nullable Controller controller(Yaml.Entry entry) {
    String name = values.controllerName(entry.key());
    String subject = "controller " + entry.key().kind();
    Yaml addressValue = entry.value();
    boolean witness = false;
    if (entry.value() instanceof Yaml.Mapping mapping) {
      Section section = Section.of(mapping, subject, List.of("address", "witness"), findings);
      addressValue = section.required("address", "address: 10.77.0.11");
      Yaml flag = section.value("witness");
      witness = flag != null && Boolean.TRUE.equals(values.flag(flag, "\"witness\" of " + subject));
    }
    var address =
        addressValue == null ? null : values.address(addressValue, "the address of " + subject);
    return name == null || address == null ? null : new Controller(name, address, witness);
  }
}
