package io.trivet.services.galera;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.services.galera.GaleraProbe.Sample;
import io.trivet.services.galera.GaleraSettings.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether what the leader counted on when it let a member make its component the primary one
/// ([GaleraMembers#survivors]) holds at that member, when it is about to do it: reports travel, and
/// orders do.
///
/// | seen at the member | it |
/// |---|---|
/// | it is in a primary component by now | has nothing to do |
/// | those of the last component that are here are not most of it, or not all but one | refuses |
/// | another member says that it has a primary component | refuses |
/// | it sees another number of members than those | refuses |
/// | the missing one answers on Galera's port, so it runs | refuses |
final class GaleraReform {
  private GaleraReform() {}

  /// Members of the last component that are not here, to be asked.
  static List<Member> missing(ClusterState view, GaleraSettings settings) {
    List<String> last = last(view, settings);
    return settings.members().stream()
        .filter(m -> last.contains(m.name()) && !view.node(m.name()).present())
        .toList();
  }

  private static List<String> last(ClusterState view, GaleraSettings settings) {
    List<String> last = GaleraPolicy.names(view.attribute(GaleraPolicy.PRIMARY));
    return settings.members().stream().map(Member::name).filter(last::contains).toList();
  }

  /// Why it must not, a clause; null if it may.
  ///
  /// @param seen an answer that came after the order, or null if none did
  static @Nullable String whyNot(
      ClusterState view,
      String resource,
      GaleraSettings settings,
      String node,
      @Nullable Sample seen) {
    if (seen == null) {
      return "it did not tell since then what it sees";
    }
    List<String> last = last(view, settings);
    List<String> here = last.stream().filter(m -> view.node(m).present()).toList();
    if (!here.contains(node) || here.size() * 2 <= last.size() || last.size() - here.size() != 1) {
      return "of the last primary component ("
          + GaleraRecovery.list(last)
          + ") "
          + (here.isEmpty() ? "nobody" : GaleraRecovery.list(here))
          + (here.size() > 1 ? " are here" : " is here");
    }
    for (Member other : settings.others(node)) {
      Report report = view.report(resource, other.name());
      RunState run = view.runState(resource, other.name());
      boolean answers = run == RunState.STARTED || run == RunState.STARTING;
      if (answers && GaleraReport.from(report).primary()) {
        return other.name() + " has a primary component";
      }
    }
    List<String> together = settings.names(seen.incoming());
    return together.size() == here.size() && together.contains(node)
        ? null
        : "it sees " + together.size() + " members, and " + GaleraRecovery.list(here) + " are here";
  }
}
