package io.trivet.scheduler.cib;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads a CIB from XML. Safe against hostile input: document types are refused, so there are no
/// entities but XML's own five, and nothing outside the input is read; size, depth, and number and
/// length of everything are bounded. The first error ends it.
public final class CibReader {
  /// 64 MiB. A CIB of 32 nodes and 2,000 resources with its status is about 20 MiB; the elements
  /// that are made from it need a small multiple of it.
  public static final int MAX_BYTES = 64 << 20;

  /// CIBs are 10 deep; rules in rules may add a few.
  public static final int MAX_DEPTH = 64;

  /// With the attributes, what a file of the largest size has if it is a CIB: most of one is
  /// `lrm_rsc_op`, of some 600 characters each.
  public static final int MAX_ELEMENTS = 1_000_000;

  /// Of all elements.
  public static final int MAX_ALL_ATTRIBUTES = 4_000_000;

  /// The element with the most attributes, `lrm_rsc_op`, has about 25.
  public static final int MAX_ATTRIBUTES = 100;

  /// Characters of one attribute. The longest ones known are output of agents (`exit-reason`) and
  /// lists of hosts.
  public static final int MAX_VALUE = 1 << 20;

  /// Characters of a name.
  public static final int MAX_NAME = 256;

  private final String file;
  private final XMLStreamReader xml;
  private final Deque<Element> open = new ArrayDeque<>();
  private @Nullable Element root;
  private int elements;
  private int allAttributes;

  private CibReader(String file, XMLStreamReader xml) {
    this.file = file;
    this.xml = xml;
  }

  /// The root element, `cib`, with old names of elements, attributes and options as today's.
  ///
  /// @param file name of the input, for errors
  /// @throws CibException if it is no XML, is too large or too deep, or is no CIB
  public static Element read(String file, String xml) {
    limit(file, xml.length());
    Element cib;
    try {
      cib = new CibReader(file, parser(xml)).document();
    } catch (XMLStreamException e) {
      throw noXml(file, e);
    }
    CibChecks.check(file, cib);
    CibUpgrade.upgrade(cib);
    return cib;
  }

  /// As [#read(String, String)], in the encoding that the XML says it has.
  public static Element read(String file, byte[] xml) {
    limit(file, xml.length);
    return read(file, XmlText.decode(file, xml));
  }

  private static XMLStreamReader parser(String xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    // The parser's own limits end what this class only sees when it is read; they come second.
    factory.setProperty("jdk.xml.elementAttributeLimit", Integer.toString(10 * MAX_ATTRIBUTES));
    factory.setProperty("jdk.xml.maxXMLNameLimit", Integer.toString(MAX_NAME));
    factory.setProperty("jdk.xml.maxElementDepth", Integer.toString(2 * MAX_DEPTH));
    return factory.createXMLStreamReader(new StringReader(xml));
  }

  private static void limit(String file, int length) {
    if (length > MAX_BYTES) {
      throw new CibException(
          file,
          0,
          0,
          "is larger than " + (MAX_BYTES >> 20) + " MiB; that is no CIB that can be planned with");
    }
    if (length == 0) {
      throw new CibException(file, 0, 0, "is empty; a CIB begins with <cib");
    }
  }

  private Element document() throws XMLStreamException {
    Location start = xml.getLocation();
    boolean afterText = false;
    while (xml.hasNext()) {
      int line = start.getLineNumber();
      // Where text ends, the parser has read the < that follows.
      int column = start.getColumnNumber() - (afterText ? 1 : 0);
      int event = xml.next();
      switch (event) {
        case XMLStreamConstants.START_ELEMENT -> start(line, column);
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.DTD ->
            throw new CibException(
                file, 0, 0, "has a document type (<!DOCTYPE …>); a CIB has none: remove it");
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw new CibException(
                file,
                line,
                column,
                "entity &" + xml.getLocalName() + "; is not known; a CIB has only XML's own");
        default -> {
          // Text, comments and processing instructions mean nothing in a CIB.
        }
      }
      start = xml.getLocation();
      afterText = event == XMLStreamConstants.CHARACTERS;
    }
    if (root == null) {
      throw new CibException(file, 0, 0, "has no element; a CIB begins with <cib");
    }
    return root;
  }

  private void start(int line, int column) {
    Element parent = open.peek();
    // Space before the first element is no event: where that element ends is the closest there is.
    Element element =
        parent == null
            ? new Element(xml.getLocalName(), xml.getLocation().getLineNumber())
            : new Element(xml.getLocalName(), line, column);
    attributes(element);
    if (++elements > MAX_ELEMENTS) {
      throw CibException.at(file, element, "the CIB has more than " + MAX_ELEMENTS + " elements");
    }
    if (open.size() >= MAX_DEPTH) {
      throw CibException.at(
          file, element, "stands in more than " + MAX_DEPTH + " elements; no CIB is that deep");
    }
    if (parent != null) {
      parent.add(element);
    } else if (element.is("cib")) {
      root = element;
    } else {
      throw CibException.at(file, element, "is no CIB; its first element has to be <cib>");
    }
    open.push(element);
  }

  private void attributes(Element element) {
    int count = xml.getAttributeCount();
    for (int i = 0; i < Math.min(count, MAX_ATTRIBUTES); i++) {
      element.set(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
    }
    allAttributes += count;
    if (allAttributes > MAX_ALL_ATTRIBUTES) {
      throw CibException.at(
          file, element, "the CIB has more than " + MAX_ALL_ATTRIBUTES + " attributes");
    }
    if (count > MAX_ATTRIBUTES) {
      throw CibException.at(file, element, "has more than " + MAX_ATTRIBUTES + " attributes");
    }
    element
        .attributes()
        .forEach(
            (name, value) -> {
              if (value.length() > MAX_VALUE) {
                throw CibException.at(
                    file,
                    element,
                    "attribute " + name + " is longer than " + MAX_VALUE + " characters");
              }
            });
  }

  /// The parser's own sentence without its repeated position, in one line.
  private static CibException noXml(String file, XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    int sentence = message.indexOf("Message: ");
    String what = sentence < 0 ? message : message.substring(sentence + "Message: ".length());
    what = what.replaceFirst("^JAXP\\d+: ", "");
    Location where = e.getLocation();
    int line = where == null ? 0 : Math.max(0, where.getLineNumber());
    int column = where == null ? 0 : Math.max(0, where.getColumnNumber());
    return new CibException(
        file, line, column, "is no well-formed XML: " + what.strip().replaceAll("\\s+", " "));
  }
}
