package io.trivet.cluster.file;

/// The load balancer that answers on the VIPs. Trivet writes its configuration.
///
/// @param engine which one
public record LoadBalancer(Engine engine) {

  /// The engines that this version knows.
  public enum Engine {
    HAPROXY("haproxy");

    private final String word;

    Engine(String word) {
      this.word = word;
    }

    /// The word in the cluster file.
    public String word() {
      return word;
    }
  }
}
