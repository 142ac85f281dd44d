package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CursorSealTest {
  private static final Cursor PLACE = new Cursor(1_795_262_400_123L, "job-ä");

  private final String text = Given.SEAL.text(PLACE, list("state", "RUNNING"));

  @Test
  void survivesARestartAndIsGoodForTheSameConditionsInAnyOrder() {
    assertEquals(PLACE, new CursorSeal("here").parse(text, list("state", "RUNNING")));
    JobFilter one = JobFilter.of(Query.of(Map.of("state", List.of("FAILED", "TIMEOUT"), "label", List.of("a=1", "b=2")), JobFilter.PARAMETERS));
    JobFilter same = JobFilter.of(Query.of(Map.of("state", List.of("TIMEOUT", "FAILED", "FAILED"), "label", List.of("b=2", "a=1")), JobFilter.PARAMETERS));
    assertEquals(PLACE, Given.SEAL.parse(Given.SEAL.text(PLACE, one.list()), same.list()));
  }

  @Test
  void isRefusedWithOtherConditionsAndAtAnotherList() {
    for (String other : List.of(list("state", "FAILED"), list("pool", "RUNNING"), "jobs", "workers", "dead-letters")) {
      assertTrue(refusal(Given.SEAL, text, other).contains("with the conditions of the page"), other);
    }
  }

  @Test
  void isRefusedWhenItIsForgedOrOfAnotherInstallation() {
    assertTrue(refusal(new CursorSeal("there"), text, list("state", "RUNNING")).contains("of this installation"));
    for (int i = 0; i < text.length() - 1; i++) {
      String forged = text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
      assertTrue(refusal(Given.SEAL, forged, list("state", "RUNNING")).contains("of this installation"), forged);
    }
    for (String foreign : List.of("x", "!!", "MTIz", "", "A".repeat(10_000))) {
      assertTrue(refusal(Given.SEAL, foreign, "jobs").length() < 300, foreign);
    }
  }

  private static String refusal(CursorSeal seal, String text, String list) {
    var problem = QueryTest.refusal(() -> seal.parse(text, list));
    assertEquals(400, problem.status());
    return String.valueOf(problem.detail());
  }

  private static String list(String name, String value) {
    return JobFilter.of(Query.of(Map.of(name, List.of(value)), JobFilter.PARAMETERS)).list();
  }
}
