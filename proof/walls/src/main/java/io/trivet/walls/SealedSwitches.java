package io.trivet.walls;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A switch over a sealed family has no `default`: when the family gets a member, every switch that
/// forgot it must stop to compile.
///
/// Where a pattern switch has no default, javac lets the impossible case throw `MatchException`
/// (JLS 14.11.3); with a default it does not. So the rule can be read from the class file: a
/// `typeSwitch` all of whose labels are members of sealed families, and whose default target does
/// not create a `MatchException`.
public final class SealedSwitches {
  private SealedSwitches() {}

  /// The names (with slashes) that some sealed type among these classes permits.
  public static Set<String> membersOfSealedFamilies(List<ClassModel> classes) {
    Set<String> members = new java.util.TreeSet<>();
    for (ClassModel model : classes) {
      model
          .findAttribute(java.lang.classfile.Attributes.permittedSubclasses())
          .ifPresent(
              permitted ->
                  permitted
                      .permittedSubclasses()
                      .forEach(entry -> members.add(entry.asInternalName())));
    }
    return members;
  }

  /// The switches of this class that have a default although their labels are members of sealed
  /// families.
  public static List<Finding> check(ClassModel model, Set<String> members) {
    List<Finding> findings = new ArrayList<>();
    for (MethodModel method : model.methods()) {
      method
          .findAttribute(java.lang.classfile.Attributes.code())
          .ifPresent(code -> checkCode(model, method, code, members, findings));
    }
    return findings;
  }

  private static void checkCode(
      ClassModel model,
      MethodModel method,
      CodeAttribute code,
      Set<String> members,
      List<Finding> findings) {
    List<CodeElement> elements = code.elementList();
    boolean pending = false;
    for (CodeElement element : elements) {
      Label target = null;
      switch (element) {
        case InvokeDynamicInstruction call -> pending = isFamilySwitch(call, members);
        case LookupSwitchInstruction jump -> target = jump.defaultTarget();
        case TableSwitchInstruction jump -> target = jump.defaultTarget();
        default -> {}
      }
      if (target != null) {
        if (pending && !throwsMatchException(elements, target)) {
          findings.add(
              new Finding(
                  Uses.nameOf(model) + "." + method.methodName().stringValue(),
                  "a switch over a sealed family has a default; name the remaining cases"));
        }
        pending = false;
      }
    }
  }

  private static boolean isFamilySwitch(InvokeDynamicInstruction call, Set<String> members) {
    if (!call.name().stringValue().equals("typeSwitch")) {
      return false;
    }
    List<LoadableConstantEntry> labels = call.invokedynamic().bootstrap().arguments();
    return !labels.isEmpty()
        && labels.stream()
            .allMatch(
                label ->
                    label instanceof ClassEntry type && members.contains(type.asInternalName()));
  }

  private static boolean throwsMatchException(List<CodeElement> elements, Label target) {
    Instruction first = firstInstructionAt(elements, target);
    return first instanceof NewObjectInstruction created
        && created.className().asInternalName().equals("java/lang/MatchException");
  }

  private static @Nullable Instruction firstInstructionAt(
      List<CodeElement> elements, Label target) {
    boolean reached = false;
    for (CodeElement element : elements) {
      if (element instanceof LabelTarget label && label.label().equals(target)) {
        reached = true;
      }
      if (reached && element instanceof Instruction instruction) {
        return instruction;
      }
    }
    return null;
  }
}
