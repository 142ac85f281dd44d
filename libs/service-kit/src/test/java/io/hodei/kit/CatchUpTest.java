package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CatchUpTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void tellsHowFarItIsAndWhatIsLeft() {
    CatchUp catchUp = new CatchUp(5 * SECOND);
    catchUp.at(0, 1000, 6 * SECOND);
    assertEquals("0 of 1000 (0 %)", catchUp.words());
    catchUp.at(200, 1000, 9 * SECOND);
    assertEquals("200 of 1000 (20 %), about 16 s left", catchUp.words());
    assertEquals(50, catchUp.rate());
  }

  @Test
  void isDueOnceASecond() {
    CatchUp catchUp = new CatchUp(0);
    assertFalse(catchUp.isDue(SECOND - 1));
    assertTrue(catchUp.isDue(SECOND));
    assertFalse(catchUp.isDue(SECOND + 1));
  }
}
