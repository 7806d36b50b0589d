package io.trivet.scheduler.story;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.simulate.PacemakerText;
import io.trivet.scheduler.text.PlanView;
import io.trivet.scheduler.text.PlanView.ChangeView;
import io.trivet.scheduler.unpack.Unpacker;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The story of a plan in four parts: what is wrong; what would become of the resources; what would
/// be done, step by step; what would be wrong still.
public final class StoryText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

  private final StringBuilder text = new StringBuilder();

  private StoryText() {}

  /// @param now seconds since 1970
  public static String of(PacemakerText.Story story, long now) {
    StoryText told = new StoryText();
    Cluster before = Unpacker.unpack(story.plan().cluster().cib, now);
    Cluster after = Unpacker.unpack(story.simulated().cib(), now);
    told.headline(before);
    told.part("What is wrong", Problems.before(before, story.view()), "Nothing is wrong.");
    told.changes(story.view(), story.plan().cluster());
    told.steps(Steps.of(story.plan().graph(), story.simulated().executed()));
    List<String> still = Problems.after(after, story.view());
    if (!story.view().actions().isEmpty() || !still.isEmpty()) {
      told.part("What would still be wrong then", still, "Then nothing is wrong any more.");
    }
    if (story.view().changes().stream().anyMatch(ChangeView::blocked)) {
      told.text.append("\ntrivet explain RESOURCE says what keeps it from being done.\n");
    }
    return told.text.toString();
  }

  private void headline(Cluster cluster) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(cluster.now, 0, ZoneOffset.UTC);
    List<Node> members = cluster.nodes.stream().filter(n -> n.kind == Node.Kind.CLUSTER).toList();
    long online = members.stream().filter(n -> n.online).count();
    text.append("As of ").append(TIME.format(time)).append(": ");
    text.append(online).append(" of ").append(members.size()).append(" nodes online, ");
    text.append(cluster.is(Cluster.Flag.HAVE_QUORUM) ? "quorum" : "NO QUORUM");
    text.append(cluster.dc == null ? "" : ", decided by " + cluster.dc.name).append(".\n");
  }

  private void part(String heading, List<String> items, String none) {
    if (items.isEmpty()) {
      text.append('\n').append(none).append('\n');
      return;
    }
    text.append('\n').append(heading).append(":\n");
    items.forEach(item -> text.append("  - ").append(item).append('\n'));
  }

  /// A table: the change, the resource, from where to where, and why.
  private void changes(PlanView view, Cluster cluster) {
    List<ChangeView> changes = view.changes();
    if (changes.isEmpty()) {
      return;
    }
    text.append("\nWhat would become of the resources:\n");
    int words = width(changes.stream().map(ChangeView::change).toList());
    int names = width(changes.stream().map(ChangeView::resource).toList());
    int places = width(changes.stream().map(StoryText::place).toList());
    for (ChangeView change : changes) {
      String line =
          pad(change.change(), words)
              + "  "
              + pad(change.resource(), names)
              + "  "
              + pad(place(change), places)
              + "  "
              + (change.blocked() ? "CANNOT BE DONE " : "")
              + why(change, view, cluster.resource(change.resource()));
      text.append("  ").append(line.stripTrailing()).append('\n');
    }
  }

  /// The reason that the plan has, else what is to be seen: that it failed, or that its node cannot
  /// keep it.
  private static String why(ChangeView change, PlanView view, @Nullable Resource resource) {
    String reason = change.reason().replaceFirst(" ?\\(blocked\\)$|^blocked$", "");
    boolean stop = change.change().equals("Stop");
    if (stop || reason.startsWith("due to ")) {
      String because = Because.of(reason.replaceFirst("^due to ", ""), stop ? resource : null);
      if (!because.isEmpty()) {
        return because;
      }
    } else if (!reason.isEmpty()) {
      return reason;
    }
    for (PlanView.NodeView node : view.nodes()) {
      if (node.name().equals(change.from())) {
        String state =
            node.unclean()
                ? "unclean"
                : !node.online() ? "offline" : node.standby() ? "in standby" : "";
        if (!state.isEmpty()) {
          return "because " + node.name() + " is " + state;
        }
      }
    }
    return change.change().equals("Recover") ? "because it failed" : "";
  }

  private static String place(ChangeView change) {
    String from = change.from();
    String to = change.to();
    if (from == null || to == null || from.equals(to)) {
      return to == null ? (from == null ? "" : from) : to;
    }
    return from + " -> " + to;
  }

  private static int width(List<String> cells) {
    return Math.min(40, cells.stream().mapToInt(String::length).max().orElse(0));
  }

  private static String pad(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }

  private void steps(List<List<String>> steps) {
    if (steps.isEmpty()) {
      text.append("\nNothing would be done.\n");
      return;
    }
    text.append(
        "\nWhat would be done; what stands in one step needs nothing of the others in it:\n");
    for (int i = 0; i < steps.size(); i++) {
      String number = String.format(Locale.ROOT, "%3d. ", i + 1);
      for (String line : steps.get(i)) {
        text.append(number).append(line).append('\n');
        number = "     ";
      }
    }
  }
}
