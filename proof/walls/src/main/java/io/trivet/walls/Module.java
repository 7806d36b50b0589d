package io.trivet.walls;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The modules and the arrows between them: the table of DESIGN.md.
///
/// Each constant's name is the last part of the folder and of the package `io.trivet.<name>`.
public enum Module {
  CLUSTER("core", Set.of()),
  SCHEDULER("core", Set.of("cluster")),
  SERVICES("core", Set.of("cluster", "scheduler")),
  VRRP("core", Set.of("cluster")),
  LINUX("edge", Set.of()),
  CONSENSUS("edge", Set.of()),
  DAEMON("edge", Set.of("cluster", "scheduler", "services", "vrrp", "linux", "consensus")),
  CLI("edge", Set.of("cluster", "scheduler", "services", "vrrp", "daemon")),
  SIM("proof", Set.of("cluster", "scheduler", "services", "vrrp")),
  BENCH("proof", Set.of("cluster", "scheduler")),
  /// The arrow to linux is recorded in docs/decisions: the lab makes namespaces and links itself.
  LAB("proof", Set.of("cli", "linux"));

  private final String half;
  private final Set<String> mayUse;

  Module(String half, Set<String> mayUse) {
    this.half = half;
    this.mayUse = mayUse;
  }

  /// The last part of the folder and of the package.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The folder below the root of the repository.
  public String folder() {
    return half + "/" + word();
  }

  /// Whether it decides (`core`), and so must be pure.
  public boolean isCore() {
    return half.equals("core");
  }

  /// Whether its classes may use those of the module with this last package part.
  public boolean mayUse(String word) {
    return word.equals(word()) || mayUse.contains(word);
  }

  /// Every module, in the order of the build.
  public static List<Module> all() {
    return List.of(values());
  }
}
