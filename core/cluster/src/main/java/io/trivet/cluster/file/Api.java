package io.trivet.cluster.file;

import java.util.List;

/// An HTTP API, running on every controller and served by the load balancer on VIPs.
///
/// @param name its name, unique; a name of [KnownApi] brings the defaults of everything else
/// @param port where it listens on each controller's address, and the load balancer on the VIPs
/// @param unit the systemd unit that serves it, without `.service`
/// @param workers further units that belong to it and serve no HTTP, such as `nova-scheduler`
/// @param checkPath the path that answers a GET with a status below 400 when the API works
/// @param vips the names of the VIPs on which it is served
public record Api(
    String name, int port, String unit, List<String> workers, String checkPath, List<String> vips) {

  public Api {
    workers = List.copyOf(workers);
    vips = List.copyOf(vips);
  }
}
