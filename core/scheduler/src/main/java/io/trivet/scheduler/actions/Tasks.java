package io.trivet.scheduler.actions;

/// Names of tasks, as they stand in histories and graphs.
public final class Tasks {
  public static final String START = "start";
  public static final String RUNNING = "running";
  public static final String STOP = "stop";
  public static final String STOPPED = "stopped";
  public static final String PROMOTE = "promote";
  public static final String PROMOTED = "promoted";
  public static final String DEMOTE = "demote";
  public static final String DEMOTED = "demoted";
  public static final String NOTIFY = "notify";
  public static final String NOTIFIED = "notified";
  public static final String MONITOR = "monitor";
  public static final String CANCEL = "cancel";
  public static final String DELETE = "delete";
  public static final String MIGRATE_TO = "migrate_to";
  public static final String MIGRATE_FROM = "migrate_from";
  public static final String RELOAD_AGENT = "reload-agent";
  public static final String FENCE = "stonith";
  public static final String SHUTDOWN = "do_shutdown";

  private Tasks() {}

  /// What is true once all of a collective resource's tasks of that name are done: `running` for
  /// `start`; the name itself where there is no such word.
  public static String done(String task) {
    return switch (task) {
      case START -> RUNNING;
      case STOP -> STOPPED;
      case PROMOTE -> PROMOTED;
      case DEMOTE -> DEMOTED;
      case NOTIFY -> NOTIFIED;
      default -> task;
    };
  }

  /// The opposite of [#done].
  public static String begun(String task) {
    return switch (task) {
      case RUNNING -> START;
      case STOPPED -> STOP;
      case PROMOTED -> PROMOTE;
      case DEMOTED -> DEMOTE;
      default -> task;
    };
  }
}
