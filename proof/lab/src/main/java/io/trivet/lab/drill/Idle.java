package io.trivet.lab.drill;

import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.Machine;
import io.trivet.lab.host.Pause;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import io.trivet.lab.node.Trivet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// What the daemons cost while nothing happens, as the kernel counts it.
public final class Idle {
  private static final long HEALTH_SECONDS = 240;
  private static final int TICKS_PER_SECOND = 100; // USER_HZ, proc(5)

  private final Nodes nodes;
  private final Trivet trivet;
  private final Console console;

  public Idle(Nodes nodes, Trivet trivet, Console console) {
    this.nodes = nodes;
    this.trivet = trivet;
    this.console = console;
  }

  /// Watches a healthy cluster.
  ///
  /// @param settleSeconds how long to wait before, so that nothing of the last fault is measured
  /// @param seconds how long to watch
  public IdleResult run(long settleSeconds, long seconds) throws LabException {
    trivet.awaitHealthy(HEALTH_SECONDS);
    console.say(
        "the cluster is healthy; measuring in " + settleSeconds + " s, for " + seconds + " s");
    Pause.millis(settleSeconds * 1_000);
    List<Usage> before = usages();
    long from = System.nanoTime();
    Pause.millis(seconds * 1_000);
    List<Usage> after = usages();
    double ticks = (System.nanoTime() - from) / 1e9 * TICKS_PER_SECOND;
    List<IdleResult.Daemon> daemons = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      Usage now = after.get(i);
      if (now.pid() != before.get(i).pid()) {
        throw new LabException("the daemon on " + now.node() + " was started anew meanwhile");
      }
      double percent = 100 * (now.ticks() - before.get(i).ticks()) / ticks;
      daemons.add(
          new IdleResult.Daemon(
              now.node(), Math.round(percent * 100) / 100.0, (now.residentKib() + 512) / 1024));
    }
    return new IdleResult(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Machine.describe(),
        seconds,
        daemons);
  }

  private record Usage(String node, long pid, long ticks, long residentKib) {}

  private List<Usage> usages() throws LabException {
    List<Usage> usages = new ArrayList<>();
    for (Node node : Node.CONTROLLERS) {
      String pid =
          nodes
              .command(
                  node, "systemctl", "show", "--property=MainPID", "--value", "trivetd.service")
              .check()
              .strip();
      String stat = nodes.command(node, "cat", "/proc/" + pid + "/stat").check();
      String status = nodes.command(node, "cat", "/proc/" + pid + "/status").check();
      usages.add(new Usage(node.name(), Long.parseLong(pid), ticks(stat), residentKib(status)));
    }
    return usages;
  }

  /// Its own time and that of the children it waited for, in the kernel too: fields 14 to 17 of
  /// proc_pid_stat(5). The second field may contain spaces.
  static long ticks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int field = 14; field <= 17; field++) {
      ticks += Long.parseLong(fields[field - 3]);
    }
    return ticks;
  }

  /// `VmRSS` of proc_pid_status(5).
  static long residentKib(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
        .findFirst()
        .orElse(0);
  }
}
