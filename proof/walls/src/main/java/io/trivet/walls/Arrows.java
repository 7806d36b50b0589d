package io.trivet.walls;

import java.lang.classfile.ClassModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Who may use whom: between modules as in DESIGN.md's table, and native access only in
/// `edge/linux`.
public final class Arrows {
  private static final String OURS = "io/trivet/";

  /// What ends in native code: FFM, and loading libraries.
  private static final Set<String> LOADS_LIBRARIES = Set.of("loadLibrary", "load");

  /// Classes of a library that one of ours takes the place of, each with its decision: 0020.
  private static final Set<String> IN_PLACE_OF_A_LIBRARYS =
      Set.of("org.apache.ratis.util.AtomicFileOutputStream", "org.apache.ratis.util.package-info");

  private Arrows() {}

  /// The classes of other modules that this class of `module` uses and must not.
  public static List<Finding> betweenModules(Module module, ClassModel model) {
    List<Finding> findings = new ArrayList<>();
    for (String type : Uses.classes(model)) {
      if (!type.startsWith(OURS)) {
        continue;
      }
      String rest = type.substring(OURS.length());
      String word = rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest;
      if (!module.mayUse(word)) {
        findings.add(
            new Finding(
                Uses.nameOf(model),
                module.folder()
                    + " must not use "
                    + type.replace('/', '.')
                    + ": DESIGN.md has no arrow to "
                    + word));
      }
    }
    return findings;
  }

  /// A package outside of the module's own `io.trivet.<module>`.
  public static List<Finding> ownPackage(Module module, ClassModel model) {
    String name = Uses.nameOf(model);
    return name.startsWith("io.trivet." + module.word() + ".")
            || name.equals("module-info")
            || IN_PLACE_OF_A_LIBRARYS.contains(name)
        ? List.of()
        : List.of(new Finding(name, "belongs in a package io.trivet." + module.word()));
  }

  /// The uses of native code.
  public static List<Finding> nativeAccess(ClassModel model) {
    List<Finding> findings = new ArrayList<>();
    for (String type : Uses.classes(model)) {
      if (type.startsWith("java/lang/foreign/") || type.startsWith("sun/misc/")) {
        findings.add(onlyInLinux(model, type));
      }
    }
    for (Uses.Member member : Uses.members(model)) {
      boolean loader =
          member.owner().equals("java/lang/System") || member.owner().equals("java/lang/Runtime");
      if (loader && LOADS_LIBRARIES.contains(member.name())) {
        findings.add(onlyInLinux(model, member.owner() + "." + member.name()));
      }
    }
    return findings;
  }

  private static Finding onlyInLinux(ClassModel model, String what) {
    return new Finding(
        Uses.nameOf(model), what.replace('/', '.') + " is native access; only edge/linux has it");
  }
}
