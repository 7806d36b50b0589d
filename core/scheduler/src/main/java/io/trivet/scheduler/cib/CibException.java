package io.trivet.scheduler.cib;

/// Something that is no CIB, or one that cannot be planned with: an error of the operator's input.
public final class CibException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final int column;

  /// @param file name of the input as the user knows it
  /// @param line from 1; 0 where there is none
  /// @param column from 1; 0 where there is none
  /// @param what one sentence: what is wrong with which element, and what is allowed
  public CibException(String file, int line, int column, String what) {
    super(
        file
            + (line > 0 ? ":" + line : "")
            + (line > 0 && column > 0 ? ":" + column : "")
            + ": "
            + what);
    this.file = file;
    this.line = line;
    this.column = column;
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
}
