package io.trivet.cluster.file;

/// One thing that the load balancer serves on a VIP; its backend is the same port of every
/// controller that runs services.
///
/// @param name the name of the service: `mariadb`, or the API's
/// @param port the port on the VIP and on each controller
/// @param kind how it is balanced
/// @param checkPath for HTTP, the path that a health check gets; else empty
public record Frontend(String name, int port, Kind kind, String checkPath) {

  /// How connections are spread.
  public enum Kind {
    /// TCP, to the one writer.
    DATABASE,
    /// HTTP, to every healthy controller.
    HTTP
  }
}
