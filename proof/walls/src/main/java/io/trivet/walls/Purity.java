package io.trivet.walls;

import java.lang.classfile.ClassModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `core` decides and does nothing: no clock, thread, file, socket, logger or chance, no
/// environment, and no collection whose order differs from run to run.
public final class Purity {
  private static final String ORDER =
      "iterates differently from run to run; use List, TreeMap or LinkedHashMap";
  private static final String THREAD = "is about threads; the core has none";
  private static final String OUTSIDE = "reaches outside of the process; return an effect instead";
  private static final String CLOCK = "is a clock; take nowNanos as a parameter";
  private static final String CHANCE = "is chance; take a seed or an identifier as a parameter";

  /// A forbidden class or package.
  ///
  /// @param prefix with slashes; a whole class name, or a package when it ends with a slash
  private record BannedType(String prefix, String why) {
    boolean matches(String name) {
      return prefix.endsWith("/")
          ? name.startsWith(prefix)
          : name.equals(prefix) || name.startsWith(prefix + "$");
    }
  }

  /// A forbidden method of a class that is otherwise allowed.
  private record BannedMember(String owner, Set<String> names, String why) {}

  private static final List<BannedType> BANNED_TYPES =
      List.of(
          new BannedType("java/util/HashMap", ORDER),
          new BannedType("java/util/HashSet", ORDER),
          new BannedType("java/util/Hashtable", ORDER),
          new BannedType("java/util/IdentityHashMap", ORDER),
          new BannedType("java/util/WeakHashMap", ORDER),
          new BannedType("java/util/Properties", ORDER),
          new BannedType("java/util/concurrent/", THREAD),
          new BannedType("java/util/Timer", THREAD),
          new BannedType("java/util/TimerTask", THREAD),
          new BannedType("java/lang/Thread", THREAD),
          new BannedType("java/lang/ThreadLocal", THREAD),
          new BannedType("java/lang/Process", OUTSIDE),
          new BannedType("java/lang/ProcessBuilder", OUTSIDE),
          new BannedType("java/lang/ProcessHandle", OUTSIDE),
          new BannedType("java/lang/Runtime", OUTSIDE),
          new BannedType("java/lang/foreign/", OUTSIDE),
          new BannedType("java/lang/reflect/", "is reflection; name the type"),
          new BannedType("java/nio/file/", OUTSIDE),
          new BannedType("java/nio/channels/", OUTSIDE),
          new BannedType("java/io/Console", OUTSIDE),
          new BannedType("java/io/File", OUTSIDE),
          new BannedType("java/io/FileInputStream", OUTSIDE),
          new BannedType("java/io/FileOutputStream", OUTSIDE),
          new BannedType("java/io/FileReader", OUTSIDE),
          new BannedType("java/io/FileWriter", OUTSIDE),
          new BannedType("java/io/RandomAccessFile", OUTSIDE),
          new BannedType("java/net/Socket", OUTSIDE),
          new BannedType("java/net/ServerSocket", OUTSIDE),
          new BannedType("java/net/DatagramSocket", OUTSIDE),
          new BannedType("java/net/NetworkInterface", OUTSIDE),
          new BannedType("java/net/URL", OUTSIDE),
          new BannedType("java/net/http/", OUTSIDE),
          new BannedType("java/util/logging/", "is a logger; say a Notice"),
          new BannedType("java/lang/System$Logger", "is a logger; say a Notice"),
          new BannedType("java/time/Clock", CLOCK),
          new BannedType("java/util/Random", CHANCE),
          new BannedType("java/util/SplittableRandom", CHANCE),
          new BannedType("java/util/random/", CHANCE),
          new BannedType("java/security/SecureRandom", CHANCE));

  private static final List<BannedMember> BANNED_MEMBERS =
      List.of(
          new BannedMember("java/util/Map", Set.of("of", "ofEntries", "copyOf"), ORDER),
          new BannedMember("java/util/Set", Set.of("of", "copyOf"), ORDER),
          new BannedMember(
              "java/util/stream/Collectors",
              Set.of(
                  "toSet",
                  "toUnmodifiableSet",
                  "toUnmodifiableMap",
                  "toConcurrentMap",
                  "groupingByConcurrent"),
              ORDER),
          new BannedMember("java/util/UUID", Set.of("randomUUID"), CHANCE),
          new BannedMember("java/lang/Math", Set.of("random"), CHANCE),
          new BannedMember("java/util/Collections", Set.of("shuffle"), CHANCE),
          new BannedMember("java/util/Collection", Set.of("parallelStream"), THREAD),
          new BannedMember("java/util/List", Set.of("parallelStream"), THREAD),
          new BannedMember(
              "java/net/InetAddress",
              Set.of("getByName", "getAllByName", "getLocalHost", "isReachable"),
              "asks the resolver or the network; use ofLiteral or getByAddress"));

  /// Libraries that the core may use besides the JDK's and its own packages.
  private static final List<String> ALLOWED_LIBRARIES =
      List.of("java/", "javax/xml/stream/", "io/trivet/", "org/snakeyaml/engine/", "org/jspecify/");

  private Purity() {}

  /// What in this class is not pure.
  public static List<Finding> check(ClassModel model) {
    List<Finding> findings = new ArrayList<>();
    String where = Uses.nameOf(model);
    for (String type : Uses.classes(model)) {
      if (ALLOWED_LIBRARIES.stream().noneMatch(type::startsWith)) {
        findings.add(new Finding(where, dotted(type) + " is a library that the core must not use"));
      }
      for (BannedType banned : BANNED_TYPES) {
        if (banned.matches(type)) {
          findings.add(new Finding(where, dotted(type) + " " + banned.why()));
        }
      }
    }
    for (Uses.Member member : Uses.members(model)) {
      String why = whyBanned(member);
      if (why != null) {
        findings.add(new Finding(where, dotted(member.owner()) + "." + member.name() + " " + why));
      }
    }
    return findings;
  }

  private static @org.jspecify.annotations.Nullable String whyBanned(Uses.Member member) {
    for (BannedMember banned : BANNED_MEMBERS) {
      if (banned.owner().equals(member.owner()) && banned.names().contains(member.name())) {
        return banned.why();
      }
    }
    String owner = member.owner();
    String name = member.name();
    if (owner.equals("java/lang/System") && !name.equals("arraycopy")) {
      return "is a clock or the environment; the core has neither";
    }
    if (owner.startsWith("java/time/") && name.equals("now")) {
      return CLOCK;
    }
    if (owner.startsWith("java/util/stream/") && name.startsWith("parallel")) {
      return THREAD;
    }
    // The forms that take the kind of map are fine.
    boolean namesItsMap = member.descriptor().contains("Ljava/util/function/Supplier;");
    if (owner.equals("java/util/stream/Collectors")
        && (name.equals("toMap") || name.equals("groupingBy"))
        && !namesItsMap) {
      return ORDER + " (the form with a map factory is allowed)";
    }
    return null;
  }

  private static String dotted(String name) {
    return name.replace('/', '.');
  }
}
