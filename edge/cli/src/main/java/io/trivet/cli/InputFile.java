package io.trivet.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads a file that was named on the command line.
final class InputFile {
  private InputFile() {}

  /// @param mostBytes what is larger is not read at all
  /// @param kind what it should be, such as `cluster file`
  /// @throws Refused if it cannot be read: what to do is said
  static byte[] read(Path file, long mostBytes, String kind) throws Refused {
    try {
      if (Files.isDirectory(file)) {
        throw new Refused(file + " is a directory", "name a " + kind, 2);
      }
      if (Files.size(file) > mostBytes) {
        throw new Refused(
            file + " has " + Files.size(file) + " bytes; this is no " + kind, "name a " + kind, 2);
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new Refused(
          "there is no file " + file,
          "look for it: ls -l " + (file.getParent() == null ? "." : file.getParent()),
          2);
    } catch (AccessDeniedException e) {
      throw new Refused("you may not read " + file, "use sudo, or change the file's mode", 2);
    } catch (IOException e) {
      throw new Refused(file + " cannot be read: " + e.getMessage(), "", 2);
    }
  }
}
