package io.trivet.scheduler.cib;

/// References within a configuration: an element with `id-ref` stands for the element of the same
/// name that has that id.
public final class IdRefs {
  private IdRefs() {}

  /// The element itself, or what it refers to.
  ///
  /// @param cib the root of the CIB that it stands in
  public static Element resolve(Element element, Element cib) {
    String reference = element.get("id-ref");
    if (reference == null) {
      return element;
    }
    Element target = cib.configured(reference);
    return target == null || !target.is(element.name()) ? element : target;
  }
}
