package io.trivet.scheduler.cib;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// From the bytes of an XML file to its text, in the encoding that it begins with or says it has;
/// UTF-8 where it says nothing. Bytes that are none in that encoding are refused.
final class XmlText {
  private static final Pattern DECLARED =
      Pattern.compile("<\\?xml\\s[^>]{0,100}?encoding\\s*=\\s*[\"']([^\"'>]{1,40})[\"']");

  private XmlText() {}

  /// @throws CibException with line and column of the first byte that does not fit
  static String decode(String file, byte[] bytes) {
    refuseCompressed(file, bytes);
    Charset charset = charset(file, bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      int column = text.length() - text.lastIndexOf('\n');
      throw new CibException(
          file,
          line,
          column,
          String.format(
              Locale.ROOT,
              "byte 0x%02X is none of %s; say the encoding in the first line, <?xml version=\"1.0\" encoding=\"…\"?>",
              bytes[in.position()],
              charset));
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static Charset charset(String file, byte[] bytes) {
    String start = new String(bytes, 0, Math.min(200, bytes.length), StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u00fe\u00ff") || start.startsWith("\u0000<")) {
      return StandardCharsets.UTF_16BE;
    }
    if (start.startsWith("\u00ff\u00fe") || start.startsWith("<\u0000")) {
      return StandardCharsets.UTF_16LE;
    }
    Matcher declared = DECLARED.matcher(start);
    if (!declared.find()) {
      return StandardCharsets.UTF_8;
    }
    String name = declared.group(1);
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new CibException(file, 1, 1, "encoding " + name + " is not known; write it in UTF-8");
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
}
