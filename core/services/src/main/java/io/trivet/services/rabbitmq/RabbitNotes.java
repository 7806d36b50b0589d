package io.trivet.services.rabbitmq;

import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.OnDisk;
import io.trivet.services.rabbitmq.RabbitReport.Data;
import java.util.List;

/// What RabbitMQ notes about its cluster on this node's disk, in the working copy of one step of
/// [RabbitAgent]. All answers together are one look; a disk that does not answer for [#LOOK_NANOS]
/// is one of which nobody can tell.
final class RabbitNotes {
  static final RabbitReport UNREAD = new RabbitReport(false, Data.UNKNOWN, List.of(), List.of());

  /// How long a look may take.
  static final long LOOK_NANOS = 20 * RabbitAgent.SECOND;

  private static final String READ_MEMBERS = "members";
  private static final String READ_RUNNING = "running";
  private static final String LIST_DATA = "data";
  private static final String LIST_NODES = "nodes";

  /// The first of Mnesia's tables.
  private static final String TABLES = "schema.DAT";

  /// Answers of a look while it is down, and while it runs.
  private static final int ALL = 4;

  private static final int NOTES = 2;

  private final String node;
  private final long now;
  private final List<AgentEffect> effects;
  private RabbitReport seen;
  private int left;
  private long at;

  RabbitNotes(String node, long now, RabbitAgent.State s, List<AgentEffect> effects) {
    this.node = node;
    this.now = now;
    this.effects = effects;
    seen = s.notes();
    left = s.reading();
    at = s.notesAtNanos();
  }

  RabbitReport seen() {
    return seen;
  }

  /// Answers that are on their way.
  int left() {
    return left;
  }

  boolean reading() {
    return left > 0;
  }

  /// When to read next; while it is being read, when that began and [RabbitAgent#NOTES_NANOS].
  long atNanos() {
    return at;
  }

  /// True while some answers of a look are here and some are not.
  boolean half(boolean down) {
    return 0 < left && left < (down ? ALL : NOTES);
  }

  /// When a look has taken too long, or the next one is due.
  static long dueAtNanos(RabbitAgent.State s) {
    boolean again = s.unit().down() && s.notes().data() == Data.UNREADABLE;
    if (s.reading() > 0) {
      return s.unit().down()
          ? s.notesAtNanos() - RabbitAgent.NOTES_NANOS + LOOK_NANOS
          : Long.MAX_VALUE;
    }
    return s.unit().up() || again ? s.notesAtNanos() : Long.MAX_VALUE;
  }

  /// It came up: what it notes is read at once.
  void begin() {
    at = now;
    left = 0;
  }

  /// It went down: what it noted while it ran is not what it will start with.
  void forget() {
    seen = UNREAD;
    left = 0;
  }

  void readSoon() {
    at = Math.min(at, now + RabbitAgent.QUICK_NANOS);
  }

  void readWhenDue(boolean down, boolean up) {
    if (left > 0 && down && now >= at - RabbitAgent.NOTES_NANOS + LOOK_NANOS) {
      left = 0;
      at = now + LOOK_NANOS;
      seen = RabbitReport.unreadable("its disk does not answer");
    }
    boolean again = at <= now && (up || seen.data() == Data.UNREADABLE);
    boolean first = down && seen.data() == Data.UNKNOWN;
    if (first || again) {
      read(down);
    }
  }

  /// Looks, unless it does so already.
  void read(boolean down) {
    if (left > 0) {
      return;
    }
    left = NOTES;
    at = now + RabbitAgent.NOTES_NANOS;
    effects.add(new AgentEffect.ReadFile(READ_MEMBERS, RabbitConfig.membersPath(node)));
    effects.add(new AgentEffect.ReadFile(READ_RUNNING, RabbitConfig.runningPath(node)));
    if (down) {
      left = ALL;
      effects.add(new AgentEffect.ListFolder(LIST_DATA, RabbitConfig.data(node)));
      effects.add(new AgentEffect.ListFolder(LIST_NODES, RabbitConfig.NODES));
    }
  }

  void fileRead(String tag, OnDisk<String> file, boolean down) {
    boolean members = tag.equals(READ_MEMBERS);
    if (left == 0 || !members && !tag.equals(READ_RUNNING)) {
      return;
    }
    left--;
    if (members) {
      membersRead(file, down);
      return;
    }
    String text = file.contentOrNull();
    List<String> running = text == null ? null : RabbitProbe.running(text);
    if (running != null && seen.data() == Data.MEMBER) {
      seen = new RabbitReport(false, Data.MEMBER, seen.members(), running);
    }
  }

  private void membersRead(OnDisk<String> file, boolean down) {
    switch (file) {
      case OnDisk.Absent<String> _ ->
          seen = new RabbitReport(false, Data.NONE, List.of(), List.of());
      case OnDisk.Unreadable<String> unreadable -> unreadable(unreadable.why(), down);
      case OnDisk.There<String> there -> {
        List<String> members = RabbitProbe.members(there.content());
        if (members == null) {
          unreadable(RabbitConfig.membersPath(node) + " is damaged", down);
        } else {
          seen = new RabbitReport(false, Data.MEMBER, members, seen.running());
        }
      }
    }
  }

  /// RabbitMQ writes its notes anew now and then; a running node is asked again soon.
  private void unreadable(String why, boolean down) {
    if (down) {
      seen = RabbitReport.unreadable(why);
    }
  }

  /// Without notes there is no data only if there are no tables either, and none of a node of
  /// another name: a controller that was renamed has not lost its data.
  void folderListed(String tag, OnDisk<List<String>> names) {
    boolean mine = tag.equals(LIST_DATA);
    if (left == 0 || !mine && !tag.equals(LIST_NODES)) {
      return;
    }
    left--;
    if (seen.data() != Data.NONE) {
      return;
    }
    String folder = mine ? RabbitConfig.data(node) : RabbitConfig.NODES;
    String own = RabbitSettings.erlangNode(node);
    switch (names) {
      case OnDisk.Absent<List<String>> _ -> {}
      case OnDisk.Unreadable<List<String>> unreadable -> unreadable(unreadable.why(), true);
      case OnDisk.There<List<String>> there -> {
        if (mine && there.content().contains(TABLES)) {
          unreadable(
              folder + " has tables, but " + RabbitConfig.membersPath(node) + " is gone", true);
        } else if (!mine) {
          there.content().stream()
              .filter(n -> n.startsWith("rabbit@") && !n.startsWith(own))
              .findFirst()
              .ifPresent(n -> unreadable(folder + " has data of " + n + ", not of " + own, true));
        }
      }
    }
  }
}
