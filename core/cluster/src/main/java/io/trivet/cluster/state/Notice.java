package io.trivet.cluster.state;

import org.jspecify.annotations.Nullable;

/// Something said to people: one record is the log line, the entry of the timeline, the name of the
/// runbook and the mark that a test waits for.
///
/// @param id what kind of thing happened, in kebab case, e.g. `vip-moved`; stable, tests and alerts
///   match it
/// @param severity how much it matters
/// @param atMillis wall time in milliseconds since 1970-01-01 UTC, for people only; 0 = not stamped
///   yet, the state stamps it when the notice is applied
/// @param node the controller it is about, or null if it is about the cluster
/// @param subject the resource, controller or setting it is about
/// @param text one sentence that an operator understands without this code
/// @param runbook name of the page `docs/runbooks/<runbook>.md` that says what to do, or null where
///   nothing is to do
public record Notice(
    String id,
    Severity severity,
    long atMillis,
    @Nullable String node,
    String subject,
    String text,
    @Nullable String runbook) {
  public Notice {
    Check.name("id of a notice", id);
    Check.given("severity of a notice", severity);
    Check.notNegative("time of notice " + id, atMillis);
    Check.name("subject of notice " + id, subject);
    Check.name("text of notice " + id, text);
  }

  /// A notice that is not stamped yet, about a thing that went as it should.
  public static Notice info(String id, @Nullable String node, String subject, String text) {
    return new Notice(id, Severity.INFO, 0, node, subject, text, null);
  }

  /// A notice that is not stamped yet, with the runbook of its id.
  public static Notice warning(String id, @Nullable String node, String subject, String text) {
    return new Notice(id, Severity.WARNING, 0, node, subject, text, id);
  }

  /// A notice that is not stamped yet, with the runbook of its id.
  public static Notice critical(String id, @Nullable String node, String subject, String text) {
    return new Notice(id, Severity.CRITICAL, 0, node, subject, text, id);
  }

  /// The same notice with the time `millis`, unless it has one already.
  public Notice stamped(long millis) {
    return atMillis != 0 ? this : new Notice(id, severity, millis, node, subject, text, runbook);
  }

  /// True if `other` says the same, whenever it was said.
  public boolean saysTheSameAs(Notice other) {
    return stampless().equals(other.stampless());
  }

  private Notice stampless() {
    return new Notice(id, severity, 0, node, subject, text, runbook);
  }
}
