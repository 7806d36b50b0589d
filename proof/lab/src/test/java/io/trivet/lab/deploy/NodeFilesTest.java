package io.trivet.lab.deploy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.lab.host.LabException;
import org.junit.jupiter.api.Test;

class NodeFilesTest {
  @Test
  void theClusterFileHasNoMarkLeftToFillIn() throws LabException {
    String file = NodeFiles.clusterFile("standard");
    assertTrue(file.contains("\ntiming: standard\n"), file);
    assertFalse(file.contains("@"), file);
  }
}
