package io.trivet.daemon;

import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Severity;
import io.trivet.daemon.tls.Credentials;
import io.trivet.scheduler.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Looks at this controller's certificates every ten seconds: takes new files into use, and warns
/// of their end once a day.
final class CertificateHealth {
  static final long LOOK_SECONDS = 10;

  /// Enough for two attempts of people who meet once a month.
  private static final int WARN_DAYS = 60;

  private static final int CRITICAL_DAYS = 14;
  private static final long SAY_AGAIN_NANOS = TimeUnit.DAYS.toNanos(1);
  private static final String ENDS = "certificate-ends";
  private static final String REFUSED = "certificate-refused";

  private final String self;
  private final Credentials credentials;
  private final Consumer<Notice> say;
  private final Runnable revocationsChanged;
  private volatile String refusal = "";
  private boolean said;
  private long saidNanos;

  /// @param revocationsChanged ends the connections of those who are believed no more
  CertificateHealth(
      String self, Credentials credentials, Consumer<Notice> say, Runnable revocationsChanged) {
    this.self = self;
    this.credentials = credentials;
    this.say = say;
    this.revocationsChanged = revocationsChanged;
  }

  void look() {
    Instant now = Instant.now();
    switch (credentials.look(now)) {
      case Credentials.Look.Same() -> {}
      case Credentials.Look.Replaced(boolean revocations) -> {
        refusal = "";
        said = false;
        say.accept(
            Notice.info(
                "certificate-replaced",
                self,
                self,
                "The changed files in /etc/trivet/tls of "
                    + self
                    + " are in use; its certificate ends on "
                    + day(credentials.expires())
                    + "."));
        if (revocations) {
          revocationsChanged.run();
        }
      }
      case Credentials.Look.Refused(String why) -> {
        refusal = why.lines().map(String::strip).reduce((a, b) -> a + "; " + b).orElse(why);
        say.accept(Notice.warning(REFUSED, self, self, refused()));
      }
    }
    warn(now);
  }

  private void warn(Instant now) {
    boolean again = !said || System.nanoTime() - saidNanos >= SAY_AGAIN_NANOS;
    long days = daysLeft(now);
    if (days >= WARN_DAYS || !again) {
      return;
    }
    said = true;
    saidNanos = System.nanoTime();
    Severity severity = days < CRITICAL_DAYS ? Severity.CRITICAL : Severity.WARNING;
    say.accept(new Notice(ENDS, severity, 0, self, self, ends(now), ENDS));
  }

  List<Problem> problems() {
    Instant now = Instant.now();
    List<Problem> problems = new ArrayList<>();
    if (daysLeft(now) < WARN_DAYS) {
      problems.add(new Problem(self, ends(now), "Make a new one: trivet runbook " + ENDS));
    }
    if (!refusal.isEmpty()) {
      problems.add(new Problem(self, refused(), "See: trivet runbook " + REFUSED));
    }
    if (credentials.isRevokedItself()) {
      problems.add(
          new Problem(
              self,
              "The certificate of " + self + " is revoked by its own list: the others refuse it.",
              "Make a new one: trivet runbook " + ENDS));
    }
    return problems;
  }

  private long daysLeft(Instant now) {
    return Duration.between(now, credentials.expires()).toDays();
  }

  private String ends(Instant now) {
    Instant end = credentials.expires();
    return now.isBefore(end)
        ? "A certificate in /etc/trivet/tls of "
            + self
            + " ends on "
            + day(end)
            + ", in "
            + daysLeft(now)
            + " days; without it "
            + self
            + " counts as gone."
        : "A certificate in /etc/trivet/tls of "
            + self
            + " ended on "
            + day(end)
            + ": no new connection with the other controllers is possible.";
  }

  private String refused() {
    return "The changed files in /etc/trivet/tls of "
        + self
        + " cannot be used, those before stay in force: "
        + refusal;
  }

  private static String day(Instant when) {
    return when.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
