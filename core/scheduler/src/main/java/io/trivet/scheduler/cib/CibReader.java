package io.trivet.scheduler.cib;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
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

  /// Two million elements of a few attributes fit in 512 MiB.
  public static final int MAX_ELEMENTS = 1_000_000;

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
    return read(file, factory -> factory.createXMLStreamReader((Reader) new StringReader(xml)));
  }

  /// As [#read(String, String)], in the encoding that the XML says it has.
  public static Element read(String file, byte[] xml) {
    limit(file, xml.length);
    refuseCompressed(file, xml);
    InputStream bytes = new ByteArrayInputStream(xml);
    return read(file, factory -> factory.createXMLStreamReader(bytes));
  }

  private interface Opening {
    XMLStreamReader open(XMLInputFactory factory) throws XMLStreamException;
  }

  private static Element read(String file, Opening opening) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setProperty("jdk.xml.elementAttributeLimit", Integer.toString(MAX_ATTRIBUTES));
    factory.setProperty("jdk.xml.maxXMLNameLimit", Integer.toString(MAX_NAME));
    factory.setProperty("jdk.xml.maxElementDepth", Integer.toString(MAX_DEPTH));
    Element cib;
    try {
      cib = new CibReader(file, opening.open(factory)).document();
    } catch (XMLStreamException e) {
      throw noXml(file, e);
    }
    CibChecks.check(file, cib);
    CibUpgrade.upgrade(cib);
    return cib;
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

  private static void refuseCompressed(String file, byte[] bytes) {
    String start = new String(bytes, 0, Math.min(3, bytes.length), StandardCharsets.ISO_8859_1);
    String tool =
        start.equals("BZh") ? "bunzip2" : start.startsWith("\u001f\u008b") ? "gunzip" : "";
    if (!tool.isEmpty()) {
      throw new CibException(
          file, 0, 0, "is compressed; uncompress it first: " + tool + " " + file);
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
                file,
                line,
                column,
                "has a document type (<!DOCTYPE …>); a CIB has none: remove it");
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
    Element element = new Element(xml.getLocalName(), line, column);
    if (++elements > MAX_ELEMENTS) {
      throw CibException.at(file, element, "the CIB has more than " + MAX_ELEMENTS + " elements");
    }
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String value = xml.getAttributeValue(i);
      if (value.length() > MAX_VALUE) {
        throw CibException.at(
            file,
            element,
            "attribute "
                + xml.getAttributeLocalName(i)
                + " is longer than "
                + MAX_VALUE
                + " characters");
      }
      element.set(xml.getAttributeLocalName(i), value);
    }
    Element parent = open.peek();
    if (parent == null) {
      if (!element.is("cib")) {
        throw CibException.at(file, element, "is no CIB; its first element has to be <cib>");
      }
      root = element;
    } else {
      parent.add(element);
    }
    open.push(element);
  }

  /// The parser's own sentence without its repeated position, in one line.
  private static CibException noXml(String file, XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    int sentence = message.indexOf("Message: ");
    String what = sentence < 0 ? message : message.substring(sentence + "Message: ".length());
    Location where = e.getLocation();
    int line = where == null ? 0 : Math.max(0, where.getLineNumber());
    int column = where == null ? 0 : Math.max(0, where.getColumnNumber());
    return new CibException(
        file, line, column, "is no well-formed XML: " + what.strip().replaceAll("\\s+", " "));
  }
}
