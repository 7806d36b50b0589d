package io.trivet.services.haproxy;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.RunState;
import io.trivet.services.haproxy.HaproxyAgent.Wish;
import io.trivet.services.haproxy.HaproxySettings.Front;
import io.trivet.services.haproxy.HaproxySettings.Kind;
import io.trivet.services.haproxy.HaproxySettings.Server;
import io.trivet.services.unit.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is wanted of each server, and the commands that make it so.
///
/// | the server | was | is wanted |
/// |---|---|---|
/// | of the database | | in use if it is the writer |
/// | of a controller that is gone; an API that hangs while another one is well | | in maintenance |
/// | an API that is well by its own controller's word | in maintenance | in use, at once |
/// | an API of which nothing is known yet | in maintenance | proving: its checks decide, until its controller does |
/// | any other | | in use, as far as its checks are good |
final class HaproxyWishes {
  private final HaproxySettings settings;
  private final ClusterState view;
  private final HaproxyPeers peers;
  private final @Nullable String writer;

  HaproxyWishes(
      HaproxySettings settings, ClusterState view, HaproxyPeers peers, @Nullable String writer) {
    this.settings = settings;
    this.view = view;
    this.peers = peers;
    this.writer = writer;
  }

  /// @param told what was told last: `BACKEND/SERVER` to what was wanted
  NavigableMap<String, Wish> of(NavigableMap<String, Wish> told) {
    TreeMap<String, Wish> wishes = new TreeMap<>();
    for (Front front : settings.fronts()) {
      for (Server server : settings.servers()) {
        String name = front.name() + "/" + server.name();
        wishes.put(name, wish(front, server.name(), told.get(name)));
      }
    }
    return wishes;
  }

  private Wish wish(Front front, String server, @Nullable Wish before) {
    boolean database = front.kind() == Kind.DATABASE;
    boolean closed = database ? !server.equals(writer) : hangs(front.name(), server);
    if (closed || peers.gone(server)) {
      return Wish.MAINTENANCE;
    }
    boolean known =
        database
            || before == null
            || before == Wish.READY
            || view.runState(front.name(), server) == RunState.STARTED;
    return known ? Wish.READY : Wish.PROVING;
  }

  /// An API that hangs there while another one is well. If all hang, all stay: slow is better than
  /// nothing.
  private boolean hangs(String api, String server) {
    return Answers.hangs(view.report(api, server))
        && settings.servers().stream()
            .map(Server::name)
            .anyMatch(
                other ->
                    !peers.gone(other)
                        && view.runState(api, other) == RunState.STARTED
                        && !Answers.hangs(view.report(api, other)));
  }

  /// What differs from what was told last. Servers are closed before others are opened.
  static List<String> commands(NavigableMap<String, Wish> wishes, NavigableMap<String, Wish> told) {
    List<String> commands = new ArrayList<>();
    wishes.forEach(
        (server, wish) -> {
          if (wish == Wish.MAINTENANCE && told.get(server) != Wish.MAINTENANCE) {
            commands.add("set server " + server + " state maint");
            commands.add("shutdown sessions server " + server);
          }
        });
    wishes.forEach(
        (server, wish) -> {
          Wish before = told.get(server);
          boolean opens = before == null || before == Wish.MAINTENANCE;
          if (wish != Wish.MAINTENANCE && opens) {
            commands.add("set server " + server + " state ready");
          }
          if (wish == Wish.PROVING && opens) {
            commands.add("set server " + server + " health down");
          }
          if (wish == Wish.READY && before == Wish.PROVING) {
            commands.add("set server " + server + " health up");
          }
        });
    return commands;
  }
}
