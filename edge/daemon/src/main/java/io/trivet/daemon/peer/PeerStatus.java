package io.trivet.daemon.peer;

/// How the line to one peer is.
///
/// @param peer its name
/// @param outgoing whether the own connection to it stands
/// @param incoming whether its connection to this controller stands
/// @param sent messages written to it
/// @param received messages that arrived from it
/// @param dropped messages that were thrown away because it did not take them in time
/// @param connects how often the own connection was made
/// @param failures how often it could not be made
public record PeerStatus(
    String peer,
    boolean outgoing,
    boolean incoming,
    long sent,
    long received,
    long dropped,
    long connects,
    long failures) {}
