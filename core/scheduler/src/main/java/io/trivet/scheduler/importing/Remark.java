package io.trivet.scheduler.importing;

import io.trivet.scheduler.cib.Element;

/// Something of the CIB that the cluster file does not say, or says otherwise.
///
/// @param line where it stands in the CIB, from 1; 0 for what is missing in it
/// @param element such as `<primitive id=vip>`; empty for what is missing
/// @param what a sentence without a full stop
public record Remark(int line, String element, String what) {
  static Remark of(Element element, String what) {
    return new Remark(element.line(), element.toString(), what);
  }
}
