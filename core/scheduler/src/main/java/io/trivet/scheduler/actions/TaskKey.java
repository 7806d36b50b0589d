package io.trivet.scheduler.actions;

import org.jspecify.annotations.Nullable;

/// Takes keys of actions (`resource_task_interval`) apart; ids of resources may hold underscores.
final class TaskKey {
  private TaskKey() {}

  /// The task of the key: `start` for `rsc_start_0`, and for the key of a notification all of
  /// `post_notify_start`. Null if it is no such key.
  static @Nullable String task(String key) {
    int interval = key.lastIndexOf('_');
    if (interval <= 0 || !number(key, interval + 1)) {
      return null;
    }
    String rest = key.substring(0, interval);
    for (String task : TWO_WORDS) {
      if (rest.endsWith("_" + task)) {
        return task;
      }
    }
    int notify = rest.indexOf("_notify_");
    if (notify > 0) {
      int type = rest.lastIndexOf('_', notify - 1);
      return type > 0 ? rest.substring(type + 1) : null;
    }
    int task = rest.lastIndexOf('_');
    return task > 0 ? rest.substring(task + 1) : null;
  }

  private static final String[] TWO_WORDS = {Tasks.MIGRATE_TO, Tasks.MIGRATE_FROM};

  static long interval(String key) {
    int at = key.lastIndexOf('_');
    return number(key, at + 1) && key.length() - at < 18
        ? Long.parseLong(key.substring(at + 1))
        : 0;
  }

  private static boolean number(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (!Character.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return from < text.length();
  }
}
