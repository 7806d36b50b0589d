package io.trivet.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/// What a command touches of the world.
///
/// @param out standard output
/// @param err standard error
/// @param socket the daemon's control socket
/// @param terminal true when a person watches the output
/// @param colour true when the output may be coloured
/// @param nowMillis wall time
/// @param pause waits so many milliseconds; false when the command should end instead
record Surroundings(
    PrintWriter out,
    PrintWriter err,
    Path socket,
    boolean terminal,
    boolean colour,
    LongSupplier nowMillis,
    LongPredicate pause) {

  Paint paint() {
    return new Paint(colour);
  }

  ControlClient daemon() {
    return new ControlClient(socket);
  }
}
