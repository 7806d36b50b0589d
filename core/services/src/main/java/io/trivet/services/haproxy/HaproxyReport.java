package io.trivet.services.haproxy;

import io.trivet.services.haproxy.HaproxyProbe.ServerState;
import io.trivet.services.haproxy.HaproxySettings.Front;
import io.trivet.services.haproxy.HaproxySettings.Kind;
import java.util.ArrayList;
import java.util.List;

/// What one HAProxy sees, in a line for people.
public final class HaproxyReport {
  private HaproxyReport() {}

  /// The writer, and which backends have servers missing: `writer c2, keystone 2 of 3`. Nothing is
  /// said of backends that are whole.
  ///
  /// @param full what there is to say when all of its connections are in use, else empty
  static String summary(HaproxySettings settings, List<ServerState> servers, String full) {
    List<String> clauses = new ArrayList<>();
    if (!full.isEmpty()) {
      clauses.add(full);
    }
    for (Front front : settings.fronts()) {
      List<ServerState> own =
          servers.stream().filter(s -> s.backend().equals(front.name())).toList();
      if (front.kind() == Kind.DATABASE) {
        clauses.addFirst(writer(own));
        continue;
      }
      long up = own.stream().filter(s -> s.up() && !s.maintenance()).count();
      if (up < own.size()) {
        clauses.add(front.name() + " " + (up == 0 ? "down" : up + " of " + own.size()));
      }
    }
    return String.join(", ", clauses);
  }

  private static String writer(List<ServerState> members) {
    for (ServerState member : members) {
      if (!member.maintenance()) {
        return "writer " + member.name() + (member.up() ? "" : " does not answer");
      }
    }
    return "no writer";
  }
}
