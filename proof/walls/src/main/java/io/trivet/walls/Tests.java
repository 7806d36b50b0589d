package io.trivet.walls;

import java.lang.classfile.ClassModel;
import java.util.ArrayList;
import java.util.List;

/// Rules for test classes: a test waits for an event, never for time to pass.
public final class Tests {
  private Tests() {}

  /// The sleeps in this test class.
  public static List<Finding> sleeps(ClassModel model) {
    List<Finding> findings = new ArrayList<>();
    for (Uses.Member member : Uses.members(model)) {
      boolean sleeps =
          switch (member.owner()) {
            case "java/lang/Thread", "java/util/concurrent/TimeUnit" ->
                member.name().equals("sleep");
            case "java/util/concurrent/locks/LockSupport" ->
                member.name().equals("parkNanos") || member.name().equals("parkUntil");
            default -> false;
          };
      if (sleeps) {
        findings.add(
            new Finding(
                Uses.nameOf(model),
                member.owner().replace('/', '.')
                    + "."
                    + member.name()
                    + " in a test; wait for the event itself, with a limit"));
      }
    }
    return findings;
  }
}
