package io.trivet.linux.route;

/// What a [NetworkWatcher] reports.
public sealed interface NetworkEvent {
  /// A link is new or has changed: its state, its carrier, its name, its bridge.
  record LinkChanged(Link link) implements NetworkEvent {}

  /// A link was deleted or has left the namespace.
  record LinkGone(Link link) implements NetworkEvent {}

  /// An address was added, or its flags have changed.
  record AddressChanged(InterfaceAddress address) implements NetworkEvent {}

  /// An address was deleted.
  record AddressGone(InterfaceAddress address) implements NetworkEvent {}
}
