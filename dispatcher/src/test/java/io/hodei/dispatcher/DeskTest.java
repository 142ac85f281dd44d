package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.Codec;
import io.hodei.schemas.WorkerCommand;
import java.lang.invoke.MethodHandles;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeskTest {
  private final Desk desk = new Desk();

  /// It tells Avro which classes may be named by schemas.
  @BeforeAll
  static void trustTheSchemas() throws IllegalAccessException {
    MethodHandles.lookup().ensureInitialized(Codec.class);
  }

  private void offer(String job, long epoch, String tokenHash) {
    WorkerCommand command = WorkerCommand.newBuilder().setType("AssignJob").setCommandId("c").setAt(Instant.EPOCH).setWorkerId("w").setJobId(job)
        .setEpoch(epoch).setTokenHash(tokenHash).build();
    desk.fold(command);
  }

  private Desk.Post post() {
    Desk.Post post = desk.post("w");
    if (post == null) {
      throw new AssertionError("Expected a post of worker w");
    }
    return post;
  }

  @Test
  void theOfferBeforeIsRememberedWhenAnotherJobFollows() {
    offer("first", 1, "t");
    offer("second", 1, "t");
    assertTrue(post().offers("second", 1));
    assertTrue(post().hadBefore("first", 1));
  }

  /// Its creator died after it had drawn a token: the next one draws another. The end of this attempt is not decided yet.
  @Test
  void theSameAttemptWithAnotherTokenIsNoOtherOffer() {
    offer("job", 1, "token drawn first");
    offer("job", 1, "token drawn again");
    assertEquals("token drawn again", post().tokenHash());
    assertTrue(post().offers("job", 1));
    assertFalse(post().hadBefore("job", 1));
    offer("job", 2, "token drawn again");
    assertTrue(post().hadBefore("job", 1));
  }
}
