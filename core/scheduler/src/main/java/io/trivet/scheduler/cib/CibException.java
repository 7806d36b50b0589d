package io.trivet.scheduler.cib;

/// Something that is no CIB, or one that cannot be planned with: an error of the operator's input.
public final class CibException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final int column;
  private final String what;

  /// @param file name of the input as the user knows it; empty where it is not known here
  /// @param line from 1; 0 where there is none
  /// @param column from 1; 0 where there is none
  /// @param what one sentence: what is wrong with which element, and what is allowed
  public CibException(String file, int line, int column, String what) {
    super(place(file, line, column) + what);
    this.file = file;
    this.line = line;
    this.column = column;
    this.what = what;
  }

  /// An error of that element: the message begins with its name and id.
  public static CibException at(String file, Element element, String what) {
    return new CibException(file, element.line(), element.column(), element + ": " + what);
  }

  /// As [#at(String, Element, String)] where the file is not known; see [#in(String)].
  public static CibException at(Element element, String what) {
    return at("", element, what);
  }

  /// The same error, with the file's name where there was none.
  public CibException in(String name) {
    return file.isEmpty() ? new CibException(name, line, column, what) : this;
  }

  private static String place(String file, int line, int column) {
    String position = line > 0 ? (column > 0 ? line + ":" + column : Integer.toString(line)) : "";
    String place = file.isEmpty() || position.isEmpty() ? file + position : file + ":" + position;
    return place.isEmpty() ? "" : place + ": ";
  }

  public String file() {
    return file;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }

  /// The message without file, line and column.
  public String what() {
    return what;
  }
}
