package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ContactTest {
  private static final Duration A_WHILE = Duration.ofMillis(400);
  private static final Duration LESS = Duration.ofMillis(300);

  private final Contact contact = new Contact(A_WHILE);

  @Test
  void silenceGrowsUntilKafkaIsHeard() {
    assertFalse(contact.isDue());
    LockSupport.parkNanos(A_WHILE.toNanos());
    assertTrue(contact.isDue());
    assertTrue(contact.silence().compareTo(A_WHILE) >= 0, contact.silence().toString());
    contact.heard();
    assertTrue(contact.silence().compareTo(LESS) < 0, contact.silence().toString());
    assertFalse(contact.isDue());
  }

  @Test
  void timeSpentOnSomethingElseIsNotKafkasSilence() {
    contact.leave();
    LockSupport.parkNanos(A_WHILE.toNanos());
    assertTrue(contact.silence().compareTo(LESS) < 0, contact.silence().toString());
    contact.back();
    assertTrue(contact.silence().compareTo(LESS) < 0, contact.silence().toString());
  }
}
