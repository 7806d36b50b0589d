package io.trivet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.daemon.control.OperatorRequests.ClusterFileCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `trivet cluster apply` is told before anything is written down.
class ClusterFilesTest {
  private static final String THREE = "c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13, c4: 10.77.0.14, c5: 10.77.0.15 | c4 is not in the running cluster; c5 is not in the running cluster
          c1: 10.77.0.11, c2: 10.77.0.12, c4: 10.77.0.13                                 | c4 is not in the running cluster; c3 is missing
          c1: 10.77.0.11, c2: 10.77.0.22, c3: 10.77.0.13                                 | c2 has the address 10.77.0.12, not 10.77.0.22
          c2: 10.77.0.12, c1: 10.77.0.11, c3: 10.77.0.13                                 | their order is c1, c2, c3
          """)
  void otherControllersAreRefusedWithWhatAndWhereAndWhatToDo(String controllers, String moved) {
    ClusterFileCheck check = check(text(controllers, ""));
    assertNull(check.command());
    assertEquals(
        "new.yaml: controllers: "
            + moved
            + ". Controllers cannot change in a running cluster in this version: write them as they"
            + " are. A broken machine is replaced by one of the same name and address",
        String.join("\n", check.problems()));
  }

  @Test
  void everythingElseMayChange() {
    assertNotNull(check(text(THREE, "cache: memcached\n")).command());
  }

  @Test
  void aMistakeIsToldWithTheNameOfTheFile() {
    ClusterFileCheck check = check(text(THREE, "cash: memcached\n"));
    assertNull(check.command());
    assertTrue(check.problems().getFirst().startsWith("new.yaml:4:1: "), check.toString());
  }

  private static ClusterFileCheck check(String text) {
    ClusterFile inForce =
        assertInstanceOf(
                Reading.Accepted.class, ClusterFileReader.read("cluster.yaml", text(THREE, "")))
            .file();
    return ClusterFiles.check("new.yaml", text, inForce);
  }

  private static String text(String controllers, String more) {
    return "trivet: 1\nname: lab\ncontrollers: { " + controllers + " }\n" + more;
  }
}
