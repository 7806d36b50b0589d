package io.trivet.scheduler.cib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read, and how what cannot be read is refused: in one sentence with file, line and
/// column.
class CibReaderTest {
  private static final String SMALL =
      """
      <?xml version="1.0"?>
      <cib validate-with="pacemaker-3.9">
        <configuration>
          <!-- resources -->
          <resources>
            <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2"/>
          </resources>
        </configuration>
      </cib>
      """;

  private static String refusal(String xml) {
    return assertThrows(CibException.class, () -> CibReader.read("c.xml", xml)).getMessage();
  }

  private static String refusal(byte[] xml) {
    return assertThrows(CibException.class, () -> CibReader.read("c.xml", xml)).getMessage();
  }

  private static String cib(String resources) {
    return "<cib><configuration><resources>\n" + resources + "\n</resources></configuration></cib>";
  }

  private static Element resources(String xml) {
    Element configuration = CibReader.read("c.xml", xml).child("configuration");
    assertTrue(configuration != null);
    Element resources = configuration.child("resources");
    assertTrue(resources != null);
    return resources;
  }

  @Test
  void knowsWhereEachElementStands() {
    Element resources = resources(SMALL);
    assertEquals(5, resources.line());
    assertEquals(5, resources.column());
    Element vip = resources.children().getFirst();
    assertEquals("<primitive id=vip>", vip.toString());
    assertEquals(6, vip.line());
    assertEquals(7, vip.column());
    assertEquals("IPaddr2", vip.get("type"));
  }

  @Test
  void tagsOverSeveralLinesStandWhereTheyBegin() {
    Element resources =
        resources(cib("  <primitive\n   id=\"a\"\n   class=\"ocf\"/><primitive id=\"b\"/>"));
    assertEquals(2, resources.children().get(0).line());
    assertEquals(3, resources.children().get(0).column());
    assertEquals(4, resources.children().get(1).line());
    assertEquals(17, resources.children().get(1).column());
  }

  @Test
  void writesWhatItReads() {
    Element cib =
        CibReader.read("c.xml", cib("<primitive id=\"a\" description=\"&lt;&#10;&quot;ü&amp;\"/>"));
    String written = CibWriter.write(cib);
    assertTrue(written.contains("description=\"&lt;&#10;&quot;ü&amp;\""), written);
    assertEquals(written, CibWriter.write(CibReader.read("c.xml", written)));
  }

  @Test
  void readsTheEncodingThatTheFileHas() {
    String xml = cib("<primitive id=\"größe\"/>");
    byte[] latin =
        ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + xml)
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] utf16 = ("\ufeff" + xml).getBytes(StandardCharsets.UTF_16LE);
    for (byte[] bytes : new byte[][] {latin, utf16, xml.getBytes(StandardCharsets.UTF_8)}) {
      Element configuration = CibReader.read("c.xml", bytes).child("configuration");
      assertTrue(configuration != null);
      assertEquals("größe", configuration.children().getFirst().children().getFirst().id());
    }
  }

  @Test
  void refusesBytesThatAreNotInTheirEncoding() {
    byte[] bytes = cib("<primitive id=\"größe\"/>").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(
        "c.xml:2:18: byte 0xF6 is none of UTF-8; say the encoding in the first line, <?xml"
            + " version=\"1.0\" encoding=\"…\"?>",
        refusal(bytes));
    byte[] unknown =
        "<?xml version=\"1.0\" encoding=\"klingon\"?><cib/>".getBytes(StandardCharsets.UTF_8);
    assertEquals("c.xml:1:1: encoding klingon is not known; write it in UTF-8", refusal(unknown));
  }

  @Test
  void refusesDocumentTypes() {
    String bomb =
        """
        <?xml version="1.0"?>
        <!DOCTYPE cib [
          <!ENTITY a "aaaaaaaaaa">
          <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
        ]>
        <cib><configuration description="&b;"/></cib>
        """;
    assertEquals(
        "c.xml: has a document type (<!DOCTYPE …>); a CIB has none: remove it", refusal(bomb));
    assertTrue(
        refusal("<!DOCTYPE cib SYSTEM \"file:///etc/passwd\"><cib/>").contains("document type"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<cib><configuration description=\"&b;\"/></cib>",
        "<cib><configuration>&b;</configuration></cib>",
        "<cib><configuration>",
        "<cib><configuration></cib>",
        "<cib a=\"1\" a=\"2\"/>",
        "<cib a=\"1",
        "<cib a=1/>",
        "<cib/><cib/>",
        "<cib>\u0000</cib>",
        "<cib a=\"\u0001\"/>",
        "cib",
        "{\"cib\": 1}",
        "\n\n<?xml version=\"1.0\"?><cib/>"
      })
  void refusesWhatIsNoXml(String xml) {
    String message = refusal(xml);
    assertTrue(message.matches("c\\.xml:\\d+:\\d+: [^\\n]+"), message);
  }

  @Test
  void refusesWhatIsNoCib() {
    assertEquals("c.xml: is empty; a CIB begins with <cib", refusal(""));
    assertEquals(
        "c.xml:1: <html>: is no CIB; its first element has to be <cib>", refusal("<html/>"));
    assertEquals(
        "c.xml:1: <cib>: has no <configuration>; there is nothing to plan", refusal("<cib/>"));
  }

  @Test
  void refusesCompressedFilesWithTheCommandToType() {
    assertEquals(
        "c.xml: is compressed; uncompress it first: bunzip2 c.xml",
        refusal("BZh91AY".getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(
        "c.xml: is compressed; uncompress it first: gunzip c.xml",
        refusal(new byte[] {0x1f, (byte) 0x8b, 8, 0}));
  }

  @Test
  void refusesDepth() {
    String message = refusal("<cib><configuration>" + "<group id=\"g\">".repeat(100_000));
    assertTrue(
        message.matches("c\\.xml:1:\\d+: <group id=g>: stands in more than 64 elements.*"),
        message);
  }

  @Test
  void refusesTooMuch() {
    StringBuilder attributes = new StringBuilder("<primitive id=\"a\"");
    for (int i = 0; i < 200; i++) {
      attributes.append(" a").append(i).append("=\"1\"");
    }
    assertTrue(
        refusal(cib(attributes + "/>")).contains("has more than 100 attributes"),
        refusal(cib(attributes + "/>")));
    String value =
        cib("<primitive id=\"a\" description=\"" + "x".repeat(CibReader.MAX_VALUE + 1) + "\"/>");
    assertEquals(
        "c.xml:2:1: <primitive id=a>: attribute description is longer than 1048576 characters",
        refusal(value));
    String name = refusal(cib("<" + "x".repeat(100_000) + "/>"));
    assertTrue(name.startsWith("c.xml:2:") && name.length() < 1_000, name);
    String elements = refusal(cib("<a/>".repeat(CibReader.MAX_ELEMENTS)));
    assertTrue(elements.endsWith("the CIB has more than 1000000 elements"), elements);
    assertTrue(
        refusal(" ".repeat(CibReader.MAX_BYTES + 1)).startsWith("c.xml: is larger than 64 MiB"));
  }

  @Test
  void idsAreUnique() {
    assertEquals(
        "c.xml:3:1: <group id=a>: the id is in use already by the <primitive> in line 2; ids are unique",
        refusal(cib("<primitive id=\"a\"/>\n<group id=\"a\"/>")));
    assertEquals(
        "c.xml:2:1: <primitive>: has no id; give it one that is unique",
        refusal(cib("<primitive class=\"ocf\"/>")));
  }

  @Test
  void aRemoteNodeHasTheIdOfItsResource() {
    String xml =
        "<cib><configuration><nodes><node id=\"r\" uname=\"r\"/></nodes><resources><primitive"
            + " id=\"r\"/></resources></configuration></cib>";
    assertEquals("r", resources(xml).children().getFirst().id());
  }

  @Test
  void referencesLeadToOneOfTheirKind() {
    assertEquals(
        "c.xml:2:20: <meta_attributes>: id-ref=\"x\" names no <meta_attributes> of this CIB",
        refusal(cib("<primitive id=\"a\" ><meta_attributes id-ref=\"x\"/></primitive>")));
    String chain = cib("<primitive id=\"a\"><operations id=\"o\" id-ref=\"o\"/></primitive>");
    assertTrue(refusal(chain).endsWith("names what is itself a reference"), refusal(chain));
  }
}
