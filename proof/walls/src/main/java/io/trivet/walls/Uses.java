package io.trivet.walls;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a class file refers to, read from its constant pool (method bodies, method references,
/// fields, signatures).
final class Uses {
  private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

  /// A method or field of some class.
  ///
  /// @param owner the class with slashes, as `java/util/Map`
  /// @param descriptor parameter and result types, as in the class file
  record Member(String owner, String name, String descriptor) {}

  private Uses() {}

  /// The class's own name with dots.
  static String nameOf(ClassModel model) {
    return model.thisClass().asInternalName().replace('/', '.');
  }

  /// The classes that it names, with slashes.
  static SequencedSet<String> classes(ClassModel model) {
    SequencedSet<String> names = new LinkedHashSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry type -> addClass(names, type.asInternalName());
        case NameAndTypeEntry pair -> addDescriptor(names, pair.type().stringValue());
        // Descriptors and signatures of declared fields, methods and parameters, and annotations.
        case Utf8Entry text
            when text.stringValue().contains("L") && text.stringValue().contains(";") ->
            addDescriptor(names, text.stringValue());
        default -> {}
      }
    }
    return names;
  }

  /// The methods and fields that it uses, also by method reference.
  static List<Member> members(ClassModel model) {
    List<Member> members = new ArrayList<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof MemberRefEntry member) {
        members.add(
            new Member(
                member.owner().asInternalName(),
                member.name().stringValue(),
                member.type().stringValue()));
      }
    }
    return members;
  }

  /// @param name a class with slashes, or an array as a descriptor
  private static void addClass(SequencedSet<String> names, String name) {
    if (name.startsWith("[")) {
      addDescriptor(names, name);
    } else {
      names.add(name);
    }
  }

  private static void addDescriptor(SequencedSet<String> names, String text) {
    Matcher matcher = CLASS_IN_DESCRIPTOR.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
  }
}
