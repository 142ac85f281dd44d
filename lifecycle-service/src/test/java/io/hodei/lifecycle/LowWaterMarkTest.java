package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hodei.lifecycle.LowWaterMark.Position;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LowWaterMarkTest {
  private final LowWaterMark mark = new LowWaterMark();

  @Test
  void theOldestOpenCommandHoldsTheMark() {
    mark.opened(new Position(0, 10));
    mark.opened(new Position(0, 11));
    mark.opened(new Position(1, 5));
    mark.settled(new Position(0, 11));
    assertEquals(Map.of(0, 10L, 1, 5L), mark.committable());
    mark.settled(new Position(0, 10));
    mark.settled(new Position(1, 5));
    assertEquals(Map.of(0, 12L, 1, 6L), mark.committable());
  }

  @Test
  void markersThatNobodySeesArePassedOnlyWhenNothingIsOpen() {
    mark.opened(new Position(0, 10));
    mark.read(0, 14);
    assertEquals(Map.of(0, 10L), mark.committable());
    mark.settled(new Position(0, 10));
    assertEquals(Map.of(0, 14L), mark.committable());
  }
}
