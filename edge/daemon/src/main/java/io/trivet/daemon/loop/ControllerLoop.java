package io.trivet.daemon.loop;

import io.trivet.services.controller.ControllerEffect;
import io.trivet.services.controller.ControllerEvent;
import io.trivet.services.controller.ControllerMachine;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One thread that feeds the [ControllerMachine] and hands its effects on. It never blocks but for
/// waiting for the next event, so what it shows to others ([#view]) is fresh.
public final class ControllerLoop implements Runnable {
  private static final long MAX_WAIT_NANOS = 1_000_000_000L;

  /// A due time that is always now would be a defect; it must not also eat a core.
  private static final long MIN_WAIT_NANOS = 1_000_000L;

  private final ControllerMachine machine;
  private final Consumer<ControllerEffect> effects;
  private final Runnable alive;
  private final BlockingQueue<ControllerEvent> events = new LinkedBlockingQueue<>();
  private volatile boolean ended;
  private volatile @Nullable View view;

  /// What the loop knows, for readers on other threads.
  ///
  /// @param incarnations member → the run of its daemon that is heard now
  /// @param atNanos [System#nanoTime] when it was so
  public record View(
      io.trivet.cluster.state.ClusterState state,
      io.trivet.services.controller.@Nullable ServiceSet services,
      java.util.Map<String, io.trivet.cluster.state.Report> ownReports,
      @Nullable String leader,
      boolean leads,
      java.util.NavigableMap<String, Long> incarnations,
      long atNanos) {}

  /// @param effects carries out one effect; must not block
  /// @param alive called at least once a second, the sign of life for the watchdog
  public ControllerLoop(
      ControllerMachine machine, Consumer<ControllerEffect> effects, Runnable alive) {
    this.machine = machine;
    this.effects = effects;
    this.alive = alive;
  }

  /// Hands an event to the machine, from any thread.
  public void post(ControllerEvent event) {
    events.add(event);
  }

  /// What the loop knows; null before it ran for the first time.
  public @Nullable View view() {
    return view;
  }

  public void end() {
    ended = true;
    events.add(new ControllerEvent.Tick());
  }

  @Override
  public void run() {
    while (!ended) {
      ControllerEvent event = next();
      for (ControllerEffect effect :
          machine.step(event, System.nanoTime(), System.currentTimeMillis())) {
        effects.accept(effect);
      }
      publish();
      alive.run();
    }
  }

  private ControllerEvent next() {
    long now = System.nanoTime();
    long wait = Math.clamp(machine.dueAtNanos(now) - now, MIN_WAIT_NANOS, MAX_WAIT_NANOS);
    try {
      ControllerEvent event = events.poll(wait, TimeUnit.NANOSECONDS);
      return event == null ? new ControllerEvent.Tick() : event;
    } catch (InterruptedException e) {
      ended = true;
      return new ControllerEvent.Tick();
    }
  }

  private void publish() {
    view =
        new View(
            machine.state(),
            machine.serviceSet(),
            new java.util.TreeMap<>(machine.ownReports()),
            machine.leader(),
            machine.leads(),
            new java.util.TreeMap<>(machine.incarnations()),
            System.nanoTime());
  }
}
