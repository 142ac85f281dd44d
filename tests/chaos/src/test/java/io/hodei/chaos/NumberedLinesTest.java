package io.hodei.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hodei.testkit.JobLog;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberedLinesTest {
  @Test
  void linesAreNumbersAndPiecesAreOneLine() throws Exception {
    assertEquals(new JobLog("j", List.of(1, 20, 3, -1), true), NumberedLines.read("j", """
        {"seq":1,"stream":"stdout","text":"line 1"}
        {"seq":2,"stream":"stdout","text":"li","partial":true}
        {"seq":3,"stream":"stdout","text":"ne 2","partial":true}
        {"seq":4,"stream":"stdout","text":"0"}
        {"seq":5,"stream":"stdout","text":"line 3"}
        {"seq":6,"stream":"stdout","text":"something else"}
        {"end":true,"lines":6,"complete":true,"missing":[]}
        """));
  }

  @Test
  void aLogThatWasCutIsNotComplete() throws Exception {
    assertEquals(new JobLog("j", List.of(1, -1), false), NumberedLines.read("j", "{\"text\":\"line 1\"}\n{\"text\":\"lin\",\"partial\":true}\n"));
  }
}
