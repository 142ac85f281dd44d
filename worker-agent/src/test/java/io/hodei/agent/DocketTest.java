package io.hodei.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.gateway.v1.Assignment;
import org.junit.jupiter.api.Test;

class DocketTest {
  private final Docket docket = new Docket();

  @Test
  void eachAssignmentIsBegunOnceHoweverOftenItIsTold() {
    var first = assignment("a", 1);
    assertSame(first, docket.offered(first));
    assertNull(docket.offered(assignment("a", 1)));
    assertNull(docket.free());
    assertNull(docket.offered(assignment("a", 1)), "it is over");
  }

  @Test
  void anAssignmentWithoutANumberIsTheFirst() {
    var only = assignment("a", 0);
    assertSame(only, docket.offered(only));
    assertNull(docket.offered(assignment("a", 0)));
  }

  /// The answer to the report of the last end may be on its way when the next assignment comes.
  @Test
  void theNextWaitsForTheEndOfTheCurrent() {
    var next = assignment("b", 2);
    docket.offered(assignment("a", 1));
    assertNull(docket.offered(next));
    assertSame(next, docket.free());
    assertNull(docket.free());
  }

  @Test
  void aCancelMeansOneEpochOfOneJob() {
    assertFalse(docket.cancelled("a", 7), "nothing is there yet");
    var early = assignment("a", 1);
    assertSame(early, docket.offered(early));
    assertTrue(docket.isCancelled(early), "the cancel came before");
    assertFalse(docket.cancelled("a", 8));
    assertFalse(docket.cancelled("b", 7));
    assertTrue(docket.cancelled("a", 7));
  }

  @Test
  void nothingIsTakenOnceItIsClosed() {
    docket.offered(assignment("a", 1));
    docket.offered(assignment("b", 2));
    assertTrue(docket.close());
    assertFalse(docket.close(), "it was closed before");
    assertNull(docket.free(), "what waited");
    assertNull(docket.offered(assignment("c", 3)));
    assertTrue(docket.isClosed());
  }

  @Test
  void onlyAFailureIsKept() {
    var keeps = Assignment.newBuilder().setKeepOnFailure(true).build();
    assertEquals("Its attempt failed, and its pool keeps what such an attempt leaves.", Docket.unfitAfter(keeps, false));
    assertNull(Docket.unfitAfter(keeps, true));
    assertNull(Docket.unfitAfter(Assignment.getDefaultInstance(), false));
  }

  private static Assignment assignment(String job, int number) {
    return Assignment.newBuilder().setJobId(job).setEpoch(7).setNumber(number).build();
  }
}
