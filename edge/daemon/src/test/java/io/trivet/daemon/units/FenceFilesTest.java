package io.trivet.daemon.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.UnitFence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The drop-in files on disk, by which units are known to be fenced before there is a cluster file.
class FenceFilesTest {
  @TempDir private Path systemd;

  private void write(String unit, String file, String text) throws IOException {
    Path folder = Files.createDirectories(systemd.resolve(unit + ".d"));
    Files.writeString(folder.resolve(file), text);
  }

  @Test
  void eachFencedUnitIsFoundByTheFileThatTheAgentWrites() throws IOException {
    write("cinder-volume.service", UnitFence.DROP_IN, UnitFence.dropIn("cinder-volume"));
    write("backup.service", UnitFence.DROP_IN, UnitFence.dropIn("nightly"));
    assertEquals(
        Map.of("cinder-volume", "cinder-volume.service", "nightly", "backup.service"),
        new FenceFiles(systemd).all());
  }

  @Test
  void otherFilesOfOtherUnitsMeanNothing() throws IOException {
    write("ssh.service", "override.conf", "[Service]\nSlice=trivet-ssh.slice\n");
    write("cut.service", UnitFence.DROP_IN, "[Unit]\n");
    write("a.socket", UnitFence.DROP_IN, UnitFence.dropIn("a"));
    Files.writeString(systemd.resolve("plain.service"), UnitFence.dropIn("plain"));
    assertEquals(Map.of(), new FenceFiles(systemd).all());
    assertEquals(Map.of(), new FenceFiles(systemd.resolve("nothing")).all());
  }

  @Test
  void aFileIsRemovedOnceAndTheFolderOfTheAdministratorStays() throws IOException {
    write("a.service", UnitFence.DROP_IN, UnitFence.dropIn("a"));
    write("a.service", "override.conf", "[Service]\n");
    FenceFiles files = new FenceFiles(systemd);
    files.remove("a.service");
    files.remove("a.service");
    assertEquals(Map.of(), files.all());
    assertTrue(Files.exists(systemd.resolve("a.service.d/override.conf")));
    assertFalse(Files.exists(systemd.resolve("a.service.d").resolve(UnitFence.DROP_IN)));
  }
}
