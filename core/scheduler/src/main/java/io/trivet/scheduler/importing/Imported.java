package io.trivet.scheduler.importing;

import java.util.List;

/// What came of a CIB.
///
/// @param yaml the cluster file; what a CIB does not know is left empty in it, with a comment
/// @param remarks in the order of the CIB's lines
public record Imported(String yaml, List<Remark> remarks) {
  public Imported {
    remarks = List.copyOf(remarks);
  }
}
