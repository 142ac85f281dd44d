package io.hodei.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.arch.ProofMarks.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Marks are found as people write them.
class ProofMarksTest {
  /// The word is put together, so that this file's examples are not taken for marks.
  private static final String WORD = "// pro" + "ves: ";
  private static final String NOTE = "@Pro" + "ves(";

  private static List<String> read(String text) {
    return ProofMarks.of(text, "f", "SomeTest").stream().map(mark -> mark.row() + " " + mark.test()).toList();
  }

  @Test
  void aLineBeforeAClassOrAMethodIsAMark() {
    assertEquals(List.of("promise:1 SomeTest", "lie:2 SomeTest.works", "seed:job-transitions SomeTest.works"), read("""
        /// About it.
        %spromise:1
        class SomeTest {
          %slie:2, seed:job-transitions
          @Test
          void works() throws Exception {
        """.formatted(WORD, WORD)));
  }

  @Test
  void anAnnotationOverSeveralLinesIsAMark() {
    assertEquals(List.of("promise:1 SomeTest.works", "contract:metric-* SomeTest.works"), read("""
        class SomeTest {
          @Test
          %s{"promise:1",
              "contract:metric-*"})
          void works() {
        """.formatted(NOTE)));
  }

  @Test
  void aStarStandsForAllThatBeginSo() {
    assertTrue(new Mark("contract:metric-*", "t", "f").proves("contract:metric-workers"));
    assertFalse(new Mark("contract:metric-*", "t", "f").proves("contract:up"));
    assertFalse(new Mark("promise:1", "t", "f").proves("promise:10"));
  }
}
