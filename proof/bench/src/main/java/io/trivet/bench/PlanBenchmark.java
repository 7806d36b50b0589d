package io.trivet.bench;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.Element;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// How long one plan takes: from a CIB that is in memory to the transition graph.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PlanBenchmark {
  /// What is planned: `recorded:NAME`, or `generated:NODESxRESOURCES`.
  @Param("generated:4x100")
  public String input = "";

  private Element cib = new Element("cib");
  private long now;

  /// Reads or makes the input.
  @Setup
  public void read() {
    Inputs.Input read = Inputs.read(input);
    cib = read.cib();
    now = read.now();
  }

  /// One plan.
  @Benchmark
  public PlanRun.Result plan() {
    return PlanRun.plan(cib, now, false);
  }
}
