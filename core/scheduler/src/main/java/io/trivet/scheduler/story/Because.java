package io.trivet.scheduler.story;

import io.trivet.scheduler.model.Resource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The reasons of a plan in the words of an operator. The plan itself keeps Pacemaker's words,
/// which the recorded decisions have and people search for.
public final class Because {
  private static final Pattern DEPENDENCY =
      Pattern.compile("(unrunnable|required) (\\S+) (start|stop|promote|demote|running)");

  private Because() {}

  /// [#of] for a resource that is to be stopped, for which the plan knows better than the reason of
  /// the action.
  ///
  /// @param reason as the plan has it, or the empty string
  static String of(String reason, @Nullable Resource resource) {
    if (resource != null && resource.is(Resource.Flag.REMOVED)) {
      return "because it is not configured any more";
    }
    String why = resource == null ? null : resource.nextRoleReason;
    if ("target-role".equals(why)) {
      return "because its target-role is Stopped";
    }
    if (reason.isEmpty() && why != null && !clause(why).equals(why)) {
      return of(why);
    }
    if (reason.isEmpty() && why != null && why.startsWith("no instance of ")) {
      return "because " + why;
    }
    return reason.isEmpty() ? "" : of(reason);
  }

  /// `because no node may run it`, `because of no quorum`.
  ///
  /// @param reason as the plan has it, such as `node availability` or `required db start`
  public static String of(String reason) {
    String clause = clause(reason);
    return clause.equals(reason) ? "because of " + reason : "because " + clause;
  }

  /// The same without the first word, for brackets; what is not known stays as it is.
  public static String clause(String reason) {
    if (reason.equals("node availability") || reason.equals("unable to assign")) {
      return "no node may run it";
    }
    Matcher dependency = DEPENDENCY.matcher(reason);
    if (!dependency.matches()) {
      return reason;
    }
    boolean possible = dependency.group(1).equals("required");
    String what =
        switch (dependency.group(3)) {
          case "start" -> "be started";
          case "stop" -> "be stopped";
          case "promote" -> "be promoted";
          case "demote" -> "be demoted";
          default -> "run";
        };
    return dependency.group(2) + (possible ? " has to " + what + " first" : " cannot " + what);
  }
}
