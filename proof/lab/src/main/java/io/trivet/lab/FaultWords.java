package io.trivet.lab;

import io.trivet.lab.drill.Fault;
import io.trivet.lab.host.LabException;
import java.util.Iterator;

/// The names of faults, for the command line.
final class FaultWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Fault.words().iterator();
  }

  /// The fault of that name.
  ///
  /// @throws LabException naming all that there are
  static Fault parse(String word) throws LabException {
    return Fault.of(word)
        .orElseThrow(
            () ->
                new LabException(
                    "there is no fault "
                        + word
                        + "; there are "
                        + String.join(", ", Fault.words())));
  }
}
