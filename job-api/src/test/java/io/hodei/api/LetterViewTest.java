package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LetterViewTest {
  private final LetterView view = new LetterView(Duration.ofDays(30), 3);

  @Test
  void theNewestAreKeptAndOlderOnesAreToldOf() {
    for (int i = 0; i < 3; i++) {
      put(i, "t-0-" + i, i);
    }
    assertFalse(view.page(null, 10, letter -> true).olderOmitted());
    put(3, "t-0-3", 3);
    LetterView.Page page = view.page(null, 10, letter -> true);
    assertEquals(List.of("t-0-3", "t-0-2", "t-0-1"), page.letters().stream().map(Letter::id).toList());
    assertTrue(page.olderOmitted());
    assertNull(view.find("t-0-0"));
  }

  @Test
  void aLetterThatIsWrittenAgainIsOneLetterAndTheNewest() {
    put(0, "t-0-0", 0);
    put(1, "t-0-1", 1);
    put(2, "t-0-0", 2);
    assertEquals(List.of("t-0-0", "t-0-1"), view.page(null, 10, letter -> true).letters().stream().map(Letter::id).toList());
    assertEquals(2, view.find("t-0-0").place());
  }

  @Test
  void whatIsWithdrawnStaysAwayUntilItIsWrittenAfterItsTombstone() {
    put(0, "t-0-0", 0);
    view.withdrawn("t-0-0", 7);
    assertNull(view.find("t-0-0"));
    put(5, "t-0-0", 5);
    assertNull(view.find("t-0-0"), "written before the tombstone, read after it was acknowledged");
    view.handle(new ConsumerRecord<>("hodei.dead-letters", 0, 7, "t-0-0", null));
    assertNull(view.find("t-0-0"));
    put(9, "t-0-0", 9);
    assertNotNull(view.find("t-0-0"));
    view.withdrawn("t-0-0", 8);
    put(10, "t-0-0", 10);
    assertNotNull(view.find("t-0-0"));
  }

  @Test
  void whatIsOlderThanTheTopicKeepsIsForgotten() {
    put(0, "t-0-0", Given.NOON.minus(Duration.ofDays(31)).toEpochMilli());
    put(1, "t-0-1", Given.NOON.minus(Duration.ofDays(29)).toEpochMilli());
    view.sweep(Given.NOON);
    assertNull(view.find("t-0-0"));
    assertNotNull(view.find("t-0-1"));
  }

  private void put(long offset, String id, long at) {
    view.handle(new ConsumerRecord<>("hodei.dead-letters", 0, offset, at, TimestampType.CREATE_TIME, 0, 1, id, new byte[1], new RecordHeaders(),
        Optional.empty()));
  }
}
