/// A small Linux library over FFM: network namespaces, netlink, nftables, packet sockets,
/// processes.
///
/// The only module of the project with native access: run with
/// `--enable-native-access=io.trivet.linux`.
module io.trivet.linux {
  requires static transitive org.jspecify;

  exports io.trivet.linux;
  exports io.trivet.linux.cgroup;
  exports io.trivet.linux.file;
  exports io.trivet.linux.nftables;
  exports io.trivet.linux.packet;
  exports io.trivet.linux.process;
  exports io.trivet.linux.route;
  exports io.trivet.linux.sockdiag;
  exports io.trivet.linux.watch;
}
