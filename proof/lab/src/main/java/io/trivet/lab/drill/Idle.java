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

/// What Trivet's processes on each controller cost together while nothing happens, as the kernel
/// counts it.
public final class Idle {
  private static final long HEALTH_SECONDS = 240;
  private static final int TICKS_PER_SECOND = 100; // USER_HZ, proc(5)

  private static final List<String> UNITS = List.of("trivetd.service", "trivet-leases.service");

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
      if (!now.pids().equals(before.get(i).pids())) {
        throw new LabException("a daemon on " + now.node() + " was started anew meanwhile");
      }
      double percent = 100 * (now.ticks() - before.get(i).ticks()) / ticks;
      daemons.add(
          new IdleResult.Daemon(
              now.node(), Math.round(percent * 100) / 100.0, (now.shareKib() + 512) / 1024));
    }
    return new IdleResult(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Machine.describe(),
        seconds,
        daemons);
  }

  private record Usage(String node, List<Long> pids, long ticks, long shareKib) {}

  private List<Usage> usages() throws LabException {
    List<Usage> usages = new ArrayList<>();
    for (Node node : Node.CONTROLLERS) {
      List<Long> pids = new ArrayList<>();
      long ticks = 0;
      long shareKib = 0;
      for (String unit : UNITS) {
        String pid =
            nodes
                .command(node, "systemctl", "show", "--property=MainPID", "--value", unit)
                .check()
                .strip();
        pids.add(Long.parseLong(pid));
        ticks += ticks(nodes.command(node, "cat", "/proc/" + pid + "/stat").check());
        shareKib += shareKib(nodes.command(node, "cat", "/proc/" + pid + "/smaps_rollup").check());
      }
      usages.add(new Usage(node.name(), pids, ticks, shareKib));
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

  /// `Pss` of proc_pid_smaps(5): what several processes share is divided among them, so that the
  /// processes of a controller can be added up.
  static long shareKib(String rollup) {
    return rollup
        .lines()
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
        .findFirst()
        .orElse(0);
  }
}
