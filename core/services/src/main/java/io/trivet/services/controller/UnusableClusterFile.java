package io.trivet.services.controller;

import io.trivet.cluster.state.Notice;

/// A cluster file in the log that this controller cannot use. The daemon must not die of it: the
/// log would hand it the same text again after every start.
public final class UnusableClusterFile extends Exception {
  private static final long serialVersionUID = 1;

  public UnusableClusterFile(String why) {
    super(why);
  }

  /// What people are told, stamped with no time yet.
  Notice notice(String controller) {
    return Notice.critical(
        "cluster-file-unusable",
        controller,
        "cluster file",
        controller
            + " cannot bring about the cluster file in force and goes on with the last one that"
            + " worked there: "
            + getMessage()
            + ".");
  }
}
