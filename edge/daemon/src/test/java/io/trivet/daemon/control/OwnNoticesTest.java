package io.trivet.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Proposal;
import io.trivet.daemon.control.OwnNotices.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The timeline is in the order of the log, whatever the clocks said.
final class OwnNoticesTest {
  private ClusterState state = ClusterState.empty();
  private final OwnNotices own = new OwnNotices();

  @Test
  void aClockThatWasSetBackOrForwardDoesNotReorderAnything() {
    agreed("one", 5_000_000);
    agreed("two", 1_000);
    own("disk", 9_000_000);
    agreed("three", 500);
    own("quorum", 1);
    assertEquals(List.of("one", "two", "disk", "three", "quorum"), told(Mark.BEGINNING));
  }

  @Test
  void whatWasSaidBeforeTheDiskWasReadComesAfterWhatItKnew() {
    own("disk", 1);
    agreed("one", 2);
    agreed("two", 3);
    assertEquals(List.of("one", "two", "disk"), told(Mark.BEGINNING));
    agreed("three", 4);
    assertEquals(List.of("one", "two", "disk", "three"), told(Mark.BEGINNING));
  }

  @Test
  void aFollowerIsToldEachOnceInOrder() {
    agreed("one", 1);
    own("disk", 1);
    Mark mark = own.after(Mark.BEGINNING, state).end();
    assertEquals(List.of(), own.after(mark, state).notices());
    own("again", 1);
    agreed("two", 1);
    assertEquals(List.of("again", "two"), told(mark));
  }

  @Test
  void onlyTheLastAreKept() {
    agreed("one", 1);
    for (int i = 0; i < 3 * OwnNotices.KEPT; i++) {
      own("own" + i, i);
    }
    List<String> told = told(Mark.BEGINNING);
    assertEquals(OwnNotices.KEPT + 1, told.size());
    assertEquals("own" + (3 * OwnNotices.KEPT - 1), told.getLast());
    for (int i = 0; i < 2 * ClusterState.TIMELINE_LENGTH; i++) {
      agreed("n" + i, i);
    }
    assertEquals(ClusterState.TIMELINE_LENGTH + OwnNotices.KEPT, told(Mark.BEGINNING).size());
  }

  private List<String> told(Mark mark) {
    return own.after(mark, state).notices().stream().map(Notice::id).toList();
  }

  private void own(String id, long atMillis) {
    own.add(Notice.info(id, "c1", "c1", "text").stamped(atMillis), state);
  }

  private void agreed(String id, long atMillis) {
    Notice notice = Notice.info(id, null, "x", "text").stamped(atMillis);
    Proposal proposal = Proposal.of(atMillis, "c1", new Command.Say(notice));
    state = state.apply(state.index() + 1, proposal).state();
  }
}
