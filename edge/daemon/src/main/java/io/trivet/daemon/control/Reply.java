package io.trivet.daemon.control;

import com.google.gson.JsonObject;

/// The way back to one caller: any number of lines, the last one by [#end] or [#refuse].
public interface Reply {
  /// Sends one line of a stream.
  ///
  /// @return false when the caller has gone away, so that the stream can end
  boolean line(JsonObject line);

  /// Sends the last line; `ok` is added.
  void end(JsonObject answer);

  /// Refuses the request.
  ///
  /// @param what what is wrong, one sentence
  /// @param then what to do about it
  /// @param exit the exit code for the command line: 1 it failed, 2 bad usage, 3 not possible now,
  ///   4 not allowed
  void refuse(String what, String then, int exit);
}
