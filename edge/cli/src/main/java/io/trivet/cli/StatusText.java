package io.trivet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// A [Status] as an operator reads it at night: whether it works, where everything is, what is
/// wrong, what to do.
final class StatusText {
  /// What is longer stands below the table instead of widening it.
  private static final int LONGEST_DETAIL = 24;

  /// What is younger is as good as now: each controller confirms its reports every second.
  private static final long OLD_MILLIS = 5_000;

  private final Status status;
  private final Paint paint;
  private final long nowMillis;
  private final List<String> remarks = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();

  private StatusText(Status status, Paint paint, long nowMillis) {
    this.status = status;
    this.paint = paint;
    this.nowMillis = nowMillis;
  }

  /// @param nowMillis wall time, to say how long something has been so
  static String of(Status status, Paint paint, long nowMillis) {
    return new StatusText(status, paint, nowMillis).text();
  }

  /// A cell of the table: its text, and how it is painted after it was padded.
  private record Cell(String text, UnaryOperator<String> painted) {
    static Cell plain(String text) {
      return new Cell(text, UnaryOperator.identity());
    }
  }

  /// A row: its name, a cell for each controller, and what else there is to say.
  private record Row(String name, List<Cell> cells, String remark) {}

  private String text() {
    headline();
    if (status.controllers().isEmpty()) {
      out.append(
          "\nThis cluster has no cluster file yet. Give it one: trivet cluster apply FILE\n");
    } else {
      table();
    }
    status.acceptedLosses().forEach(this::accepted);
    if (!remarks.isEmpty()) {
      out.append('\n');
      remarks.forEach(remark -> out.append(remark).append('\n'));
    }
    problems();
    return out.toString();
  }

  private void accepted(Status.AcceptedLoss loss) {
    String ago = loss.atMillis() > 0 ? " " + Span.of(nowMillis - loss.atMillis()) + " ago" : "";
    remarks.add(
        loss.by()
            + " accepted"
            + ago
            + " that "
            + loss.resource()
            + " goes on from "
            + loss.node()
            + " and "
            + loss.loss()
            + " is lost. Take it back: trivet resource accept-loss "
            + loss.resource()
            + " --undo");
  }

  private void headline() {
    if (status.controllers().isEmpty() && status.quorum()) {
      out.append(paint.bold("no cluster yet"))
          .append("   asked on ")
          .append(status.self())
          .append('\n');
      return;
    }
    long present =
        status.controllers().stream().filter(c -> c.presence().equals("PRESENT")).count();
    String name = status.cluster().isEmpty() ? "no cluster yet" : "cluster " + status.cluster();
    String state =
        !status.quorum()
            ? paint.red("NO QUORUM")
            : status.healthy() ? paint.green("healthy") : paint.yellow("DEGRADED");
    out.append(paint.bold(name)).append("   ").append(state);
    if (status.quorum()) {
      out.append("   quorum ").append(present).append(" of ").append(status.controllers().size());
      out.append("   leader ").append(status.leader() == null ? "being elected" : status.leader());
    }
    out.append("   asked on ").append(status.self()).append('\n');
    if (!status.quorum()) {
      out.append("\n")
          .append(status.self())
          .append(
              " is not in touch with a majority. From here nothing is started, moved or promoted,"
                  + " and it answers for no VIP.\n");
      out.append(
          "A majority elsewhere may be at work: ask another controller. What follows about the"
              + " others is ");
      String age = Span.of(status.knowledgeAgeMillis());
      out.append(
              status.knowledgeFromBeforeStart()
                  ? paint.bold("from before trivetd started here") + ", " + age + " ago"
                  : paint.bold(age + " old"))
          .append(".\n");
    }
  }

  private void table() {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row(
            "",
            status.controllers().stream().map(c -> new Cell(c.name(), paint::bold)).toList(),
            ""));
    rows.add(
        new Row(
            "address",
            status.controllers().stream().map(c -> Cell.plain(c.address())).toList(),
            ""));
    rows.add(new Row("controller", status.controllers().stream().map(this::presence).toList(), ""));
    status.vips().forEach(v -> rows.add(vip(v)));
    status.services().forEach(s -> rows.add(service(s)));
    int first = rows.stream().mapToInt(r -> r.name.length()).max().orElse(0);
    int[] widths = new int[status.controllers().size()];
    rows.forEach(
        r -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], r.cells.get(i).text.length());
          }
        });
    out.append('\n');
    for (Row row : rows) {
      StringBuilder line = new StringBuilder(padded(row.name, first));
      for (int i = 0; i < widths.length; i++) {
        Cell cell = row.cells.get(i);
        line.append("   ")
            .append(cell.painted.apply(cell.text))
            .append(" ".repeat(widths[i] - cell.text.length()));
      }
      out.append((line + (row.remark.isEmpty() ? "" : "   " + row.remark)).stripTrailing())
          .append('\n');
    }
  }

  private Cell presence(Status.Controller controller) {
    // Without a quorum only what it knows of itself is certain.
    boolean certain = status.quorum() || controller.name().equals(status.self());
    String span =
        controller.sinceMillis() > 0 ? " " + Span.of(nowMillis - controller.sinceMillis()) : "";
    return switch (controller.presence()) {
      case "PRESENT" -> {
        String role =
            controller.leader()
                ? "leader"
                : controller.witness() ? "witness" : controller.standby() ? "" : "present";
        String old =
            certain && old(controller) ? " " + Span.of(controller.reportAgeMillis()) + " old" : "";
        String text =
            (role + (controller.standby() ? " standby" : "")).strip() + (certain ? old : "?");
        boolean fine = certain && !controller.standby() && old.isEmpty();
        yield new Cell(text, fine ? paint::green : paint::yellow);
      }
      case "GONE" -> new Cell("GONE" + span, paint::red);
      default -> new Cell("not heard yet", paint::yellow);
    };
  }

  private static boolean old(Status.Controller controller) {
    return controller.presence().equals("PRESENT") && controller.reportAgeMillis() >= OLD_MILLIS;
  }

  /// True if what it reported is known to be so now.
  private boolean certain(String node) {
    return node.equals(status.self())
        || status.quorum()
            && status.controllers().stream().noneMatch(c -> c.name().equals(node) && old(c));
  }

  private Row vip(Status.Vip vip) {
    List<Cell> cells = new ArrayList<>();
    for (Status.Controller controller : status.controllers()) {
      int heir = vip.heirs().indexOf(controller.name());
      if (controller.name().equals(vip.holder())) {
        cells.add(holder(controller, vip));
      } else {
        String mark = status.quorum() ? "" : "?";
        cells.add(heir < 0 ? new Cell("-", paint::dim) : Cell.plain("heir " + (heir + 1) + mark));
      }
    }
    if (!vip.reason().isEmpty() && !vip.answering()) {
      remarks.add("VIP " + vip.name() + ": " + vip.reason());
    }
    String nobody = vip.holder() == null ? paint.red("nobody holds it") + "   " : "";
    return new Row("VIP " + vip.name(), cells, nobody + vip.address());
  }

  /// Without a quorum the member that was asked is dark for certain; what it knew of another one
  /// may be over.
  private Cell holder(Status.Controller controller, Status.Vip vip) {
    if (!status.quorum()) {
      boolean self = controller.name().equals(status.self());
      return self ? new Cell("dark", paint::red) : new Cell("held it", paint::dim);
    }
    return vip.answering()
        ? new Cell("answers", paint::green)
        : new Cell("NOT ANSWERING", paint::red);
  }

  private Row service(Status.Service service) {
    List<Cell> cells = new ArrayList<>();
    for (Status.Controller controller : status.controllers()) {
      cells.add(
          service.nodes().stream()
              .filter(n -> n.node().equals(controller.name()))
              .findFirst()
              .map(n -> onNode(service.resource(), n))
              .orElse(new Cell("-", paint::dim)));
    }
    return new Row(service.resource(), cells, "");
  }

  private Cell onNode(String resource, Status.OnNode on) {
    String state =
        on.state().equals("FAILED")
            ? "FAILED"
            : on.state().equals("UNKNOWN") ? "?" : on.state().toLowerCase(Locale.ROOT);
    boolean brief = on.detail().length() <= LONGEST_DETAIL;
    boolean toldBelow = status.problems().stream().anyMatch(p -> p.what().contains(on.detail()));
    boolean certain = certain(on.node()) || on.state().equals("UNKNOWN");
    if (!on.detail().isEmpty() && !brief && !toldBelow) {
      String verb = certain ? " is " : " was ";
      remarks.add(resource + " on " + on.node() + verb + state + ": " + on.detail());
    }
    String is = state + (certain ? "" : "?");
    String text = on.detail().isEmpty() || !brief ? is : is + " (" + on.detail() + ")";
    return switch (on.state()) {
      case "STARTED" -> new Cell(text, certain ? paint::green : UnaryOperator.identity());
      case "FAILED" -> new Cell(text, paint::red);
      case "STARTING", "STOPPING" -> new Cell(text, paint::yellow);
      default -> new Cell(text, paint::dim);
    };
  }

  private void problems() {
    if (status.problems().isEmpty()) {
      out.append(withoutProblems());
      return;
    }
    out.append('\n');
    out.append(paint.bold("What is wrong, and what to do")).append('\n');
    for (Status.Problem problem : status.problems()) {
      out.append("  ").append(paint.red("!")).append(' ').append(problem.what()).append('\n');
      if (!problem.advice().isBlank()) {
        out.append("    ").append(problem.advice()).append('\n');
      }
    }
  }

  private String withoutProblems() {
    if (!status.quorum()) {
      return "\n"
          + "What to do: bring back the other controllers, or the network between them."
          + " Nothing else is needed.\n";
    }
    if (status.controllers().isEmpty()) {
      return "";
    }
    return status.healthy()
        ? "\nNothing is wrong.\n"
        : "\n"
            + "Nothing is known to be wrong, but not everything is in place yet. What happens:"
            + " trivet events --follow\n";
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
