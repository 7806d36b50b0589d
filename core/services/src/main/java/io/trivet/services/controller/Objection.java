package io.trivet.services.controller;

/// Why a controller cannot run a cluster file.
///
/// @param controller whose objection it is
/// @param line of the file, from 1; 0 when no single line is meant
/// @param what is wrong
/// @param todo what a person can do about it
public record Objection(String controller, int line, String what, String todo) {
  /// One line for people.
  ///
  /// @param file as the operator wrote its name
  public String words(String file) {
    return controller + ": " + file + (line > 0 ? ":" + line : "") + ": " + what + "; " + todo;
  }
}
