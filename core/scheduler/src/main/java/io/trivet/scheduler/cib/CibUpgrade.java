package io.trivet.scheduler.cib;

/// Makes a CIB of an older release one of today.
final class CibUpgrade {
  private CibUpgrade() {}

  static void upgrade(Element cib) {}
}
