package io.trivet.cluster.expand;

/// Who knows how to start, stop and check a resource.
///
/// @param standard `trivet` for an agent that is built in, `systemd` for a unit
/// @param type the agent or the unit
public record Agent(String standard, String type) {

  /// An agent that is built into Trivet.
  public static Agent trivet(String type) {
    return new Agent("trivet", type);
  }

  /// A systemd unit, without `.service`.
  public static Agent systemd(String unit) {
    return new Agent("systemd", unit);
  }

  /// As Pacemaker writes it: `systemd:keystone`.
  @Override
  public String toString() {
    return standard + ":" + type;
  }
}
